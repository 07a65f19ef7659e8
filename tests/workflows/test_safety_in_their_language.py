"""The safety message in the language of the person: what the clinic has put into it, never less than it has."""

import pytest

from alliance.crisis import Degree
from alliance.presses import SafetyAnswer
from bot.clinic import read_clinic
from bot.settings import WrongSetting, read_settings
from workflows.after_safety import answer_saying
from workflows.raise_alert import safety_saying
from workflows.unit import Clinic

LINE = "The 988 Suicide & Crisis Lifeline: call or text 988, at any hour."
LINEA = "Línea 988 de prevención del suicidio y crisis: llame al 988 y pulse 2, a cualquier hora."


def clinic(**given: object) -> Clinic:
    settings = read_settings(
        _env_file=None, emergency_number="911", crisis_line=LINE, clinic_contact="555 0100, 9 to 17", **given
    )
    return read_clinic(settings, bot_username="a_bot")


def read(clinic: Clinic, language: str) -> str:
    return safety_saying(clinic, degree=Degree.NOW, language=language).text


def test_who_is_addressed_in_spanish_reads_the_line_in_spanish(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHECKIN_CRISIS_LINES", f'{{"es": "{LINEA}"}}')
    told = read(clinic(), "es-US")

    assert LINEA in told
    assert LINE not in told
    assert "555 0100, 9 to 17" in told  # nobody has translated that: it is shown as it is


def test_everybody_else_reads_it_in_the_clinics_own_words() -> None:
    bilingual = clinic(crisis_lines={"es": LINEA})

    assert LINE in read(bilingual, "en")
    assert LINE in read(bilingual, "fr")
    assert LINE in read(clinic(), "es")


@pytest.mark.parametrize("said", SafetyAnswer)
def test_what_follows_a_press_below_it_names_the_same_line(said: SafetyAnswer) -> None:
    bilingual = clinic(crisis_lines={"es": LINEA})

    assert LINEA in answer_saying(bilingual, said, language="es").text
    assert LINE in answer_saying(bilingual, said, language="en").text


@pytest.mark.parametrize("setting", ["crisis_lines", "clinic_contacts"])
def test_a_language_that_nobody_is_addressed_in_is_refused_at_start(setting: str) -> None:
    with pytest.raises(WrongSetting, match=f"CHECKIN_{setting.upper()}: there is no wording in sp"):
        clinic(**{setting: {"sp": LINEA}})
