"""Whatever Ana does, in whatever order, and whatever time passes in between: some things always hold.

Hypothesis makes up her days: taps on what she sees and on what she saw, words, changed words, commands, hours that
pass, and restarts of the program in the middle of it. Never are two check-ins open; Telegram is never asked for
anything it refuses; no update is set aside; every word of hers is stored as she wrote it, and every tap answered.
Each answer that is kept was tapped below its question or typed as that number, and a single /help leads on.
"""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from alliance.buttons import decode
from alliance.checkin_presses import Change
from alliance.presses import Rate
from storage.tables import Answer
from storage.vault import Vault
from tests.kept_engines import copied_anew, kept_database
from tests.stories.opening import ANA_AND_BEN, opened_ward
from tests.stories.ward import Ward, texts

# no crisis words and no commands that exist: those have their own steps
_SENTENCES = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=60)
_WORDS = st.sampled_from(["/nothing", "/feel worse"]) | _SENTENCES.filter(
    lambda words: words.strip() and "/" not in words
)

_STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tap"), st.integers(0, 12)),
        st.tuples(st.just("tap"), st.integers(0, 40)),
        st.tuples(st.just("write"), st.sampled_from(["1", "4", "7"])),
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
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # an example takes a second, making it smaller minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
@given(steps=_STEPS)
async def test_whatever_ana_does(
    sqlite_template: Path, story_file: Path, vault: Vault, steps: list[tuple[str, object]]
) -> None:
    folder = Path(tempfile.mkdtemp())
    database = kept_database(copied_anew(sqlite_template, story_file), vault)
    try:
        async with opened_ward(database, folder, ANA_AND_BEN) as ward:  # at its end nothing may have gone wrong
            await _daily(ward)
            wrote: dict[int, list[str]] = {}
            tapped: list[tuple[int, str]] = []  # on which message, and what the button was about
            for kind, what in steps:
                await _step(ward, kind, what, wrote, tapped)
            await ward.settle()

            await _each_answer_was_given(ward, wrote, tapped)
            await _help_leads_on(ward)
            assert sorted(word for word in await ward.words(ward.ana) if word is not None) == sorted(
                word for versions in wrote.values() for word in versions
            )
    finally:
        await database.close()
        shutil.rmtree(folder)


async def _step(
    ward: Ward, kind: str, what: object, wrote: dict[int, list[str]], tapped: list[tuple[int, str]]
) -> None:
    match kind, what:
        case "tap" | "tap_old", int(which):
            tapped += _press(ward, which, what_was=kind == "tap_old")
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


def _press(ward: Ward, which: int, *, what_was: bool) -> list[tuple[int, str]]:
    """Press one of the buttons on her screen, or of those that ever were, if there is one."""
    shown = ward.sandbox.ledger.ever_shown(ward.ana.user_id) if what_was else ward.ana.screen
    buttons = [(s.message_id, b.data) for s in shown for row in s.buttons for b in row if b.data]
    # the menu takes some words as answers and can delete all of them: that is told in test_whatever_ana_decides
    buttons = [(message_id, data) for message_id, data in buttons if not data.startswith(("m:", "o:", "e:"))]
    if not buttons:
        return []
    message_id, data = buttons[-1 - which % len(buttons)]
    ward.ana.taps_old(message_id, data)
    return [(message_id, data)]


async def _each_answer_was_given(ward: Ward, wrote: dict[int, list[str]], tapped: list[tuple[int, str]]) -> None:
    """Each answer is what was said last in that check-in below that question, or typed as that number."""
    instrument = ward.program.clinic.instrument
    shown = ward.sandbox.ledger.ever_shown(ward.ana.user_id)
    taps = [(message_id, data, decode(data)) for message_id, data in tapped]
    for answer in await _all_answers(ward):
        item = instrument.item(answer.item_id)
        assert item is not None
        question = item.words["en"].question.replace("{clinician}", "Dr Cole")
        if answer.is_typed:
            assert any(versions[0].strip() == str(answer.rating) for versions in wrote.values())
            assert any(form.message_id == answer.message_id and question in form.text for form in shown)
            continue
        meant = [
            (message_id, data)
            for message_id, data, press in taps
            if isinstance(press, Rate | Change)
            and (press.checkin_id, press.item_id, press.rating) == (answer.checkin_id, item.id, answer.rating)
        ]
        assert any(message_id == answer.message_id for message_id, _ in meant)
        assert all(
            question in form.text
            for message_id, data in meant
            for form in shown
            if form.message_id == message_id and any(b.data == data for row in form.buttons for b in row)
        )


async def _all_answers(ward: Ward) -> list[Answer]:
    async with ward.database.reading() as session:
        return list(await session.scalars(select(Answer)))


async def _help_leads_on(ward: Ward) -> None:
    before = len(texts(ward.ana))
    await ward.writes(ward.ana, "/help")
    assert len(texts(ward.ana)) == before + 1
    assert ward.says("safety.button") in ward.ana.last.labels


async def _daily(ward: Ward) -> None:
    await ward.writes(ward.kim, "/cadence BIRCH-07")
    await ward.taps(ward.kim, "Every day", "Save this cadence")
