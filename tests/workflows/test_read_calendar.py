"""Calendars as clinics' systems write them: what an event is, when it happens, and on which line it is wrong."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest

from alliance.calendar_events import Matching, happenings
from workflows.read_calendar import LARGEST_CALENDAR, BrokenCalendar, Feed, Reading, read_calendar

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
READING = Reading(matching=Matching(), zone="Europe/Madrid")
ID = "X-PATIENT-ID:A-17"

OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
"""


def calendar(*events: str, head: str = "", reading: Reading = READING) -> Feed:
    """A calendar of these events, each given by the lines of its properties."""
    parts = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//a clinic//EN\n{head}{parts}END:VCALENDAR\n"
    return read_calendar(text.replace("\n", "\r\n").encode(), reading)


def moments(feed: Feed, *, days: int = 60) -> list[str]:
    """When the visits of a calendar happen, in UTC."""
    found = happenings(feed.events, now=NOW, until=NOW + timedelta(days=days))
    return [f"{one.starts_at:%m-%d %H:%M}" for one in found if not one.is_cancelled]


@pytest.mark.parametrize(
    ("start", "when"),
    [
        pytest.param("DTSTART:20260310T090000Z", "03-10 09:00", id="UTC"),
        pytest.param("DTSTART;TZID=Europe/Lisbon:20260310T090000", "03-10 09:00", id="zone"),
        pytest.param("DTSTART;TZID=W. Europe Standard Time:20260410T090000", "04-10 07:00", id="a zone of Windows"),
        pytest.param("DTSTART;TZID=Customized Time Zone:20260410T090000", "04-10 07:00", id="a zone of Outlook's own"),
        pytest.param("DTSTART:20260310T090000", "03-10 08:00", id="floating: the clinic's clock"),
        pytest.param("DTSTART;TZID=Europe/Madrid:20260329T023000", "03-29 01:00", id="a time the clocks skip"),
    ],
)
def test_a_visit_starts_when_its_calendar_says(start: str, when: str) -> None:
    assert moments(calendar(f"UID:1\n{ID}\n{start}", head=OUTLOOK)) == [when]


def test_a_series_keeps_its_hour_across_a_change_of_clocks_with_its_exceptions() -> None:
    feed = calendar(
        f"UID:1\n{ID}\nDTSTART;TZID=Europe/Madrid:20260113T100000\nRRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260414T080000Z\n"
        "EXDATE;TZID=Europe/Madrid:20260310T100000\nEXDATE;VALUE=DATE:20260324\nRDATE:20260319T120000Z",
        "UID:1\nRECURRENCE-ID;TZID=Europe/Madrid:20260331T100000\nDTSTART;TZID=Europe/Madrid:20260401T160000",
        "UID:1\nRECURRENCE-ID;TZID=Europe/Madrid:20260407T100000\nDTSTART;TZID=Europe/Madrid:20260407T100000\n"
        "STATUS:CANCELLED",
    )

    assert moments(feed) == ["03-03 09:00", "03-17 09:00", "03-19 12:00", "04-14 08:00", "04-01 14:00"]
    assert {one.clinic_id for one in happenings(feed.events, now=NOW, until=NOW + timedelta(days=60))} == {"A-17"}


def test_the_newer_text_of_an_event_counts_wherever_it_stands() -> None:
    newer = f"UID:1\n{ID}\nSEQUENCE:2\nDTSTART:20260311T090000Z"
    stamped = f"UID:2\n{ID}\nDTSTAMP:20260301T100000Z\nDTSTART:20260312T090000Z"

    feed = calendar(
        newer,
        stamped,
        f"UID:1\n{ID}\nSEQUENCE:1\nDTSTART:20260310T090000Z",
        f"UID:2\n{ID}\nDTSTAMP:20260301T090000Z\nDTSTART:20260313T090000Z",
    )

    assert sorted(moments(feed)) == ["03-11 09:00", "03-12 09:00"]


@pytest.mark.parametrize(
    ("event", "why"),
    [
        pytest.param("DTSTART:20260310T090000Z", "it has no UID", id="no UID"),
        pytest.param("UID:1", "it has no DTSTART", id="no start"),
        pytest.param("UID:1\nDTSTART:soon", "DTSTART cannot be read", id="no moment"),
        pytest.param("UID:1\nDTSTART;VALUE=DATE:20260310", "it lasts whole days", id="a whole day"),
        pytest.param(
            "UID:1\nDTSTART;TZID=Mars/Base:20260310T090000",
            "DTSTART: there is no time zone called Mars/Base",
            id="zone",
        ),
        pytest.param("UID:1\nDTSTART:20260310T090000Z\nRRULE:FREQ=HOURLY", "HOURLY is too often", id="every hour"),
        pytest.param(
            "UID:1\nDTSTART:20260310T090000Z\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
            "this rule never falls on any day",
            id="never",
        ),
        pytest.param(
            "UID:1\nDTSTART:20260310T090000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260310T090000Z",
            "RANGE is not understood",
            id="a range",
        ),
    ],
)
def test_an_event_that_cannot_be_used_is_named_with_its_line_and_the_others_stay(event: str, why: str) -> None:
    feed = calendar(f"UID:0\n{ID}\nDTSTART:20260310T090000Z", f"{ID}\n{event}")

    assert moments(feed) == ["03-10 09:00"]
    assert [(one.line, one.why.startswith(why)) for one in feed.unusable] == [(9, True)]


def test_a_whole_day_is_a_visit_where_the_clinic_names_its_hour() -> None:
    reading = Reading(matching=Matching(), zone="Europe/Madrid", all_day_at=time(9, 30))

    assert moments(calendar(f"UID:1\n{ID}\nDTSTART;VALUE=DATE:20260310", reading=reading)) == ["03-10 08:30"]


@pytest.mark.parametrize(
    ("matching", "clinic_id"),
    [
        pytest.param(Matching(), "A-17", id="a property of its own"),
        pytest.param(Matching(property="SUMMARY", pattern=re.compile(r"MRN (\w+)")), "B18", id="a part of the title"),
        pytest.param(Matching(property="CATEGORIES", pattern=re.compile("C-[0-9]+")), "C-19", id="a category"),
        pytest.param(Matching(property="DESCRIPTION", pattern=re.compile("D-[0-9]+")), None, id="not there"),
        pytest.param(Matching(property="X-OTHER"), None, id="no such property"),
    ],
)
def test_the_clinic_says_where_its_id_stands(matching: Matching, clinic_id: str | None) -> None:
    reading = Reading(matching=matching, zone="Europe/Madrid")

    feed = calendar(
        f"UID:1\n{ID}\nSUMMARY:Visit\\, MRN B18\nCATEGORIES:red,C-19\nDTSTART:20260310T090000Z", reading=reading
    )

    assert [event.clinic_id for event in feed.events] == [clinic_id]


@pytest.mark.parametrize(
    "raw",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"Dear colleague,", id="a letter"),
        pytest.param(b"\xff\xfeB\x00", id="UTF-16"),
        pytest.param(b"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n", id="cut off"),
        pytest.param(b"BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n", id="an event alone"),
        pytest.param(b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * 20_001, id="too many events"),
        pytest.param(b"x" * (LARGEST_CALENDAR + 1), id="too large"),
    ],
)
def test_a_file_that_is_no_calendar_is_refused(raw: bytes) -> None:
    with pytest.raises(BrokenCalendar):
        read_calendar(raw, READING)


@pytest.mark.parametrize(
    ("head", "is_whole"),
    [("", True), ("METHOD:PUBLISH\n", True), ("METHOD:REQUEST\n", False), ("METHOD:CANCEL\n", False)],
)
def test_a_single_invitation_does_not_stand_for_the_whole_calendar(head: str, is_whole: bool) -> None:
    feed = calendar(f"UID:1\n{ID}\nDTSTART:20260310T090000Z", head=head)

    assert feed.is_whole is is_whole
    assert [event.is_cancelled for event in feed.events] == ["CANCEL" in head]
