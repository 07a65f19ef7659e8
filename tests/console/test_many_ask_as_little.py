"""A page about many asks the database no more often than a page about few."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date, timedelta

from sqlalchemy import event
from sqlalchemy.engine import Engine

from storage import flags, leaves, people, roster
from storage.tables import Enrolment, Flag, StaffLeave
from tests.console.house import NOW, Browser, House

PAGES = ("/", "/patients", "/patients?q=oak", "/flags", "/digest/{cole}/now")
OF_THE_TEAM = ("/", "/patients", "/patients?order=next", "/team")


@contextmanager
def questions() -> Generator[list[str]]:
    """Every statement that reaches a database meanwhile."""
    asked: list[str] = []

    def note(*told: object) -> None:
        asked.append(str(told[2]))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


async def test_a_hundred_flags_own_and_covered_ask_no_more_than_one(house: House) -> None:
    async with house.database.writing() as session:
        leave = StaffLeave(
            person_id=house.ids["DAY"],
            starts_on=date(2026, 3, 10),
            cover_id=house.ids["COLE"],
            set_by=house.ids["KIM"],
            set_at=NOW,
        )
        await leaves.add(session, leave)
    await _patients(house, "OAK-0", 2)
    cole, kim = await house.browser("COLE"), await house.browser("KIM")
    few = [await _asked(house, cole, PAGES), await _asked(house, kim, OF_THE_TEAM)]

    await _patients(house, "OAK-1", 30)

    many = [await _asked(house, cole, PAGES), await _asked(house, kim, OF_THE_TEAM)]
    board = (await cole.looks("/flags")).text
    assert "OAK-129" in board  # covered
    assert "OAK-128" in board  # her own
    assert many == few


async def _patients(house: House, beginning: str, number: int) -> None:
    """So many patients with a flag each, of Dr Cole and of Dr Day by turns."""
    async with house.database.writing() as session:
        for place in range(number):
            code_name, clinician = f"{beginning}{place:02}", house.ids[("COLE", "DAY")[place % 2]]
            patient = await people.add(
                session, code_name=code_name, name=None, language="en", zone="Europe/Madrid", now=NOW
            )
            patient.chat_id = patient.id
            roster.keep(session, patient.id, clinic_id=f"A {code_name}", cells={}, now=NOW)
            session.add(
                Enrolment(
                    patient_id=patient.id,
                    clinician_id=clinician,
                    state="active",
                    step="done",
                    rules=[],
                    at=[],
                    starts_on=NOW.date(),
                    next_due_at=NOW + timedelta(hours=1),
                )
            )
            await flags.raise_flag(
                session,
                Flag(
                    patient_id=patient.id,
                    clinician_id=clinician,
                    kind="withdrawal",
                    domain="bond",
                    signal="drop",
                    strength=0.8,
                    since=NOW - timedelta(days=6),
                    reason={"rating": 0.2, "usual": 0.8, "highest": 7, "lowest": 1},
                    rule="drop/3",
                    state="raised",
                    raised_at=NOW - timedelta(days=1),
                ),
            )


async def _asked(house: House, browser: Browser, pages: tuple[str, ...]) -> dict[str, int]:
    """How many questions each page asks at its second look: the first one of a day may tell the patient."""
    found: dict[str, int] = {}
    for page in pages:
        path = page.format(cole=house.ids["COLE"])
        await browser.looks(path)
        with questions() as asked:
            assert (await browser.looks(path)).status_code == 200
        found[page] = len(asked)
    return found
