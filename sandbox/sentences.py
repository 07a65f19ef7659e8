"""What simulated patients write: invented sentences, warm, banal and complaining, in two languages."""

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
        ),
        "complaint": (
            "I said in March that the evening dose makes me dizzy and nobody has come back to me about it.",
            "Last time I was cut off after five minutes and we only talked about the form.",
            "I do not see what the exercises are for. It feels like homework for its own sake.",
            "Honestly, I left the last visit feeling told off.",
            "We keep talking about going back to work and I never said that I wanted that.",
            "I read about the side effects on my own because my question was waved away.",
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
        ),
        "complaint": (
            "Dije que la dosis de la noche me marea y nadie me ha contestado.",
            "La última vez solo hablamos del formulario y salí con la sensación de estorbar.",
            "No entiendo para qué sirven los ejercicios, y cuando pregunto se cambia de tema.",
        ),
        "direct": ("Me quiero morir y no sé a quién decírselo.",),
        "indirect": ("Todos estarían mejor sin mí.",),
    }
)

SENTENCES: Mapping[str, Sentences] = MappingProxyType({"en": _ENGLISH, "es": _SPANISH})
