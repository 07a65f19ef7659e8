"""A coordinator says a programme the natural way, and reads back what was understood."""

from datetime import date, time

import pytest
from hypothesis import given, settings

from alliance.programme import Lasting, Phase, Programme, Span, Stretch
from alliance.programme_reading import EXAMPLES, NotUnderstood, read_programme
from alliance.programme_words import programme_in_words
from alliance.rule_text import NotACadence
from tests.alliance.programmes import programmes

MONDAYS = "FREQ=WEEKLY;BYDAY=MO"


@settings(max_examples=300, deadline=None)
@given(programme=programmes())
def test_what_is_said_in_either_language_is_read_back_as_the_same_programme(programme: Programme) -> None:
    for language in ("en", "es"):
        assert read_programme(programme_in_words(programme, language)) == programme


@pytest.mark.parametrize(
    ("words", "means"),
    [
        pytest.param(
            "weekly on Tuesday and Friday at 18:00",
            Phase(rules=("FREQ=WEEKLY;BYDAY=TU,FR",), at=(time(18),)),
            id="days of the week at a time",
        ),
        pytest.param("Tuesdays and Fridays, 2 weeks", None, id="a length without its word"),
        pytest.param("every other Monday", Phase(rules=("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",)), id="every other Monday"),
        pytest.param("every two weeks on Monday", Phase(rules=("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",)), id="two weeks"),
        pytest.param("monthly on the last Friday", Phase(rules=("FREQ=MONTHLY;BYDAY=-1FR",)), id="last Friday"),
        pytest.param("el último viernes de cada mes", Phase(rules=("FREQ=MONTHLY;BYDAY=-1FR",)), id="in Spanish"),
        pytest.param("two days after each visit", Phase(visits=(2,)), id="after each visit"),
        pytest.param("tres días antes de la próxima visita", Phase(visits=(-3,)), id="before the next, in Spanish"),
        pytest.param(
            "weekdays at 9 and 18",
            Phase(rules=("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",), at=(time(9), time(18))),
            id="hours",
        ),
        pytest.param("cada lunes a las 9 de la noche", Phase(rules=(MONDAYS,), at=(time(21),)), id="at night"),
        pytest.param("FREQ=WEEKLY;BYDAY=MO at 9 am", Phase(rules=(MONDAYS,), at=(time(9),)), id="a rule as it stands"),
    ],
)
def test_one_phase_as_people_say_it(words: str, means: Phase | None) -> None:
    if means is None:
        with pytest.raises(NotUnderstood):
            read_programme(words)
    else:
        assert read_programme(words) == Programme(phases=(means,))


def test_tapering_is_one_sentence_in_either_language() -> None:
    tapering = Programme(
        phases=(
            Phase(rules=("FREQ=DAILY",), lasts=Lasting(number=1, span=Span.WEEK)),
            Phase(rules=("FREQ=WEEKLY;BYDAY=MO,TH",), lasts=Lasting(number=1, span=Span.MONTH)),
            Phase(rules=("FREQ=WEEKLY",)),
        )
    )

    assert read_programme("daily for a week, twice a week for a month, then weekly") == tapering
    assert (
        read_programme("a diario durante una semana, dos veces por semana durante un mes, luego cada semana")
        == tapering
    )
    assert programme_in_words(tapering, "en") == (
        "every day for one week, then weekly on Monday and Thursday for one month, then weekly"
    )
    assert programme_in_words(tapering, "es") == (
        "todos los días durante una semana, luego cada semana el lunes y el jueves durante un mes, luego cada semana"
    )


def test_what_holds_in_all_phases_is_said_after_them() -> None:
    words = (
        "weekly on Monday, and two days after each visit at 10:00; never within one day of a visit; not on "
        "25 December 2026 and from 30 December 2026 to 2 January 2027; at most one a day; at most three a week; "
        "after a flag also weekly on Thursday"
    )
    programme = Programme(
        phases=(Phase(rules=(MONDAYS,), visits=(2,), at=(time(10),)),),
        away_from_visits=1,
        not_on=(
            Stretch(first=date(2026, 12, 25), last=date(2026, 12, 25)),
            Stretch(first=date(2026, 12, 30), last=date(2027, 1, 2)),
        ),
        most_a_day=1,
        most_a_week=3,
        after_flag=("FREQ=WEEKLY;BYDAY=TH",),
    )

    assert read_programme(words) == programme
    assert programme_in_words(programme, "en") == words


@pytest.mark.parametrize(
    ("words", "part", "first_suggestion"),
    [
        ("weekly on Mnday", "mnday", "weekly on monday"),
        ("cada lnes a las 18:00", "lnes", "cada lunes a las 18:00"),
        ("weekly on Monday at 25:00", "25:00", None),
        ("daily until 31 February 2027", "31 february 2027", None),
        ("weekly on Monday; not on 25 December", "25 december", None),
        ("monthly on the last Friday at 9 and at 10", "at 10", None),
        ("", "", None),
    ],
)
def test_what_cannot_be_understood_is_named_with_what_could_be(
    words: str, part: str, first_suggestion: str | None
) -> None:
    with pytest.raises(NotUnderstood) as refused:
        read_programme(words)

    assert refused.value.part == part
    assert refused.value.nearest[0] == (first_suggestion or refused.value.nearest[0])
    assert all(read_programme(example) for example in refused.value.nearest)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("daily, then weekly", "phase 1 has no end, so phase 2 would never begin"),
        (
            "daily for 2 weeks from 1 March 2027, then weekly from 10 March 2027",
            "phase 2 begins on 2027-03-10, but phase 1 lasts until 2027-03-14",
        ),
        ("daily until 1 June 2027, then weekly until 1 May 2027", "phase 2 ends on 2027-05-01, before it could begin"),
        ("yearly on 29 February from 1 March 2027 until 1 May 2027", "none of its rules falls on a day"),
        ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "never falls on any day"),
        ("one day after each visit; never within two days of a visit", "never asked: 2 days around it are free"),
        ("weekly on Monday from 1 March 2027 until 1 February 2027", "before it begins"),
        ("weekly on Monday; not on from 2 January 2027 to 1 January 2027", "comes before"),
        ("daily for 5000 days", "lasts 1 to 1000"),
        ("ninety days after each visit", None),
    ],
)
def test_what_is_understood_and_cannot_be_is_refused_with_its_reason(words: str, reason: str | None) -> None:
    with pytest.raises(NotACadence, match=reason):
        read_programme(words)


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_example_that_is_offered_can_be_said(language: str) -> None:
    for example in EXAMPLES[language]:
        assert read_programme(example)
