"""Programmes of every kind, for tests that want any of them."""

from datetime import date, time, timedelta

from hypothesis import reject
from hypothesis import strategies as st

from alliance.programme import Lasting, Phase, Programme, Span, Stretch
from alliance.rule_text import NotACadence, parse_rule

A_DAY = timedelta(days=1)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DATES = st.dates(date(2024, 1, 1), date(2030, 12, 31))


def _some(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(names), min_size=1, max_size=4, unique=True).map(",".join)


_interval = st.integers(1, 9).map(lambda number: f";INTERVAL={number}")
_nth_weekdays = _some(tuple(f"{nth}{day}" for nth in (1, 2, 3, 4, 5, -1, -2) for day in WEEKDAYS))
_days_of_month = _some(tuple(str(day) for day in (*range(1, 32), -1, -5)))
_days_of_year = st.tuples(st.integers(1, 12), st.integers(1, 28)).map(
    lambda day: f";BYMONTH={day[0]};BYMONTHDAY={day[1]}"
)
RULES = st.one_of(
    st.builds("FREQ=DAILY{}".format, _interval),
    st.builds("FREQ=WEEKLY{};BYDAY={}".format, _interval, _some(WEEKDAYS)),
    st.builds("FREQ=WEEKLY{}".format, _interval),
    st.builds("FREQ=MONTHLY{};BYDAY={}".format, _interval, _nth_weekdays),
    st.builds("FREQ=MONTHLY{};BYMONTHDAY={}".format, _interval, _days_of_month),
    st.builds("FREQ=MONTHLY{}".format, _interval),
    st.builds("FREQ=YEARLY{}{}".format, _interval, _days_of_year),
    st.sampled_from(
        (
            "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU",
            "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=SU,MO",
            "FREQ=MONTHLY;BYDAY=FR;BYSETPOS=1,-1",
            "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
            "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
            "FREQ=YEARLY;BYDAY=20MO",
            "FREQ=DAILY;COUNT=14",
            "FREQ=DAILY;UNTIL=20301231",
            "FREQ=YEARLY",
        )
    ),
).map(parse_rule)
TIMES = st.lists(st.times(), max_size=3, unique_by=lambda at: (at.hour, at.minute)).map(
    lambda times: tuple(sorted(time(at.hour, at.minute) for at in times))
)
_lengths = st.builds(Lasting, number=st.integers(1, 30), span=st.sampled_from(Span))
_stretches = st.builds(lambda first, days: Stretch(first=first, last=first + days * A_DAY), DATES, st.integers(0, 20))
_visits = st.lists(st.integers(-9, 9).filter(bool), max_size=2, unique=True).map(tuple)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """Any programme that stands together; what would not is drawn again."""
    number = draw(st.integers(1, 3))
    away = draw(st.none() | st.integers(1, 3))
    try:
        phases = tuple(_phase(draw, is_last=each == number - 1) for each in range(number))
        return Programme(
            phases=phases,
            away_from_visits=away,
            not_on=tuple(draw(st.lists(_stretches, max_size=3))),
            most_a_day=draw(st.none() | st.integers(1, 9)),
            most_a_week=draw(st.none() | st.integers(1, 9)),
            after_flag=tuple(draw(st.lists(RULES, max_size=2))),
        )
    except NotACadence:
        reject()


def _phase(draw: st.DrawFn, *, is_last: bool) -> Phase:
    rules = tuple(draw(st.lists(RULES, max_size=2)))
    visits = draw(_visits)
    ends = draw(st.sampled_from(("lasts", "until") if not is_last else ("lasts", "until", "never")))
    return Phase(
        rules=rules or (() if visits else ("FREQ=WEEKLY;BYDAY=MO",)),
        visits=visits,
        at=draw(TIMES),
        lasts=draw(_lengths) if ends == "lasts" else None,
        starts_on=draw(st.none() | DATES),
        until=draw(DATES) if ends == "until" else None,
    )
