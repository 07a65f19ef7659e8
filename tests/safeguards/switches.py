"""Every safeguard with a switch that turns it off, in tests only: production has none."""

import itertools
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from sqlalchemy import Connection

from storage import leases, sending
from storage.trouble import Trouble

Switch = Callable[[pytest.MonkeyPatch], None]

_numbers = itertools.count()


def _every_update_is_new(off: pytest.MonkeyPatch) -> None:
    off.setattr("bot.intake.identity_of", lambda _update: f"number {next(_numbers)}")


def _confirmed_before_stored(off: pytest.MonkeyPatch) -> None:
    from bot.intake import Receipt

    keep = Receipt.keep

    async def keep_or_not(self: Receipt, *given: Any, **more: Any) -> int:  # Any: handed on as it came
        try:
            return await keep(self, *given, **more)
        except Trouble:
            return 0

    off.setattr(Receipt, "keep", keep_or_not)


def _begins_without_the_lock(off: pytest.MonkeyPatch) -> None:
    execute = Connection.exec_driver_sql

    def deferred(self: Connection, statement: str, *given: Any) -> object:  # Any: as above
        return execute(self, "BEGIN" if statement == "BEGIN IMMEDIATE" else statement, *given)

    off.setattr(Connection, "exec_driver_sql", deferred)


def _results_without_a_fence(off: pytest.MonkeyPatch) -> None:
    record = sending.record

    async def unfenced(*given: Any, fence: int | None = None, **more: Any) -> object:  # Any: as above
        del fence
        return await record(*given, **more)

    off.setattr(sending, "record", unfenced)


def _effects_without_a_lease(off: pytest.MonkeyPatch) -> None:
    async def hold(*_given: object) -> None:
        return

    off.setattr(leases, "hold", hold)


def _on_the_wire_without_a_mark(off: pytest.MonkeyPatch) -> None:
    take = sending._take

    def unmarked(row: Any, body: dict[str, object], *, fence: int | None) -> object:  # Any: a row
        claimed = take(row, body, fence=fence)
        row.state = "queued"
        return claimed

    off.setattr(sending, "_take", unmarked)


def _chats_in_two_hands(off: pytest.MonkeyPatch) -> None:
    from sqlalchemy import select

    from storage.tables import Incoming

    async def all_chats(session: Any, *, limit: int) -> object:  # Any: a session
        del limit
        return (await session.scalars(select(Incoming.chat_id))).all()

    off.setattr("storage.inbox.chats_to_handle", all_chats)


def _danger_waits_its_turn(off: pytest.MonkeyPatch) -> None:
    off.setattr("storage.turns.AT_ONCE", 2**62)


def _copies_without_end(off: pytest.MonkeyPatch) -> None:
    for place in ("alliance.delivery.MOST_COPIES", "storage.gates.MOST_COPIES"):
        off.setattr(place, 1_000)


def _no_gate(off: pytest.MonkeyPatch) -> None:
    off.setattr("storage.sending.stopped", lambda *_given, **_more: None)


def _bound_to_no_place(off: pytest.MonkeyPatch) -> None:
    off.setattr("storage.vault.Place.associated", lambda _self: b"anywhere")


def _runs_through_a_pause(off: pytest.MonkeyPatch) -> None:
    off.setattr("bot.pace.Pace.hold", lambda *_given: None)


def _a_pause_dies_with_its_process(off: pytest.MonkeyPatch) -> None:
    async def nothing(*_given: object) -> None:
        return

    off.setattr("storage.halts.note", nothing)


def _each_page_by_itself(off: pytest.MonkeyPatch) -> None:
    async def as_they_are(_unit: object, claimed: object) -> object:
        return claimed

    off.setattr("bot.sender.group_pages", as_they_are)


def _starts_on_anything(off: pytest.MonkeyPatch) -> None:
    off.setattr("storage.database._SQLITE_PROMISES", {})


def _blames_the_update_for_the_disk(off: pytest.MonkeyPatch) -> None:
    off.setattr("bot.updates.is_the_databases_own", lambda _error: False)


def _silent_without_a_database(off: pytest.MonkeyPatch) -> None:
    async def nothing(*_given: object) -> int:
        return 0

    off.setattr("bot.last_resort.LastResort.answer_danger", nothing)


SWITCHES: dict[str, Switch] = {
    "dedupe by identity": _every_update_is_new,
    "inbox before acknowledgement": _confirmed_before_stored,
    "BEGIN IMMEDIATE": _begins_without_the_lock,
    "fence in record": _results_without_a_fence,
    "fence in hold": _effects_without_a_lease,
    "sending committed before the socket": _on_the_wire_without_a_mark,
    "one worker to a chat": _chats_in_two_hands,
    "danger first": _danger_waits_its_turn,
    "one copy, then uncertain": _copies_without_end,
    "gates at the claim": _no_gate,
    "associated data": _bound_to_no_place,
    "a pause is kept": _runs_through_a_pause,
    "a pause outlives its process": _a_pause_dies_with_its_process,
    "pages go together": _each_page_by_itself,
    "durable or refused": _starts_on_anything,
    "a full disk is nobody's fault": _blames_the_update_for_the_disk,
    "danger is answered without a database": _silent_without_a_database,
}

Named = Callable[..., Awaitable[None] | None]
