"""Whoever writes here learns that nobody is watching: every crisis text and every receipt states the limits (H5)."""

import re
from collections.abc import Mapping
from itertools import product

import pytest

from alliance.safety import safety_message
from alliance.wording import Wording, Wordings
from bot.clinic import read_clinic
from bot.settings import read_settings

OURS: Wordings = read_clinic(read_settings(_env_file=None), bot_username="a_bot").wordings
# that nobody watches at this moment
NOBODY_WATCHES: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"nobody is watching this chat live|nobody reads it right now|nobody will read this"),
    "es": re.compile(r"nadie mira este chat en directo|nadie lo lee en este momento|nadie va a leer esto"),
}
# who reads, and when
WHEN_IT_IS_READ: Mapping[str, re.Pattern[str]] = {
    "en": re.compile(r"once a day|daily summary"),
    "es": re.compile(r"una vez al día|resumen diario"),
}
AT_ONCE_ANSWERS = (
    "message.kept",
    "message.kept_and_question_open",
    "message.cannot_read",
    "message.no_longer_taking_part",
    "help.patient",
    "consent.text",
    "outage.patient",
    "safety.limits",
    "readers.kept_unread",
)
RECEIPTS = (
    "message.kept",
    "message.kept_and_question_open",
    "checkin.thanks",
    "enrolled.how",
    "help.patient",
    "readers.thanks",
)
LIVE = re.compile(
    r"we are here|i am here|always (here|there)|somebody is (watching|reading)|24/7|estamos aquí|estoy aquí"
)


@pytest.mark.parametrize("language", OURS.languages)
@pytest.mark.parametrize("key", AT_ONCE_ANSWERS)
def test_what_answers_at_once_says_that_nobody_watches(language: str, key: str) -> None:
    assert NOBODY_WATCHES[language].search(sentence(language, key))


@pytest.mark.parametrize("language", OURS.languages)
@pytest.mark.parametrize("key", RECEIPTS)
def test_a_receipt_says_when_somebody_reads(language: str, key: str) -> None:
    assert WHEN_IT_IS_READ[language].search(sentence(language, key))


@pytest.mark.parametrize("language", OURS.languages)
def test_every_form_of_the_safety_message_says_that_nobody_watches_and_how_to_call(language: str) -> None:
    for text in safety_messages(OURS.in_language(language)):
        assert NOBODY_WATCHES[language].search(text.lower())
        assert "112" in text or OURS.in_language(language)("safety.emergency_in_words") in text


@pytest.mark.parametrize("language", OURS.languages)
def test_no_sentence_sounds_as_if_somebody_were_watching(language: str) -> None:
    found = {key for key in OURS.in_language(language).sentences if LIVE.search(sentence(language, key))}

    assert found == set()


@pytest.mark.parametrize(
    ("text", "is_caught"),
    [
        ("We are here for you.", True),
        ("Thank you, I have kept this.", True),
        ("Thank you. Nobody reads it right now.", False),
    ],
)
def test_a_text_that_hides_the_limits_is_caught(text: str, is_caught: bool) -> None:
    told = text.lower()

    assert (LIVE.search(told) is not None or NOBODY_WATCHES["en"].search(told) is None) == is_caught


def sentence(language: str, key: str) -> str:
    return OURS.in_language(language).sentences[key].lower()


def safety_messages(wording: Wording) -> list[str]:
    choices = product(("112", ""), ("A line", ""), ("The clinic", ""), (True, False), (True, False))
    return [
        safety_message(
            wording, emergency_number=number, crisis_line=line, clinic_contact=contact, gently=gently, asked=asked
        ).text
        for number, line, contact, gently, asked in choices
    ]
