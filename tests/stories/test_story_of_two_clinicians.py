"""Dr Cole and Dr Day care for one patient: the question about the bond says whom it means, and takes turns.

What is said of the bond with one is told to that one, and never mixed up with the other's.
"""

from sqlalchemy import select

from alliance.items import Domain
from alliance.observation import Observation
from alliance.people import SYSTEM
from storage.tables import Answer, Checkin
from tests.stories.in_two_languages import IN_BOTH, Asked
from tests.stories.ward import ON_BOTH, Ward, madrid, texts
from workflows.follow_course import observed
from workflows.share_patient import add_clinician, remove_clinician

TITLE = "digest.about_you.title"


@IN_BOTH
async def test_the_question_about_the_bond_says_whom_it_means_and_takes_turns(asked: Asked) -> None:
    ward = asked.ward
    await _shared(ward)
    names = []
    for day, number in ((2, "6"), (5, "2"), (9, "6"), (12, "5")):
        await ward.until(madrid(3, day, "09:00"))
        await asked.presses("6", "6")
        names.append(_named(asked))
        await asked.presses(number)
        await asked.presses("checkin.nothing_to_add")

    assert names == ["Dr Cole", "Dr Day", "Dr Cole", "Dr Day"]
    assert await _about(ward) == [("COLE", 6), ("DAY", 2), ("COLE", 6), ("DAY", 5)]


@IN_BOTH
async def test_a_low_answer_is_asked_about_and_told_with_the_name_it_was_about(asked: Asked) -> None:
    ward = asked.ward
    await asked.presses("6", "6", "6", "checkin.nothing_to_add")
    await _shared(ward)
    await ward.until(madrid(3, 5, "09:00"))
    await asked.presses("checkin.button.who")
    assert asked.says("asking.who.bond", colleague="Dr Day") in asked.screen
    await asked.presses("checkin.button.back", "6", "6", "2")
    assert asked.says("checkin.why.bond", clinician="Dr Day") in asked.screen
    await asked.presses("checkin.concern.not_heard", "checkin.wish.call")
    assert asked.says("checkin.given.rated", number=3, topic=_topic(asked, "Dr Day"), rating=2) in asked.screen
    await asked.presses("checkin.nothing_to_add")

    await ward.until(madrid(3, 6, "08:01"))

    days, coles = ward.day.last.text, ward.cole.last.text
    assert ward.says(TITLE) in days
    line = "BIRCH-07, 5 March: 2 of 7. Chosen: did not feel heard. Would like a call."
    assert line in days
    assert ward.says("digest.about_you.why") in days
    # the primary clinician hears of the wish, and neither of the number nor of what lies behind it
    assert "BIRCH-07, 5 March. Would like a call." in coles
    assert "Relationship" not in coles
    assert "did not feel heard" not in coles
    assert ward.says(TITLE) not in coles
    # and not a second time
    await ward.until(madrid(3, 9, "08:01"))
    assert ward.says(TITLE) not in ward.day.last.text


@ON_BOTH
async def test_the_next_rating_stands_beside_those_before(asked: Asked) -> None:
    ward = asked.ward
    await _shared(ward)
    for day, number in ((2, "6"), (5, "6"), (9, "6"), (12, "checkin.button.skip")):
        await ward.until(madrid(3, day, "09:00"))
        await asked.presses("6", "6", number, "checkin.nothing_to_add")

    await ward.until(madrid(3, 13, "08:01"))

    assert "BIRCH-07, 12 March: this question was skipped. Before: 6." in ward.day.last.text


async def test_with_one_clinician_nothing_changes(asked: Asked) -> None:
    for day in (2, 5, 9):
        await asked.ward.until(madrid(3, day, "09:00"))
        await asked.presses("6", "6")
        assert _named(asked) == "Dr Cole"
        await asked.presses("checkin.button.who")
        assert "Dr Day" not in asked.screen
        await asked.presses("checkin.button.back", "6", "checkin.nothing_to_add")

    await asked.ward.until(madrid(3, 10, "08:01"))

    assert asked.ward.says(TITLE) not in "\n".join(texts(asked.ward.day) + texts(asked.ward.cole))
    assert [(seen.bond_asked, seen.skipped_bond) for seen in await _seen(asked.ward)] == [(True, False)] * 3


async def test_the_usual_of_one_bond_is_not_that_of_the_other(asked: Asked) -> None:
    ward = asked.ward
    await _shared(ward)
    days = [(3, 2), (3, 5), (3, 9), (3, 12), (3, 16), (3, 19), (3, 23), (3, 26), (3, 30), (4, 2), (4, 6), (4, 9)]
    for place, (month, day) in enumerate(days):
        await ward.until(madrid(month, day, "09:00"))
        await asked.presses("6", "6", "2" if place % 2 else "6")  # low whenever it is about Dr Day
        await asked.presses("checkin.nothing_to_add")

    seen = await _seen(ward)
    assert [one.bond_asked for one in seen] == [True, False] * 6
    assert [one.ratings.get(Domain.BOND) is None for one in seen] == [False, True] * 6
    assert {one.skipped_bond for one in seen} == {False, None}
    assert await ward.flags() == []  # twelve equal answers: nothing has changed for anybody

    await ward.until(madrid(4, 13, "09:00"))
    await asked.presses("6", "6", "1")
    assert [(flag.domain, flag.signal) for flag in await ward.flags()] == [("bond", "drop")]  # about Dr Cole it has


async def test_who_is_removed_is_asked_about_no_more_in_the_open_check_in_either(asked: Asked) -> None:
    ward = asked.ward
    await asked.presses("6", "6", "6", "checkin.nothing_to_add")
    await _shared(ward)
    await ward.until(madrid(3, 5, "09:00"))
    await asked.presses("5", "5")
    question = asked.person.last
    assert _named(asked) == "Dr Day"
    two = next(button.data for row in question.buttons for button in row if button.label == "2")

    await _removed(ward)

    assert asked.is_on("checkin.title_remark")  # the other two were answered: nothing is left to ask
    asked.person.taps_old(question.message_id, two or "")
    await ward.settle()
    assert asked.person.toasts[-1] == asked.says("toast.unknown")
    assert await _about(ward) == [("COLE", 6)]
    await ward.until(madrid(3, 6, "08:01"))
    assert ward.says(TITLE) not in ward.day.last.text
    await ward.until(madrid(3, 9, "09:00"))
    await asked.presses("6", "6")
    assert _named(asked) == "Dr Cole"


async def test_what_was_said_before_somebody_was_removed_is_kept_and_not_told_any_more(asked: Asked) -> None:
    ward = asked.ward
    await asked.presses("6", "6", "6", "checkin.nothing_to_add")
    await _shared(ward)
    await ward.until(madrid(3, 5, "09:00"))
    await asked.presses("6", "6", "6")

    await _removed(ward)

    topic = _topic(asked, "Dr Day")
    assert asked.says("checkin.given.rated", number=3, topic=topic, rating=6) in asked.screen
    assert await _about(ward) == [("COLE", 6), ("DAY", 6)]
    await ward.until(madrid(3, 6, "08:01"))
    assert "BIRCH-07" not in ward.day.last.text


def _topic(asked: Asked, name: str) -> str:
    return asked.says("checkin.topic.bond", clinician=name)


def _named(asked: Asked) -> str:
    """Whose name the question on the screen says; exactly one."""
    question = asked.screen.splitlines()
    (name,) = {name for name in ("Dr Cole", "Dr Day") for line in question if name in line and "✓" not in line}
    return name


async def _shared(ward: Ward) -> None:
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "staff")
        unit.actor = SYSTEM
        await add_clinician(unit, await ward.person("BIRCH-07"), "DAY")


async def _removed(ward: Ward) -> None:
    async with ward.database.writing() as session:
        unit = ward.program.unit(session, "staff")
        unit.actor = SYSTEM
        await remove_clinician(unit, await ward.person("BIRCH-07"), "DAY")
    await ward.settle()


async def _about(ward: Ward) -> list[tuple[str, int]]:
    """Whom each answer about a bond meant, and what it was."""
    codes = {(await ward.person(code)).id: code for code in ("COLE", "DAY")}
    async with ward.database.reading() as session:
        rows = await session.execute(
            select(Answer.about_id, Answer.rating)
            .join(Checkin, Checkin.id == Answer.checkin_id)
            .where(Answer.domain == Domain.BOND)
            .order_by(Checkin.due_at)
        )
        return [(codes[about or 0], rating) for about, rating in rows]


async def _seen(ward: Ward) -> list[Observation]:
    async with ward.database.reading() as session:
        unit = ward.program.unit(session, "looking")
        return await observed(unit, (await ward.person("BIRCH-07")).id, limit=100)
