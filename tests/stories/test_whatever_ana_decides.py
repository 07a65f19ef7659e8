"""Whatever Ana decides, in whatever order: the menu never leads into a corner.

Hypothesis opens pages by command and by button, presses what is there and what was there, types answers and other
things, lets time pass and restarts the program. Never are two check-ins open or two on one day; Telegram is never
asked for anything it refuses; no update is set aside; what is typed is an answer or kept; and /help leads on.
"""

import shutil
import tempfile
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.vault import Vault
from tests.kept_engines import copied_anew, kept_database
from tests.stories.opening import ANA_AND_BEN, opened_ward
from tests.stories.ward import Ward

COMMANDS = (
    *("/menu", "/pause", "/pause 3", "/pause Friday", "/resume", "/time", "/time 18:00", "/time never", "/zone"),
    *("/zone London", "/zone zzzz", "/language", "/language es", "/language en", "/quiet", "/quiet 22-10", "/quiet 1"),
    *("/goals", "/goals Sleep", "/who", "/mydata", "/forget", "/leave", "/help"),
)
TYPED = ("18:30", "London", "22-7", "20 March", "Walk alone", "I feel better", "6")

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("command"), st.sampled_from(COMMANDS)),
        st.tuples(st.just("tap"), st.integers(0, 12)),
        st.tuples(st.just("tap"), st.integers(0, 300)),
        st.tuples(st.just("write"), st.sampled_from(TYPED)),
        st.tuples(st.just("hours"), st.sampled_from([1, 9, 25])),
        st.tuples(st.just("restart"), st.none()),
    ),
    min_size=4,
    max_size=18,
)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=_STEPS)
async def test_whatever_ana_decides(
    sqlite_template: Path, story_file: Path, vault: Vault, steps: list[tuple[str, object]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    database = kept_database(copied_anew(sqlite_template, story_file), vault)
    try:
        async with opened_ward(database, folder, ANA_AND_BEN) as ward:  # at its end nothing may have gone wrong
            wrote: Counter[str] = Counter()
            for kind, what in steps:
                await _step(ward, kind, what, wrote)

            assert Counter(filter(None, await ward.words(ward.ana))) <= wrote
            await ward.writes(ward.ana, "/help")
            assert ward.ana.last.labels  # from anywhere something leads on
    finally:
        await database.close()
        shutil.rmtree(folder)


async def _step(ward: Ward, kind: str, what: object, wrote: Counter[str]) -> None:
    match kind, what:
        case "command", str(words):
            ward.ana.writes(words)
        case "tap", int(which):
            _press(ward, which)
        case "write", str(words):
            wrote[words] += 1
            ward.ana.writes(words)
        case "hours", int(hours):
            await ward.later(hours=hours)
            await ward.looks_at_what_is_due()
        case _:
            await ward.restart()
    await ward.settle()
    asked = await ward.checkins()
    assert [checkin.state for checkin in asked if checkin.state in {"queued", "open"}][1:] == []
    assert len({checkin.local_date for checkin in asked}) == len(asked)


def _press(ward: Ward, which: int) -> None:
    """Press one of the newest buttons, or one of long ago; all but the one after which Ana is nobody here."""
    shown = ward.sandbox.ledger.ever_shown(ward.ana.user_id)
    buttons = [(s.message_id, b.data) for s in shown for row in s.buttons for b in row if b.data]
    buttons = [(message_id, data) for message_id, data in buttons if data != "h" and not data.startswith("e:y")]
    if buttons:
        ward.ana.taps_old(*buttons[-1 - which % len(buttons)])
