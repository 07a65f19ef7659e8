"""The page of a person's own record has words for everything that can be kept, and takes any text as text."""

from datetime import UTC, datetime

import pytest

from alliance.checkin import CheckinState
from alliance.enrolment import EnrolmentState
from bot.clinic import read_wordings
from workflows.record_page import Reading, render_record

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDINGS = read_wordings()
EMPTY: dict[str, object] = {
    "person": {"name": "Ana", "code_name": "BIRCH-07", "zone": "UTC"},
    "contact": {},
    **dict.fromkeys(
        (
            *("enrolment", "preferences", "consents", "goals", "checkins", "messages", "flags", "alerts"),
            *("visits", "sent", "audience_choices"),
        ),
        (),
    ),
    **dict.fromkeys(("agreements", "agreement_drafts", "clinician_ratings"), ()),
}


def page(language: str = "en", **kept: object) -> str:
    reading = Reading(
        kept={**EMPTY, **kept}, instruments=(), clinicians={}, zone="UTC", wording=WORDINGS.in_language(language)
    )
    return render_record(reading, clinic="Almond House", made_at=NOW)


@pytest.mark.parametrize("language", WORDINGS.languages)
def test_every_state_has_words_of_its_own(language: str) -> None:
    known = WORDINGS.in_language(language).sentences

    keys = [
        *(f"own.file.state.{state}" for state in EnrolmentState),
        *(f"own.file.checkin.{state}" for state in CheckinState),
        *(f"own.file.decision.{decision}" for decision in ("given", "refused", "withdrawn")),
        *(f"own.file.visit.{state}" for state in ("planned", "done", "cancelled")),
    ]
    assert [key for key in keys if key not in known] == []


def test_a_state_that_has_no_words_yet_is_shown_as_it_is_kept() -> None:
    assert '<p dir="auto">moved</p>' in page(visits=({"starts_at": NOW.isoformat(), "state": "moved"},))


@pytest.mark.parametrize("words", ["<script>x</script>", "\u202eabc", "{clinician}", "", "a\nb", "\ud83d"])
def test_any_text_stands_on_the_page_as_text(words: str) -> None:
    shown = page(messages=({"received_at": NOW.isoformat(), "version": 0, "words": words},))

    assert "<script" not in shown
    assert "Almond House" in shown


def test_what_there_is_none_of_is_said_so_and_no_empty_heading_is_left() -> None:
    shown = page()

    assert shown.count("<h2>") == shown.count("Nothing.") + 2  # her name, and the other notes
