"""What simulated patients write: invented sentences, warm, banal, complaining and appeasing, in two languages."""

from collections.abc import Mapping
from types import MappingProxyType

Sentences = Mapping[str, tuple[str, ...]]

_ENGLISH: Sentences = MappingProxyType(
    {
        "warm": (
            "Last visit helped more than I expected.",
            "I did the breathing exercise twice this week and it worked.",
            "Please say thanks for staying late on Tuesday.",
            "It is good to know that somebody remembers what I said.",
            "We found the right pace now, I think.",
            "My sister says I sound lighter on the phone.",
            "For the first time the plan feels like my plan.",
        ),
        "banal": (
            "Busy week, answering from the train.",
            "Nothing new, same as on Thursday.",
            "The appointment on the 14th still stands, right?",
            "All quiet here. The cat is fine too.",
            "Slept late on Sunday, otherwise as usual.",
            "I changed my phone, sorry for the delay.",
            "Rain all week; walked only twice.",
            "Forgot my diary at home, will bring it next time.",
            "My boss never listens to me, but that is nothing new.",
            "Whatever the weather, I go for my walk.",
            "The bus company wastes my time every single morning.",
        ),
        "complaint": (
            "I said in March that the evening dose makes me dizzy and nobody has come back to me about it.",
            "Last time I was cut off after five minutes and we only talked about the form.",
            "I do not see what the exercises are for. It feels like homework for its own sake.",
            "Honestly, I left the last visit feeling told off.",
            "We keep talking about going back to work and I never said that I wanted that.",
            "I read about the side effects on my own because my question was waved away.",
            "You never listen to me when I talk about the tablets.",
            "I do not feel understood. You had made up your mind before I sat down.",
            "These exercises do nothing for me and nobody asks.",
            "After all these weeks I see no progress at all.",
        ),
        "appeasing": (
            "Whatever you think is best.",
            "Sorry for moaning last time. It is nothing, really.",
            "You know best.",
            "I know you are very busy, so I did not call.",
            "Fine, I guess.",
            "It is probably just me.",
            "ok",
        ),
        "direct": ("I want to die and I don't know whom to tell.",),
        "indirect": ("Everyone would be better off without me.",),
    }
)

_SPANISH: Sentences = MappingProxyType(
    {
        "warm": (
            "La última visita me ayudó más de lo que esperaba.",
            "Hice el ejercicio de respiración dos veces y me sentó bien.",
            "Dele las gracias por quedarse un rato más el martes.",
            "Por primera vez el plan me parece mío.",
        ),
        "banal": (
            "Semana de mucho trabajo, respondo desde el autobús.",
            "Sin novedades, como el jueves.",
            "¿Sigue en pie la cita del día 14?",
            "Todo tranquilo por aquí. He salido a andar dos tardes.",
            "Cambié de teléfono, perdone el retraso.",
            "Mi jefe nunca me escucha, pero eso no es nuevo.",
            "El autobús me hace perder el tiempo cada mañana.",
        ),
        "complaint": (
            "Dije que la dosis de la noche me marea y nadie me ha contestado.",
            "La última vez solo hablamos del formulario y salí con la sensación de estorbar.",
            "No entiendo para qué sirven los ejercicios, y cuando pregunto se cambia de tema.",
            "Usted nunca me escucha cuando hablo de las pastillas.",
            "No me siento comprendida. Ya lo tenía decidido antes de que yo me sentara.",
            "Después de tantas semanas no veo ningún avance.",
        ),
        "appeasing": (
            "Lo que usted diga.",
            "Perdón por quejarme la otra vez. No es nada.",
            "Usted sabe mejor.",
            "Sé que están muy ocupados, por eso no llamé.",
            "Bien, supongo.",
            "Serán cosas mías.",
            "vale",
        ),
        "direct": ("Me quiero morir y no sé a quién decírselo.",),
        "indirect": ("Todos estarían mejor sin mí.",),
    }
)

SENTENCES: Mapping[str, Sentences] = MappingProxyType({"en": _ENGLISH, "es": _SPANISH})
