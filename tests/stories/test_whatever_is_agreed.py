"""Whatever Dr Cole writes and Ana answers, in whatever order: an agreement never leads into a corner.

Hypothesis types texts and commands, presses buttons that are there and buttons of long ago, lets time pass and
restarts the program. Never are two proposals open; versions count up and their words never change; Telegram is never
asked for anything it refuses; no update is set aside; and at the end a new version can still be sent and answered.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from sandbox.people import Person as OnThePhone
from storage import agreements
from storage.tables import Agreement
from storage.vault import Vault
from tests.kept_engines import copied_anew, kept_database
from tests.stories.opening import ANA_AND_BEN, opened_ward
from tests.stories.ward import Ward

HERS = (
    *("/agree", "/agree BIRCH-07", "/agree BIRCH-07 We walk\ntwice a week", "/agree MAPLE-02", "/visit", "/brief"),
    *("/visit BIRCH-07 tomorrow 9:00", "/visit BIRCH-07", "/brief BIRCH-07", "tomorrow 16:00", "We walk", "x" * 2001),
)
ANAS = ("Less, please", "6", "/agreed", "/goals", "/goals Walk", "/pause", "/resume", "/help", "/language es")

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("cole writes"), st.sampled_from(HERS)),
        st.tuples(st.just("ana writes"), st.sampled_from(ANAS)),
        st.tuples(st.just("cole presses"), st.integers(0, 8)),
        st.tuples(st.just("ana presses"), st.integers(0, 8)),
        st.tuples(st.sampled_from(["cole presses", "ana presses"]), st.integers(0, 300)),
        st.tuples(st.just("hours"), st.sampled_from([1, 9, 90])),
        st.tuples(st.just("restart"), st.none()),
    ),
    min_size=8,
    max_size=20,
)


@settings(
    max_examples=6,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=_STEPS)
async def test_whatever_is_agreed(
    sqlite_template: Path, story_file: Path, vault: Vault, steps: list[tuple[str, object]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    database = kept_database(copied_anew(sqlite_template, story_file), vault)
    try:
        async with opened_ward(database, folder, ANA_AND_BEN) as ward:  # at its end nothing may have gone wrong
            written: dict[int, str] = {}
            for kind, what in steps:
                await _step(ward, kind, what)
                await _holds(ward, written)

            await _can_go_on(ward)
    finally:
        await database.close()
        shutil.rmtree(folder)


async def _step(ward: Ward, kind: str, what: object) -> None:
    match kind, what:
        case "cole writes", str(words):
            ward.cole.writes(words)
        case "ana writes", str(words):
            ward.ana.writes(words)
        case "cole presses", int(which):
            _press(ward, ward.cole, which)
        case "ana presses", int(which):
            _press(ward, ward.ana, which)
        case "hours", int(hours):
            await ward.later(hours=hours)
            await ward.looks_at_what_is_due()
        case _:
            await ward.later(seconds=10)  # as long as a process takes to come back; what paces it is in its memory
            await ward.restart()
    await ward.settle()


async def _holds(ward: Ward, written: dict[int, str]) -> None:
    """One proposal at the most is open, versions count up, and what was sent reads as it did."""
    async with ward.database.reading() as session:
        rows = list(await session.scalars(select(Agreement).order_by(Agreement.patient_id, Agreement.version)))
        words = {row.id: agreements.words_of(session, row) for row in rows}
    for patient_id in {row.patient_id for row in rows}:
        states = [row.state for row in rows if row.patient_id == patient_id]
        assert states.count("proposed") <= 1
        assert states.count("agreed") <= 1
        assert [row.version for row in rows if row.patient_id == patient_id] == list(range(1, len(states) + 1))
    assert written.items() <= words.items()
    written |= words


async def _can_go_on(ward: Ward) -> None:
    await ward.later(hours=2)  # what was asked for is asked for no more
    await ward.writes(ward.ana, "/resume", "/language en")
    await ward.writes(ward.cole, "/agree BIRCH-07 This is how we go on.")
    await ward.taps(ward.cole, "Send it")
    await ward.later(hours=24)
    await ward.taps(ward.ana, "Sounds fair")
    async with ward.database.reading() as session:
        ana = await ward.person("BIRCH-07")
        newest = await agreements.newest(session, ana.id)
        assert newest is not None
        assert (newest.state, "go on" in agreements.words_of(session, newest)) == ("agreed", True)


def _press(ward: Ward, person: OnThePhone, which: int) -> None:
    """Press one of the newest buttons, or one of long ago."""
    shown = ward.sandbox.ledger.ever_shown(person.user_id)
    buttons = [(s.message_id, b.data) for s in shown for row in s.buttons for b in row if b.data]
    buttons = [(message_id, data) for message_id, data in buttons if data != "h" and data[:2] not in {"e:", "l:"}]
    if buttons:
        person.taps_old(*buttons[-1 - which % len(buttons)])
