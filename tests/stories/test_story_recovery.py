"""Ana's flag and what became of it: her next answers decide, and Dr Cole reads that she is back to her usual.

What is remembered of Ana between check-ins is the same as what all her check-ins would tell, whatever happened in
between: a number put right, a sentence afterwards, a silence, a restart.
"""

from datetime import date

from alliance.course import course_of
from alliance.course_json import as_json, from_json
from alliance.rupture import signs
from storage import courses
from tests.stories.ward import ON_BOTH, Ward, madrid, texts
from workflows.follow_course import EVERYTHING, observed
from workflows.unit import Unit

GOOD = ("7", "6", "7", "Leave it at that")
LOW = ("7", "6", "2", "Leave it at that")
DAYS = (2, 5, 9, 12, 16, 19, 23, 26, 30)  # of March, Mondays and Thursdays


@ON_BOTH
async def test_a_repair_is_told_as_one_with_the_days_it_took(ward: Ward) -> None:
    for day in DAYS[:4]:
        await answers(ward, day, *GOOD)
    await answers(ward, 16, *LOW)
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Will raise it")
    await answers(ward, 19, *GOOD)
    await answers(ward, 23, *GOOD)

    await ward.until(madrid(3, 24, "08:01"))

    (flag,) = await ward.flags()
    assert (flag.state, flag.resolution, flag.reason["days"]) == ("resolved", "repaired", 2)
    digest = next(text for text in reversed(texts(ward.cole)) if text.startswith("Digest"))
    assert "Back to usual: 1\nBIRCH-07: Relationship, a short dip, back 2 days after the flag." in digest.replace(
        "• ", ""
    )


async def test_a_repair_is_told_once(ward: Ward) -> None:
    for day in DAYS[:4]:
        await answers(ward, day, *GOOD)
    await answers(ward, 16, *LOW)
    for day in (19, 23):
        await answers(ward, day, *GOOD)

    await ward.until(madrid(3, 26, "08:01"))

    assert sum("Back to usual" in text for text in texts(ward.cole)) == 1


async def test_low_answers_after_somebody_acted_are_no_repair(ward: Ward) -> None:
    for day in DAYS[:4]:
        await answers(ward, day, *GOOD)
    await answers(ward, 16, *LOW)
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Will raise it")
    for day in DAYS[5:]:
        await answers(ward, day, *LOW)

    assert "repaired" not in {flag.resolution for flag in await ward.flags()}
    assert not any("Back to usual" in text for text in texts(ward.cole))


async def test_what_is_meant_for_a_visit_is_judged_by_the_answers_after_it(ward: Ward) -> None:
    await is_flagged_and_meant_for_a_visit(ward)
    await ward.writes(ward.cole, "/visit BIRCH-07 31 March 10:00")
    for day in DAYS[5:]:
        await answers(ward, day, *LOW)

    (flag,) = await ward.flags()
    assert (flag.state, flag.resolution) == ("acknowledged", None)  # nobody has raised anything yet

    for day in (2, 6, 9, 13):
        await answers(ward, day, *LOW, month=4)
    flags = await ward.flags()
    assert [(each.state, each.resolution) for each in flags] == [("resolved", "unrepaired"), ("raised", None)]
    assert flags[0].settled_at is not None
    assert flags[0].settled_at.date() == date(2026, 4, 13)


async def test_a_visit_that_was_called_off_holds_nothing_up(ward: Ward) -> None:
    await is_flagged_and_meant_for_a_visit(ward)
    await ward.writes(ward.cole, "/visit BIRCH-07 31 March 10:00", "/visit")
    await ward.taps(ward.cole, "BIRCH-07, Tuesday 31 March at 10:00", "Call it off")
    for day in DAYS[5:]:
        await answers(ward, day, *LOW)

    flags = await ward.flags()
    assert [(each.state, each.resolution) for each in flags] == [("resolved", "unrepaired"), ("raised", None)]
    assert flags[0].settled_at is not None
    assert flags[0].settled_at.date() == date(2026, 3, 30)


async def is_flagged_and_meant_for_a_visit(ward: Ward) -> None:
    for day in DAYS[:4]:
        await answers(ward, day, *GOOD)
    await answers(ward, 16, *LOW)
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Will raise it")


@ON_BOTH
async def test_what_is_kept_of_her_is_what_all_her_check_ins_tell(ward: Ward) -> None:
    await answers(ward, 2, *GOOD)
    await ward.until(madrid(3, 5, "09:00"))
    await ward.taps(ward.ana, "7", "1")  # and then nothing more
    await answers(ward, 9, "6", "6", "2")
    await ward.writes(ward.ana, "I was not listened to.")
    await ward.restart()
    await ward.until(madrid(3, 16, "09:00"))  # Thursday passes without a reply
    await ward.taps(ward.ana, "7", "7", "6")

    kept, anew = await both(ward)

    assert kept == as_json(from_json(anew))
    assert kept == anew


async def test_a_flag_can_be_judged_again_from_what_it_keeps(ward: Ward) -> None:
    for day in DAYS[:4]:
        await answers(ward, day, *GOOD)
    await answers(ward, 16, *LOW)

    (flag,) = await ward.flags()

    seen = flag.reason["seen"]
    assert isinstance(seen, dict)
    assert [(marker.signal, marker.rule, marker.domain) for marker in signs(from_json(seen))] == [
        (flag.signal, flag.rule, flag.domain)
    ]


async def answers(ward: Ward, day: int, *taps: str, month: int = 3) -> None:
    await ward.until(madrid(month, day, "09:00"))
    await ward.taps(ward.ana, *taps)


async def both(ward: Ward) -> tuple[dict[str, object], dict[str, object]]:
    """What is kept of Ana, and what all her check-ins tell when they are read from the first."""
    program = ward.program
    async with program.database.reading() as session:
        (patient_id, kept) = await anext(courses.every(session))
        unit = Unit(session=session, now=madrid(3, 16, "10:00"), clinic=program.clinic, origin="test")
        anew = course_of(await observed(unit, patient_id, limit=EVERYTHING))
    return dict(kept), as_json(anew)
