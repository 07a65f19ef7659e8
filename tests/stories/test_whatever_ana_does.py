"""Whatever Ana does, in whatever order, and whatever time passes in between: some things always hold.

Hypothesis makes up her days: taps on what she sees and on what she saw, words, changed words, commands, hours that
pass, and restarts of the program in the middle of it. Never are two check-ins open; Telegram is never asked for
anything it refuses; no update is set aside; every word of hers is stored as she wrote it, and every tap answered.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.database import Database
from storage.vault import Vault
from tests.stories.opening import ana_and_ben_enrol, opened_ward
from tests.stories.ward import Ward

# no crisis words and no commands that exist: those have their own steps
_SENTENCES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
_WORDS = st.sampled_from(["/nothing", "/feel worse"]) | _SENTENCES.filter(
    lambda words: words.strip() and "/" not in words
)

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.integers(0, 40)),
        st.tuples(st.just("tap_old"), st.integers(0, 400)),
        st.tuples(st.just("write"), _WORDS),
        st.tuples(st.just("edit"), _WORDS),
        st.tuples(
            st.just("command"),
            st.sampled_from(["/pause", "/pause 2", "/resume", "/help", "/leave", "/start", "/help_now"]),
        ),
        st.tuples(st.just("send"), st.sampled_from(["sticker", "voice", "photo"])),
        st.tuples(st.just("hours"), st.sampled_from([1, 6, 13, 30])),
        st.tuples(st.just("restart"), st.none()),
        st.tuples(st.just("settle"), st.none()),
    ),
    max_size=14,
)


@settings(
    max_examples=8,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=_STEPS)
async def test_whatever_ana_does(sqlite_template: Path, vault: Vault, steps: list[tuple[str, object]]) -> None:
    folder = Path(tempfile.mkdtemp())
    database = Database(f"sqlite:///{shutil.copy(sqlite_template, folder / 'ana.sqlite3')}", vault)
    try:
        async with opened_ward(database, folder) as ward:  # at its end nothing may have gone wrong
            await ana_and_ben_enrol(ward)
            await _daily(ward)
            wrote: dict[int, list[str]] = {}
            for kind, what in steps:
                await _step(ward, kind, what, wrote)
            await ward.settle()

            assert sorted(word for word in await ward.words(ward.ana) if word is not None) == sorted(
                word for versions in wrote.values() for word in versions
            )
    finally:
        await database.close()
        shutil.rmtree(folder)


async def _step(ward: Ward, kind: str, what: object, wrote: dict[int, list[str]]) -> None:
    match kind, what:
        case "tap" | "tap_old", int(which):
            _press(ward, which, what_was=kind == "tap_old")
        case "write" | "edit", str(words):
            await _writes(ward, words, wrote, again=kind == "edit")
        case "command", str(words):
            ward.ana.writes(words)
        case "send", str(thing):
            {"sticker": ward.ana.sends_sticker, "voice": ward.ana.sends_voice, "photo": ward.ana.sends_photo}[thing]()
        case "hours", int(hours):
            await ward.later(hours=hours)
            await ward.looks_at_what_is_due()
        case "restart", _:
            await ward.restart()
        case _:
            await ward.settle()
    open_now = [state for state in await ward.states() if state in {"queued", "open"}]
    assert len(open_now) <= 1


async def _writes(ward: Ward, words: str, wrote: dict[int, list[str]], *, again: bool) -> None:
    await ward.settle()  # so that it is known whether she takes part when she writes
    if (await ward.enrolment("BIRCH-07")).state == "left":
        ward.ana.writes(words)
    elif not again:
        wrote[ward.ana.writes(words).message_id] = [words]
    elif wrote and words != wrote[newest := max(wrote)][-1]:
        ward.ana.edits(newest, words)
        wrote[newest].append(words)


def _press(ward: Ward, which: int, *, what_was: bool) -> None:
    """Press one of the buttons on her screen, or of those that ever were, if there is one."""
    shown = ward.sandbox.ledger.ever_shown(ward.ana.user_id) if what_was else ward.ana.screen
    buttons = [(s.message_id, b.data) for s in shown for row in s.buttons for b in row if b.data]
    # the menu takes some words as answers and can delete all of them: that is told in test_whatever_ana_decides
    buttons = [(message_id, data) for message_id, data in buttons if not data.startswith(("m:", "o:", "e:"))]
    if buttons:
        ward.ana.taps_old(*buttons[-1 - which % len(buttons)])


async def _daily(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    await ward.taps(ward.kim, "Every day", "Save this cadence")
