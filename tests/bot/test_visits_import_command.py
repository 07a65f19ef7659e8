"""`checkin visits import`: what the calendar says is planned, moved and called off, once, and staff are not undone."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from alliance.enrolment import EnrolmentState
from alliance.people import Role
from storage import people, roster
from storage.database import Database
from storage.tables import Enrolment, Visit
from tests.bot.command_line import Ran, Terminal, terminal_for

TODAY = datetime.now().astimezone().date()  # noqa: TID251  # the command line goes by the machine's clock


@pytest.fixture
async def terminal(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: datetime) -> Terminal:
    """A clinic with COLE and two patients of hers, known by the clinic's ids A-17 and A-18."""
    async with database.writing() as session:
        cole = await people.add(session, code_name="COLE", name=None, language="en", zone="Europe/Madrid", now=moment)
        await people.give_role(session, cole.id, Role.CLINICIAN, now=moment)
        for code_name, clinic_id in (("BIRCH-07", "A-17"), ("ASH-01", "A-18")):
            person = await people.add(
                session, code_name=code_name, name=None, language="en", zone="Europe/Madrid", now=moment
            )
            session.add(
                Enrolment(
                    patient_id=person.id,
                    clinician_id=cole.id,
                    state=EnrolmentState.ACTIVE,
                    step="done",
                    rules=[],
                    at=[],
                    starts_on=date(2026, 3, 2),
                )
            )
            roster.keep(session, person.id, clinic_id=clinic_id, cells={}, now=moment)
    return terminal_for(database, tmp_path, monkeypatch)


def event(uid: str, start: date, *lines: str, patient: str = "A-17", at: str = "100000Z") -> str:
    return "\r\n".join(
        (
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"X-PATIENT-ID:{patient}",
            f"DTSTART:{start:%Y%m%d}T{at}",
            *lines,
            "END:VEVENT",
            "",
        )
    )


async def imports(terminal: Terminal, *parts: str, words: tuple[str, ...] = ()) -> Ran:
    (terminal.folder / "feed.ics").write_bytes(
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{''.join(parts)}END:VCALENDAR\r\n".encode()
    )
    return await terminal.run("visits", "import", "feed.ics", *words)


def counts(ran: Ran) -> dict[str, int]:
    return {
        what: number
        for what, number in json.loads(ran.out).items()
        if isinstance(number, int) and number and what != "dry_run"
    }


async def planned(database: Database) -> list[tuple[str, int]]:
    """Patients and the days until their planned visits, in order."""
    async with database.reading() as session:
        rows = await session.scalars(select(Visit).where(Visit.state == "planned").order_by(Visit.starts_at, Visit.id))
        return [
            ((await people.get(session, row.patient_id)).code_name, (row.starts_at.date() - TODAY).days) for row in rows
        ]


async def test_a_calendar_is_followed_through_its_changes_and_no_event_is_taken_twice(
    database: Database, terminal: Terminal
) -> None:
    soon, later = TODAY + timedelta(days=10), TODAY + timedelta(days=20)
    weekly = event("series", soon, "RRULE:FREQ=WEEKLY;COUNT=3", patient="a-18")

    tried = await imports(terminal, event("one", soon), weekly, words=("--dry-run", "--json"))
    untouched = await planned(database)
    first = await imports(terminal, event("one", soon), weekly, words=("--json",))
    again = await imports(terminal, event("one", soon), weekly, words=("--json",))
    at_first = await planned(database)
    skipped = f"EXDATE:{soon + timedelta(days=7):%Y%m%d}T100000Z"
    changed = await imports(
        terminal,
        event("one", later, "SEQUENCE:1"),
        event("series", soon, "RRULE:FREQ=WEEKLY;COUNT=3", skipped, patient="A-18"),
        words=("--json",),
    )
    then = await planned(database)
    over = await imports(
        terminal, event("one", later, "SEQUENCE:2", "STATUS:CANCELLED"), event("new", later), words=("--json",)
    )

    assert (counts(tried), untouched) == ({"planned": 4}, [])
    assert (counts(first), counts(again)) == ({"planned": 4}, {"same": 4})
    assert at_first == [("BIRCH-07", 10), ("ASH-01", 10), ("ASH-01", 17), ("ASH-01", 24)]
    assert counts(changed) == {"moved": 1, "same": 2, "cancelled": 1}
    assert then == [("ASH-01", 10), ("BIRCH-07", 20), ("ASH-01", 24)]
    assert counts(over) == {
        "planned": 1,
        "cancelled": 3,
    }  # called off by its state, and two that are not there any more
    assert await planned(database) == [("BIRCH-07", 20)]


async def test_what_staff_have_changed_stays_until_the_calendar_changes_too(
    database: Database, terminal: Terminal
) -> None:
    soon = TODAY + timedelta(days=10)
    await imports(terminal, event("one", soon), event("two", soon, patient="A-18"))
    numbers = [row["number"] for row in json.loads((await terminal.run("visits", "list", "--json")).out)]
    await terminal.run("visits", "move", str(numbers[0]), f"{soon + timedelta(days=1)}T10:00+00:00")
    await terminal.run("visits", "cancel", str(numbers[1]))

    same = await imports(terminal, event("one", soon), event("two", soon, patient="A-18"), words=("--json",))
    stayed = await planned(database)
    moved = await imports(
        terminal,
        event("one", soon + timedelta(days=3)),
        event("two", soon + timedelta(days=3), patient="A-18"),
        words=("--json",),
    )

    assert (counts(same), stayed) == ({"same": 2}, [("BIRCH-07", 11)])
    assert (counts(moved), await planned(database)) == ({"moved": 1, "planned": 1}, [("BIRCH-07", 13), ("ASH-01", 13)])


async def test_what_has_passed_is_counted_what_cannot_be_is_named_and_the_rest_is_done(
    database: Database, terminal: Terminal
) -> None:
    soon = TODAY + timedelta(days=10)

    ran = await imports(
        terminal,
        event("past", TODAY - timedelta(days=3)),
        event("nobody", soon, patient="Z-99"),
        event("meeting", soon, patient=""),
        event("day", soon).replace(f"DTSTART:{soon:%Y%m%d}T100000Z", f"DTSTART;VALUE=DATE:{soon:%Y%m%d}"),
        event("twin", soon),
        event("other twin", soon),
    )

    assert ran.status == 1
    assert ran.out == (
        f"line 8: {soon} 10:00 UTC: refused: No roster has named a patient of this clinic id.\n"
        "line 18: refused: it lasts whole days, and a visit has an hour; --all-day-at names one.\n"
        f"line 23: BIRCH-07, {soon} 10:00 UTC: Planned.\n"
        "1 planned, 0 moved, 0 cancelled, 1 same, 1 past, 1 no patient, 2 refused.\n"
    )
    assert await planned(database) == [("BIRCH-07", 10)]


async def test_a_visit_that_two_events_mean_goes_when_neither_is_left(database: Database, terminal: Terminal) -> None:
    soon = TODAY + timedelta(days=10)
    await imports(terminal, event("one", soon), event("other", soon))

    one_less = await imports(terminal, event("other", soon), words=("--json",))
    kept = await planned(database)
    apart = await imports(terminal, event("other", soon + timedelta(days=1)), event("one", soon), words=("--json",))

    assert (counts(one_less), kept) == ({"same": 1, "cancelled": 1}, [("BIRCH-07", 10)])
    assert counts(apart) == {"moved": 1, "planned": 1}
    assert await planned(database) == [("BIRCH-07", 10), ("BIRCH-07", 11)]


async def test_a_calendar_that_has_lost_most_of_its_visits_calls_none_of_them_off(
    database: Database, terminal: Terminal
) -> None:
    soon = TODAY + timedelta(days=10)
    series = event("series", soon, "RRULE:FREQ=DAILY;COUNT=12")
    await imports(terminal, series)

    empty = await imports(terminal)
    short = await imports(terminal, event("other", soon, patient="A-18"))
    other = await imports(terminal, event("third", soon, patient="A-18"), words=("--calendar", "another"))
    kept = await planned(database)
    meant = await imports(terminal, event("other", soon, patient="A-18"), words=("--although-many",))

    assert (empty.status, other.status, len(kept)) == (0, 0, 13)
    assert "12 of 13 visits are not in this calendar any more; none of these was called off." in short.out
    assert meant.out.count("It is not in the calendar any more.") == 12
    assert await planned(database) == [("ASH-01", 10)]


async def test_fifty_megabytes_and_a_wrong_setting_are_refused_before_anything_is_read(
    database: Database, terminal: Terminal
) -> None:
    with (terminal.folder / "huge.ics").open("wb") as huge:
        huge.truncate(50 * 1024**2)

    large = await terminal.run("visits", "import", "huge.ics")
    hour = await imports(terminal, words=("--all-day-at", "noon"))
    terminal.set(calendar_patient_pattern="(")
    setting = await imports(terminal)

    assert (large.status, large.err) == (2, "checkin: huge.ics has 50.0 MB; 5 MB are the most. Nothing was read.\n")
    assert (hour.status, hour.err) == (2, "checkin: --all-day-at: 'noon' is no time of day; write it as 09:00.\n")
    assert setting.err.startswith("checkin: CHECKIN_CALENDAR_PATIENT_PATTERN: that is no regular expression")
    async with database.reading() as session:
        assert await session.scalar(text("SELECT count(*) FROM calendar_visits")) == 0
