"""What is taken for trouble, and what is not yet."""

from datetime import datetime, timedelta

import pytest

from bot.alarm_words import advice, as_dict, notice, says
from bot.announcer import Announcement
from bot.findings import STALLED_AFTER, WEDGED_AFTER, Finding, Pulse, Severity, Symptom, Trouble, judge
from bot.second_channel import WITHIN
from bot.watchdog import LOOK_EVERY

SECOND = timedelta(seconds=1)


def seen(
    now: datetime,
    *,
    pulses: dict[str, Pulse] | None = None,
    lag: timedelta = timedelta(0),
    troubles: tuple[Trouble, ...] = (),
) -> tuple[Finding, ...]:
    return judge(pulses or {}, lag=lag, troubles=troubles, now=now)


@pytest.mark.parametrize(
    ("age", "every", "is_stalled"),
    [
        pytest.param(timedelta(0), timedelta(0), False, id="it has just gone round"),
        pytest.param(STALLED_AFTER, timedelta(0), False, id="a moment before"),
        pytest.param(STALLED_AFTER + SECOND, timedelta(0), True, id="a moment after"),
        pytest.param(timedelta(minutes=59), timedelta(hours=1), False, id="a tick that asks hourly rests"),
        pytest.param(timedelta(hours=1) + STALLED_AFTER + SECOND, timedelta(hours=1), True, id="it rests too long"),
    ],
)
def test_a_loop_is_stalled_when_it_has_not_gone_round_for_too_long(
    moment: datetime, age: timedelta, every: timedelta, is_stalled: bool
) -> None:
    found = seen(moment, pulses={"sender": Pulse(age=age, every=every), "updates": Pulse(age=SECOND)})

    assert found == ((Finding(symptom=Symptom.LOOP_STALLED, about="sender", since=moment - age),) if is_stalled else ())


@pytest.mark.parametrize(("lag", "is_wedged"), [(WEDGED_AFTER, False), (WEDGED_AFTER + SECOND, True)])
def test_the_event_loop_is_wedged_when_it_does_not_answer(moment: datetime, lag: timedelta, is_wedged: bool) -> None:
    found = seen(moment, lag=lag)

    assert found == ((Finding(symptom=Symptom.EVENT_LOOP_WEDGED, since=moment - lag),) if is_wedged else ())


@pytest.mark.parametrize("symptom", list(Symptom))
def test_each_trouble_is_given_its_time_and_is_found_within_the_minute(moment: datetime, symptom: Symptom) -> None:
    def at(age: timedelta) -> tuple[Finding, ...]:
        return seen(moment, troubles=(Trouble(symptom=symptom, about="", since=moment - age, age=age),))

    early = at(symptom.patience - timedelta(milliseconds=1)) if symptom.patience else ()

    assert early == ()
    assert at(symptom.patience) == (Finding(symptom=symptom, since=moment - symptom.patience),)
    assert symptom.patience <= timedelta(seconds=60)


def test_the_worst_comes_first(moment: datetime) -> None:
    troubles = tuple(
        Trouble(symptom=symptom, about="", since=moment, age=timedelta(hours=1))
        for symptom in (Symptom.DISK_NEARLY_FULL, Symptom.STAFF_UNREACHABLE, Symptom.DATABASE_REFUSES)
    )

    found = seen(moment, troubles=troubles)

    assert [one.symptom for one in found] == [
        Symptom.DATABASE_REFUSES,
        Symptom.STAFF_UNREACHABLE,
        Symptom.DISK_NEARLY_FULL,
    ]
    assert [one.symptom.severity for one in found] == [Severity.RED, Severity.RED, Severity.AMBER]


def test_a_stall_is_told_within_ninety_seconds() -> None:
    assert STALLED_AFTER.total_seconds() + 2 * LOOK_EVERY + WITHIN < 90


@pytest.mark.parametrize("symptom", list(Symptom))
def test_every_symptom_has_its_sentence_and_its_advice(moment: datetime, symptom: Symptom) -> None:
    finding = Finding(symptom=symptom, about="mail", since=moment)

    assert says(finding).endswith(".")
    assert "{" not in says(finding)
    assert advice(finding).endswith(".")


def test_a_notice_says_what_is_wrong_since_when_what_to_do_and_what_is_over(moment: datetime) -> None:
    stalled = Finding(symptom=Symptom.LOOP_STALLED, about="sender", since=moment)
    full = Finding(symptom=Symptom.DISK_NEARLY_FULL, since=moment)

    said = notice(Announcement(present=(stalled,), over=(full,)), at=moment)

    assert (said.kind, said.subject) == ("alarm", "Check-in bot: loop stalled")
    assert said.text.splitlines() == [
        "Since 2026-03-02 08:00:00 UTC: The loop sender stands still; what it does for patients and staff waits.",
        "  Look at the last lines of the log; if they say nothing of use, start the bot again.",
        "Over: The disk is nearly full; when it is, no message can be stored. (Since 2026-03-02 08:00:00 UTC)",
    ]
    assert said.details == {"findings": [as_dict(stalled)], "over": [as_dict(full)]}


def test_a_notice_that_all_is_over_says_so(moment: datetime) -> None:
    full = Finding(symptom=Symptom.DISK_NEARLY_FULL, since=moment)

    said = notice(Announcement(present=(), over=(full,)), at=moment)

    assert (said.kind, said.subject) == ("over", "Check-in bot: all is well again")
    assert "Nothing else is wrong." in said.text
