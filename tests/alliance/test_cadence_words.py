"""A coordinator reads in words what a cadence means."""

from datetime import date, time

import pytest

from alliance.cadence import PRESETS, Cadence
from alliance.cadence_words import in_words

A_MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("rule", "english", "spanish"),
    [
        ("FREQ=DAILY", "every day at 09:00", "todos los días a las 09:00"),
        ("FREQ=DAILY;INTERVAL=2", "every two days at 09:00", "cada dos días a las 09:00"),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            "every day at 09:00",
            "todos los días a las 09:00",
        ),
        ("FREQ=WEEKLY", "weekly on Monday at 09:00", "cada semana el lunes a las 09:00"),
        (
            "FREQ=WEEKLY;BYDAY=TU,FR",
            "weekly on Tuesday and Friday at 09:00",
            "cada semana el martes y el viernes a las 09:00",
        ),
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
            "weekly on Monday to Friday at 09:00",
            "cada semana de lunes a viernes a las 09:00",
        ),
        (
            "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "every two weeks on Monday at 09:00",
            "cada dos semanas el lunes a las 09:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=-1FR",
            "monthly on the last Friday at 09:00",
            "cada mes el último viernes a las 09:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=-1",
            "monthly on the last Friday at 09:00",
            "cada mes el último viernes a las 09:00",
        ),
        (
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "monthly on the last working day at 09:00",
            "cada mes el último día laborable a las 09:00",
        ),
        (
            "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=1,11,22,-1",
            "every 12 months on the 1st, the 11th, the 22nd and the last day at 09:00",
            "cada 12 meses el día 1, el día 11, el día 22 y el último día a las 09:00",
        ),
        (
            "FREQ=MONTHLY;BYMONTHDAY=31",
            "monthly on the 31st in months that have it at 09:00",
            "cada mes el día 31 en los meses que lo tienen a las 09:00",
        ),
        (
            "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29",
            "yearly on 29 February at 09:00",
            "cada año el 29 de febrero a las 09:00",
        ),
        (
            "FREQ=DAILY;UNTIL=20261231",
            "every day at 09:00 until 31 December 2026",
            "todos los días a las 09:00 hasta el 31 de diciembre de 2026",
        ),
        (
            "FREQ=DAILY;COUNT=14",
            "every day at 09:00, on 14 days in all",
            "todos los días a las 09:00, 14 días en total",
        ),
        (
            "FREQ=DAILY;COUNT=1",
            "every day at 09:00, on one day in all",
            "todos los días a las 09:00, un día en total",
        ),
    ],
)
def test_a_cadence_reads_as_people_would_say_it(rule: str, english: str, spanish: str) -> None:
    cadence = Cadence(rules=(rule,), at=(time(9),), starts_on=A_MONDAY)

    assert (in_words(cadence, "en"), in_words(cadence, "es")) == (english, spanish)


def test_several_times_are_listed_and_one_oclock_is_singular_in_spanish() -> None:
    cadence = Cadence(rules=("FREQ=DAILY",), at=(time(1), time(9), time(18, 30)), starts_on=A_MONDAY)

    assert in_words(cadence, "en") == "every day at 01:00, 09:00 and 18:30"
    assert in_words(cadence, "es") == "todos los días a la 01:00, 09:00 y 18:30"


def test_several_rules_are_said_one_after_the_other_each_with_its_end() -> None:
    cadence = Cadence(rules=("FREQ=DAILY;COUNT=14", "FREQ=WEEKLY;BYDAY=MO"), at=(time(9),), starts_on=A_MONDAY)

    assert in_words(cadence, "en") == "every day, on 14 days in all, and weekly on Monday, at 09:00"
    assert in_words(cadence, "es") == "todos los días, 14 días en total, y cada semana el lunes, a las 09:00"


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param("FREQ=YEARLY;BYDAY=20MO", id="the twentieth Monday of a year"),
        pytest.param("FREQ=YEARLY;BYMONTH=3,4;BYMONTHDAY=1", id="several months"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=13;BYDAY=FR", id="Friday the 13th"),
        pytest.param("FREQ=MONTHLY;BYMONTHDAY=-5", id="the fifth day from the end"),
        pytest.param("FREQ=WEEKLY;BYMONTH=3;BYDAY=MO", id="only in March"),
        pytest.param("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,SU", id="fortnights from Sunday"),
        pytest.param("FREQ=DAILY;UNTIL=20271231T120000Z", id="until a moment in UTC"),
        pytest.param("FREQ=YEARLY;BYMONTH=3;BYDAY=-1FR;COUNT=3", id="an end is not said twice"),
    ],
)
def test_a_rule_without_plain_words_is_named_instead_of_half_said(rule: str) -> None:
    cadence = Cadence(rules=(rule,), at=(time(9),), starts_on=A_MONDAY)

    assert in_words(cadence, "en") == f"by the rule {rule} at 09:00"
    assert in_words(cadence, "es") == f"según la regla {rule} a las 09:00"


@pytest.mark.parametrize("preset", PRESETS)
def test_every_preset_has_words_of_its_own(preset: str) -> None:
    cadence = Cadence(rules=PRESETS[preset], at=(time(9),), starts_on=A_MONDAY)

    assert "FREQ" not in in_words(cadence, "en") + in_words(cadence, "es")
