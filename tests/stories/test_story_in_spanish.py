"""Luz lives in Mexico City and speaks Spanish; everything she reads is in her language, the worst day included.

Dr Cole, who reads English, gets the page in English. What can go wrong: one sentence of twenty stays English; the
phrases of a crisis are known in one language only.
"""

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from tests.stories.ward import Ward, ever, madrid, texts

ENGLISH = (" the ", " you ", "Check-in", "clinic ", "Thank")


async def test_a_whole_check_in_in_spanish(clinic: Ward) -> None:
    luz = await _luz(clinic)
    assert texts(luz)[0].startswith("Antes de empezar\n")
    assert luz.last.text.startswith("Todo listo. Las primeras preguntas llegan el lunes 2 de marzo a las 09:00.")

    await clinic.until(madrid(3, 2, "16:00"))
    assert luz.last.text.startswith("Cuestionario, 1 de 3\n")
    assert "¿trabajan usted y Dr Cole hacia lo que a usted le importa?\n\n1 = nada\n7 = del todo" in luz.last.text
    assert luz.last.labels[-1] == "Necesito ayuda ahora"
    await clinic.taps(luz, "6", "5", "7")
    await clinic.writes(luz, "Todo bien, gracias")

    coming = "Las próximas preguntas llegan el jueves 5 de marzo a las 09:00."
    thanks = clinic.says("checkin.thanks", language="es", clinician="Dr Cole", coming=coming)
    assert luz.last.text == f"Cuestionario, terminado\n\n{thanks}"
    assert luz.toasts[-1] == "Guardado"
    assert await clinic.words(luz) == ["Todo bien, gracias"]
    await clinic.writes(luz, "/pause 14", "/resume", "/help", "hola")
    assert not any(word in text for text in ever(clinic, luz) for word in ENGLISH)


async def test_a_crisis_in_spanish(clinic: Ward) -> None:
    luz = await _luz(clinic)

    await clinic.writes(luz, "ya no quiero vivir")

    assert luz.last.text.startswith("Lo que ha escrito suena grave, y es importante.")
    assert "llame al 112" in luz.last.text
    assert "Soy un programa, y nadie mira este chat en directo." in luz.last.text
    assert clinic.cole.last.text.startswith("Possible crisis: OLMO-01\nWhy: words that may speak of suicide.")
    await clinic.taps(clinic.cole, "I have this", "Show words")
    assert clinic.cole.last.text.endswith("ya no quiero vivir")


async def test_english_words_of_a_person_who_reads_spanish_are_screened_too(clinic: Ward) -> None:
    luz = await _luz(clinic)

    await clinic.writes(luz, "I want to die")

    assert luz.last.text.startswith("Lo que ha escrito suena grave")
    assert clinic.cole.last.labels[0] == "I have this"


async def test_an_ordinary_spanish_sentence_pages_nobody(clinic: Ward) -> None:
    luz = await _luz(clinic)
    before = texts(clinic.cole)

    await clinic.writes(luz, "Me muero de sueño por las mañanas con la pastilla nueva")

    assert texts(clinic.cole) == before


async def _luz(clinic: Ward) -> OnThePhone:
    luz = clinic.sandbox.person("Luz", "es")
    invited = await clinic.invite(
        Role.PATIENT, "OLMO-01", name="Luz", clinician="COLE", language="es", zone="America/Mexico_City"
    )
    await clinic.enrol(luz, invited.link, yes="Sí, quiero participar", right="Sí")
    return luz
