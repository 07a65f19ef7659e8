"""Whoever runs the bot is told at first, every quarter of an hour, and once at the end; never more, never less."""

from datetime import datetime

import pytest

from bot.announcer import AGAIN_EVERY, OVER_AFTER, TRY_AGAIN_AFTER, Announcement, Announcer
from bot.findings import Finding, Symptom


@pytest.fixture
def stalled(moment: datetime) -> Finding:
    return Finding(symptom=Symptom.LOOP_STALLED, about="sender", since=moment)


@pytest.fixture
def full(moment: datetime) -> Finding:
    return Finding(symptom=Symptom.DISK_NEARLY_FULL, since=moment)


def told(
    announcer: Announcer, looks: dict[float, tuple[Finding, ...]], *, took: bool = True
) -> dict[float, Announcement]:
    """What was told at which second."""
    said: dict[float, Announcement] = {}
    for at, findings in looks.items():
        announcement = announcer.due(findings, at)
        if announcement is not None:
            said[at] = announcement
            announcer.was_told(announcement, at, took=took)
    return said


def test_while_all_is_well_nobody_is_told() -> None:
    assert told(Announcer(), dict.fromkeys(range(10_000), ())) == {}


def test_it_is_told_at_once_and_again_every_quarter_of_an_hour(stalled: Finding) -> None:
    said = told(Announcer(), {float(at): (stalled,) for at in range(2 * int(AGAIN_EVERY) + 100)})

    assert list(said) == [0.0, AGAIN_EVERY, 2 * AGAIN_EVERY]
    assert said[0.0] == Announcement(present=(stalled,), over=())


def test_when_it_is_over_that_is_told_once(stalled: Finding) -> None:
    said = told(Announcer(), {float(at): (stalled,) if at < 10 else () for at in range(3_000)})

    assert said == {
        0.0: Announcement(present=(stalled,), over=()),
        9.0 + OVER_AFTER: Announcement(present=(), over=(stalled,)),
    }


def test_what_comes_and_goes_is_one_trouble(stalled: Finding) -> None:
    said = told(Announcer(), {float(at): (stalled,) if at % 40 < 5 else () for at in range(890)})

    assert list(said) == [0.0]


def test_what_joins_later_is_told_at_once_with_all_that_lasts(stalled: Finding, full: Finding) -> None:
    looks = {float(at): (stalled,) if at < 100 else (stalled, full) for at in range(1_100)}

    said = told(Announcer(), looks)

    assert list(said) == [0.0, 100.0, 100.0 + AGAIN_EVERY]
    assert said[100.0] == Announcement(present=(stalled, full), over=())


def test_one_of_two_that_is_over_is_told_beside_the_one_that_lasts(stalled: Finding, full: Finding) -> None:
    looks = {float(at): (stalled, full) if at < 10 else (full,) for at in range(200)}

    said = told(Announcer(), looks)

    assert said[9.0 + OVER_AFTER] == Announcement(present=(full,), over=(stalled,))
    assert len(said) == 2


def test_what_nobody_took_is_tried_again_soon(stalled: Finding) -> None:
    announcer = Announcer()
    failed = told(announcer, {float(at): (stalled,) for at in range(95)}, took=False)

    worked = told(announcer, {float(at): (stalled,) for at in range(95, 900)})

    assert list(failed) == [0.0, TRY_AGAIN_AFTER, 2 * TRY_AGAIN_AFTER, 3 * TRY_AGAIN_AFTER]
    assert list(worked) == [4 * TRY_AGAIN_AFTER]


def test_an_end_that_nobody_took_is_tried_again(stalled: Finding) -> None:
    announcer = Announcer()
    told(announcer, {0.0: (stalled,)})

    failed = told(announcer, {float(at): () for at in range(1, 70)}, took=False)
    worked = told(announcer, {float(at): () for at in range(70, 300)})

    assert [one.over for one in failed.values()] == [(stalled,)]
    assert [one.over for one in worked.values()] == [(stalled,)]


def test_what_is_over_before_anybody_could_be_told_is_not_told_as_over(stalled: Finding) -> None:
    announcer = Announcer()
    told(announcer, {0.0: (stalled,)}, took=False)

    assert told(announcer, {float(at): () for at in range(1, 500)}) == {}


def test_what_comes_back_after_its_end_was_told_is_told_anew(stalled: Finding) -> None:
    looks = {float(at): (stalled,) if at < 10 or at >= 200 else () for at in range(300)}

    assert list(told(Announcer(), looks)) == [0.0, 9.0 + OVER_AFTER, 200.0]
