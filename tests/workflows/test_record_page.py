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
            *("visits", "sent", "audience_choices", "holds"),
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


A_HOLD: dict[str, object] = {
    "set_at": NOW.isoformat(),
    "starts_on": "2026-03-02",
    "ends_on": "2026-03-16",
    "ended_at": None,
    "reason": "hospital",
}


def test_what_staff_held_stands_there_with_its_days_and_its_reason() -> None:
    for_good, ended = A_HOLD | {"ends_on": None}, A_HOLD | {"ended_at": "2026-03-05T09:00:00+00:00"}

    assert "from Monday 2 March until Monday 16 March." in page(holds=(A_HOLD,))
    assert "Reason noted by staff: hospital stay." in page(holds=(A_HOLD,))
    assert "from Monday 2 March on." in page(holds=(for_good,))
    assert "until Thursday 5 March." in page(holds=(ended,))
    assert "Motivo que anotó el equipo: ingreso en el hospital." in page("es", holds=(A_HOLD,))


@pytest.mark.parametrize("words", ["<script>x</script>", "\u202eabc", "{clinician}", "", "a\nb", "\ud83d"])
def test_any_text_stands_on_the_page_as_text(words: str) -> None:
    shown = page(messages=({"received_at": NOW.isoformat(), "version": 0, "words": words},))

    assert "<script" not in shown
    assert "Almond House" in shown


def test_what_there_is_none_of_is_said_so_and_no_empty_heading_is_left() -> None:
    shown = page()

    assert shown.count("<h2>") == shown.count("Nothing.") + 2  # her name, and the other notes
