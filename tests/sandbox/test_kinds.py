"""Updates of every kind there is, and of kinds there are not."""

from datetime import timedelta

import pytest
import telegram
from telegram.constants import UpdateType

from sandbox import Person, Sandbox
from sandbox.contents import CONTENTS
from sandbox.kinds import every_kind
from sandbox.strange import STRANGENESSES, strange_updates
from sandbox.updates import LARGEST_UPDATE
from tests.sandbox.hands import NOON, Caller, Json


def drawn(person: Person, *, seed: int, number: int = 200) -> list[tuple[str, Json]]:
    return list(strange_updates(number, seed=seed, sender=person.user, chat=person.chat.wire, at=NOON))


def test_every_documented_kind_of_update_is_there(ana: Person) -> None:
    kinds = {next(iter(update)) for _, update in every_kind(ana.user, ana.chat.wire, NOON)}

    assert {str(kind) for kind in UpdateType} - kinds == set()


async def test_the_library_knows_every_field_of_them(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    names = sandbox.send_every_kind(ana)

    read = {
        name: telegram.Update.de_json(raw, None) for name, raw in zip(names, await call.ok("getUpdates"), strict=True)
    }

    assert len(read) == len(names) > 70
    assert [name for name, update in read.items() if update is None or update.api_kwargs] == []
    unknown = {
        name: dict(update.message.api_kwargs)
        for name, update in read.items()
        if update is not None and update.message is not None and update.message.api_kwargs
    }
    assert unknown == {}


@pytest.mark.parametrize("name", CONTENTS)
async def test_a_person_can_send_each_of_them(call: Caller, ana: Person, name: str) -> None:
    act = ana.sends(name)

    (update,) = await call.ok("getUpdates")

    assert update["message"] == act.update["message"]
    assert CONTENTS[name].items() <= update["message"].items()


def test_nobody_can_send_what_there_is_not(ana: Person) -> None:
    with pytest.raises(KeyError):
        ana.sends("a smell")


def test_the_same_seed_draws_the_same_strange_updates(ana: Person) -> None:
    assert drawn(ana, seed=1) == drawn(ana, seed=1) != drawn(ana, seed=2)


def test_a_few_hold_every_strangeness(ana: Person) -> None:
    few = drawn(ana, seed=1, number=len(STRANGENESSES))

    assert [name.partition(" (")[0] for name, _ in few] == list(STRANGENESSES)


def test_drawing_them_leaves_the_plausible_ones_as_they_were(ana: Person) -> None:
    before = repr(CONTENTS)
    drawn(ana, seed=3, number=2_000)

    assert repr(CONTENTS) == before


async def test_all_of_them_pass_through_the_queue_as_they_are(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    sandbox.send_strange(ana, 100, seed=5)
    updates: list[Json] = []
    while batch := await call.ok("getUpdates", offset=updates[-1]["update_id"] + 1 if updates else 0):
        updates += batch

    expected = [update for _, update in drawn(ana, seed=5, number=100)]
    assert [{key: value for key, value in each.items() if key != "update_id"} for each in updates] == expected
    assert sandbox.world.queue.dropped == 0


async def test_the_longest_are_almost_as_long_as_telegram_carries(sandbox: Sandbox, ana: Person) -> None:
    sandbox.send_strange(ana, len(STRANGENESSES), seed=5)
    waiting = sandbox.world.queue.first(100, NOON, without=())

    assert LARGEST_UPDATE * 0.9 < max(len(update.body) for update in waiting) <= LARGEST_UPDATE
    assert sandbox.world.queue.pending(NOON + timedelta(seconds=1)) == len(STRANGENESSES)
