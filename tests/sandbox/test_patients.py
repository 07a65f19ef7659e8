"""Simulated patients: what they do because of what is on their screen."""

import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sandbox import Person, Sandbox
from sandbox.habits import Habits, drawn
from sandbox.patients import Patient
from sandbox.ruptures import Kind, Rupture, planted
from sandbox.sentences import SENTENCES
from tests.sandbox.hands import NOON, Caller, HandClock, Json

STEADY = Habits(
    hour="09:00",
    reply_rate=1.0,
    usual=(1.0, 1.0, 1.0),
    spread=0.0001,
    sentence_rate=0.0,
    typed_rate=0.0,
    old_tap_rate=0.0,
    sticker_rate=0.0,
    edit_rate=0.0,
)  # answers always, the highest number, and says nothing
HELP = [{"text": "Help", "callback_data": "h"}]
FIRST, SECOND, THIRD = "goal", "task", "bond"

Makes = Callable[..., Patient]
Asks = Callable[..., Awaitable[list[str]]]


def luck(seed: int = 1) -> random.Random:
    return random.Random(seed)  # noqa: S311  repeatable on purpose


def question(item: str) -> Json:
    numbers = [{"text": f"{n}", "callback_data": f"{item}:{n}"} for n in range(1, 8)]
    return {"text": item, "reply_markup": {"inline_keyboard": [numbers, HELP]}}


def remark(*choices: str) -> Json:
    """What ends a check-in, below the choices, above what every page of it has."""
    above = [[{"text": choice, "callback_data": choice}] for choice in choices]
    around = [{"text": "Change", "callback_data": "change"}, {"text": "Who", "callback_data": "who"}]
    rows = [*above, [{"text": "No", "callback_data": "no"}], around, HELP]
    return {"text": "more?", "reply_markup": {"inline_keyboard": rows}}


@pytest.fixture
def makes(ana: Person) -> Makes:
    """Makes a patient out of Ana who has enrolled already."""

    def make(habits: Habits = STEADY, *, rupture: Rupture | None = None, seed: int = 1) -> Patient:
        chance = luck(seed)
        patient = Patient(ana, habits, chance, zone="Europe/Madrid", rupture=rupture)
        patient._joining.clear()
        return patient

    return make


@pytest.fixture
def asks(sandbox: Sandbox, call: Caller, clock: HandClock) -> Asks:
    """Plays a bot that asks three questions and wants to know whether there is more; what Ana did, in order."""

    async def ask(patient: Patient, *, asks_why: bool = False) -> list[str]:
        chat = patient.person.user_id
        sent = await call.ok("sendMessage", chat_id=chat, **question(FIRST))
        end = {THIRD: remark("why", "reason"), "reason": remark("wish", "call"), "wish": remark()} if asks_why else {}
        follows = {FIRST: question(SECOND), SECOND: question(THIRD), THIRD: remark(), **end}
        done = list[str]()
        deeds = list(patient.looks(clock.now()))
        while deeds:
            deed = min(deeds, key=lambda each: each.at)
            deeds.remove(deed)
            clock.moment = deed.at
            before = len(sandbox.world.taps)
            deed.do()
            if len(sandbox.world.taps) == before:
                done.append(patient.person.screen[-1].text)
                continue
            data = list(sandbox.world.taps.values())[-1].data
            done.append(data)
            if follow := follows.get(data.split(":")[0]):
                await call.ok("editMessageText", chat_id=chat, message_id=sent["message_id"], **follow)
                deeds += patient.looks(clock.now())
        return done

    return ask


async def test_a_check_in_is_answered_item_by_item_and_ended(makes: Makes, asks: Asks) -> None:
    ana = makes()

    done = await asks(ana)

    assert done[:3] == ["goal:7", "task:7", "bond:7"]
    assert done[3:] in (["no"], [])


async def test_what_is_asked_about_a_low_answer_is_tapped_before_the_end(makes: Makes, asks: Asks) -> None:
    ana = makes()

    done = await asks(ana, asks_why=True)

    assert done[:5] == ["goal:7", "task:7", "bond:7", "reason", "wish"]
    assert done[5:] in (["no"], [])


async def test_whoever_never_replies_does_not(makes: Makes, asks: Asks) -> None:
    ana = makes(replace(STEADY, reply_rate=0.0))

    assert await asks(ana) == []


async def test_a_talkative_patient_writes_a_sentence(makes: Makes, asks: Asks) -> None:
    ana = makes(replace(STEADY, sentence_rate=1.0))

    done = await asks(ana)

    assert done[3] in SENTENCES["en"]["warm"]


async def test_a_sentence_may_be_corrected_afterwards(makes: Makes, asks: Asks) -> None:
    ana = makes(replace(STEADY, sentence_rate=1.0, edit_rate=1.0))

    done = await asks(ana)

    assert len(done) == 5
    assert done[4] == f"{done[3][:-1]}, more or less."


async def test_some_type_the_number(makes: Makes, asks: Asks) -> None:
    ana = makes(replace(STEADY, typed_rate=1.0))

    done = await asks(ana)

    assert done[0] == "7"


async def test_a_sticker_now_and_then(makes: Makes, asks: Asks) -> None:
    ana = makes(replace(STEADY, sticker_rate=1.0))

    await asks(ana)

    assert "sticker" in {shown.other for shown in ana.person.screen}


async def test_last_weeks_message_is_tapped_again(makes: Makes, asks: Asks, clock: HandClock) -> None:
    ana = makes(replace(STEADY, old_tap_rate=1.0, minutes_to_reply=60))
    await asks(ana)
    first = ana.person.last.message_id
    clock.forward(days=7)

    tapped = await taps_in(ana, asks)

    assert tapped[0] == (first, "bond:7")


async def taps_in(patient: Patient, asks: Asks) -> list[tuple[int, str]]:
    """The taps that follow a new check-in, each with the message it was on."""
    tapped: list[tuple[int, str]] = []
    taps_old = patient.person.taps_old

    def noted(message_id: int, data: str) -> object:
        tapped.append((message_id, data))
        return taps_old(message_id, data)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(patient.person, "taps_old", noted)
        await asks(patient)
    return tapped


async def test_a_reminder_does_not_make_a_second_answer(makes: Makes, call: Caller, clock: HandClock) -> None:
    ana = makes()
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))
    planned = ana.looks(clock.now())
    clock.forward(hours=5)
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))

    again = ana.looks(clock.now())

    assert (len(planned), len(again)) == (1, 0)


async def test_the_next_check_in_is_a_new_one(makes: Makes, call: Caller, clock: HandClock) -> None:
    ana = makes()
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))
    ana.looks(clock.now())
    clock.forward(hours=21)
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))

    assert len(ana.looks(clock.now())) == 1


async def test_nobody_answers_asleep(makes: Makes, call: Caller, clock: HandClock) -> None:
    ana = makes(replace(STEADY, minutes_to_reply=1.0))
    clock.moment = NOON.replace(hour=22, minute=30)  # half past eleven in Madrid
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))

    (deed,) = ana.looks(clock.now())

    assert NOON.replace(day=3, hour=6) < deed.at < NOON.replace(day=3, hour=7)


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        pytest.param(Kind.SHARP_DROP, ["goal:7", "task:3", "bond:7"], id="one domain falls"),
        pytest.param(Kind.SUSTAINED_STEP, ["goal:5", "task:5", "bond:5"], id="all fall, less"),
        pytest.param(Kind.COMPLAINT, ["goal:7", "task:3", "bond:3"], id="what is complained about falls"),
        pytest.param(Kind.SILENCE, [], id="nothing comes"),
        pytest.param(Kind.ONLY_WORDS, ["goal:7", "task:7", "bond:7"], id="the numbers stay polite"),
        pytest.param(Kind.APPEASEMENT, ["goal:6", "task:6", "bond:6"], id="everything a little lower"),
    ],
)
async def test_a_planted_rupture_shows(makes: Makes, asks: Asks, kind: Kind, given: list[str]) -> None:
    # three and two of these standard deviations are .6 and .4 of the range
    rupture = planted(kind, starts_at=NOON - timedelta(days=1), single=1)
    ana = makes(replace(STEADY, spread=0.2), rupture=rupture)
    ana._mood.next = lambda: (1.0, 1.0, 1.0)

    done = await asks(ana)

    assert done[:3] == given


@pytest.mark.parametrize("kind", Kind)
async def test_before_and_after_it_there_is_nothing_to_see(makes: Makes, asks: Asks, kind: Kind) -> None:
    later = planted(kind, starts_at=NOON + timedelta(days=1), single=1)
    earlier = planted(kind, starts_at=NOON - timedelta(days=60), single=1)

    assert (await asks(makes(rupture=later)))[:3] == ["goal:7", "task:7", "bond:7"]
    assert (await asks(makes(rupture=earlier)))[:3] == ["goal:7", "task:7", "bond:7"]


@pytest.mark.parametrize(
    ("kind", "sentences"),
    [(Kind.COMPLAINT, "complaint"), (Kind.ONLY_WORDS, "complaint"), (Kind.APPEASEMENT, "appeasing")],
)
async def test_what_is_wrong_is_said_or_smoothed_over(makes: Makes, asks: Asks, kind: Kind, sentences: str) -> None:
    ana = makes(rupture=planted(kind, starts_at=NOON, single=0))

    done = await asks(ana)

    assert done[3] in SENTENCES["en"][sentences]


async def joins(patient: Patient, call: Caller, clock: HandClock, shown: Sequence[Json]) -> list[str]:
    """Show one message after another; what the person pressed or wrote to each."""
    done: list[str] = []
    for message in shown:
        await call.ok("sendMessage", chat_id=patient.person.user_id, **message)
        for deed in patient.looks(clock.now()):
            deed.do()
            newest = patient.person._taps[-1].data if patient.person._taps else ""
            done.append(own_words(patient.person) or newest)
    return done


def own_words(person: Person) -> str:
    last = person.screen[-1]
    return "" if last.from_bot else last.text


def choices(*rows: Sequence[str]) -> Json:
    keyboard = [[{"text": label, "callback_data": label} for label in row] for row in rows]
    return {"text": "?", "reply_markup": {"inline_keyboard": keyboard}}


CONSENT, ZONE = choices(["Yes, gladly"], ["No"]), choices(["Yes", "No"])
HOURS = choices(["08:00", "09:00"])


@pytest.mark.parametrize(
    ("refuses", "city", "hour", "shown", "done"),
    [
        pytest.param(False, None, "09:00", [CONSENT, ZONE, HOURS], ["Yes, gladly", "Yes", "09:00"], id="plain"),
        pytest.param(True, None, "09:00", [CONSENT, ZONE], ["No"], id="no, and nothing more"),
        pytest.param(
            False,
            "Bogota",
            "09:00",
            [CONSENT, ZONE, {"text": "Where?"}, choices(["America, Bogota"]), HOURS],
            ["Yes, gladly", "No", "Bogota", "America, Bogota", "09:00"],
            id="elsewhere",
        ),
        pytest.param(False, None, "17:30", [CONSENT, ZONE, HOURS], ["Yes, gladly", "Yes", "17:30"], id="own hour"),
    ],
)
async def test_joining(
    ana: Person,
    call: Caller,
    clock: HandClock,
    refuses: bool,
    city: str | None,
    hour: str,
    shown: list[Json],
    done: list[str],
) -> None:
    habits = replace(STEADY, hour=hour)
    patient = Patient(ana, habits, luck(1), zone="Europe/Madrid", refuses=refuses, city=city)

    assert await joins(patient, call, clock, shown) == done


async def test_leaving_is_confirmed(makes: Makes, call: Caller, clock: HandClock) -> None:
    ana = makes()
    ana.asks_to_leave()
    await call.ok("sendMessage", chat_id=ana.person.user_id, **choices(["Stop", "Stay"]))

    (deed,) = ana.looks(clock.now())
    deed.do()

    assert ana.person._taps[-1].data == "Stop"


async def test_whoever_has_blocked_the_bot_does_nothing_more(makes: Makes, call: Caller, clock: HandClock) -> None:
    ana = makes()
    await call.ok("sendMessage", chat_id=ana.person.user_id, **question(FIRST))
    (deed,) = ana.looks(clock.now())
    ana.person.blocks()

    deed.do()

    assert (ana.person._taps, ana.looks(clock.now())) == ([], ())


async def test_the_same_luck_makes_the_same_life(makes: Makes, asks: Asks, clock: HandClock) -> None:
    habits = drawn(luck(3), language="en", hour="09:00")
    lives: list[tuple[list[str], datetime]] = []
    for _ in range(2):
        clock.moment = NOON
        lives.append((await asks(makes(habits, seed=5)), clock.moment))

    assert lives[0] == lives[1]


def test_people_differ_and_stay_within_bounds() -> None:
    people = [drawn(luck(seed), language="en", hour="09:00") for seed in range(200)]

    usual = [one for habits in people for one in habits.usual]
    assert len({habits.reply_rate for habits in people}) == len(people)
    assert min(usual) >= 0.3
    assert max(usual) <= 1.0
    assert sum(usual) / len(usual) == pytest.approx(0.79, abs=0.03)


def test_every_mood_has_sentences_in_every_language() -> None:
    assert {frozenset(said) for said in SENTENCES.values()} == {
        frozenset({"warm", "banal", "complaint", "appeasing", "direct", "indirect"})
    }
