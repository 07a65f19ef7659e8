"""What became of what people did: the inbox and Telegram's ledger held against the deeds; pure."""

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from alliance.buttons import decode
from alliance.presses import ActOnAlert, AlertStep
from benchmarks.load.traffic import Deed, Done
from sandbox.ledger import Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Stored:
    """An update as the inbox has it."""

    update_id: int
    received_at: datetime
    is_settled: bool  # it has a disposition


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What each witness says: the people, the clinic's database, and Telegram."""

    done: Sequence[Done]
    stored: Sequence[Stored]
    messages: Mapping[tuple[int, int], int]  # chat and message to how often its words are kept
    answers: Collection[tuple[int, str]]  # check-in and item
    alerts: Mapping[int, int]  # alert to the chat it is about
    confirmed: Mapping[int, datetime]  # update to the poll that told Telegram it is committed
    entries: Sequence[Entry]  # of Telegram's ledger


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """Seconds people waited; what is missing altogether is counted beside them."""

    store: Sequence[float]  # until it was certainly committed: Telegram had been told so
    received: Sequence[float]  # until the transaction that stored it had begun
    safety: Sequence[float]  # from stored until the safety message was handed to Telegram
    page: Sequence[float]  # from stored until the first page was
    tap_answered: Sequence[float]  # until the button stopped spinning
    tap_edited: Sequence[float]  # until the message had gone on to the next question
    crises: int
    crises_unanswered: int  # without a safety message, or without a page
    edits_outstanding: int


def lost(evidence: Evidence) -> int:
    """How many updates were not stored, have no disposition, or did not have their effect."""
    settled = {one.update_id for one in evidence.stored if one.is_settled}
    return sum(not (one.update_id in settled and _has_effect(one, evidence)) for one in evidence.done)


def doubled(evidence: Evidence) -> int:
    """How often an update was stored, or its words kept, once too often."""
    stored = Counter(one.update_id for one in evidence.stored)
    copies = sum(stored[one.update_id] - 1 for one in evidence.done if stored[one.update_id] > 1)
    return copies + sum(times - 1 for times in evidence.messages.values())


def waits(evidence: Evidence, done: Sequence[Done]) -> Waits:
    """How long those who did this waited."""
    received = {one.update_id: one.received_at for one in evidence.stored}
    calls = _Calls(evidence)
    safety, page, unanswered = _dispatched(done, received, calls)
    edited, outstanding = _edited(done, calls)
    return Waits(
        store=[
            _seconds(one.at, evidence.confirmed[one.update_id]) for one in done if one.update_id in evidence.confirmed
        ],
        received=[_seconds(one.at, received[one.update_id]) for one in done if one.update_id in received],
        safety=safety,
        page=page,
        tap_answered=[
            _seconds(one.at, calls.answered[one.query_id])
            for one in done
            if one.query_id and one.query_id in calls.answered
        ],
        tap_edited=edited,
        crises=sum(one.deed is Deed.CRISIS for one in done),
        crises_unanswered=unanswered,
        edits_outstanding=outstanding,
    )


def percentile(values: Sequence[float], share: float) -> float:
    """The value that so large a share of them does not exceed, by nearest rank; 0 when there are none."""
    return sorted(values)[max(0, ceil(share * len(values)) - 1)] if values else 0.0


def steps_of(entry: Entry, step: AlertStep) -> list[tuple[ActOnAlert, str]]:
    """The buttons for that step on a message, with their data: one for each alert that it names."""
    given = entry.parameters.get("reply_markup")
    markup = json.loads(given) if isinstance(given, str) else given
    rows = markup.get("inline_keyboard", []) if isinstance(markup, dict) else []  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  # JSON
    found: list[tuple[ActOnAlert, str]] = []
    for data in (str(button.get("callback_data", "")) for row in rows for button in row):  # pyright: ignore[reportUnknownMemberType, reportUnknownArgumentType, reportUnknownVariableType]  # JSON
        press = decode(data)
        if isinstance(press, ActOnAlert) and press.step is step:
            found.append((press, data))
    return found


class _Calls:
    """The calls that went through, by what is asked of them."""

    def __init__(self, evidence: Evidence) -> None:
        self.said: dict[int, list[datetime]] = defaultdict(list)
        self.edits: dict[tuple[int, int], list[datetime]] = defaultdict(list)
        self.answered: dict[str, datetime] = {}
        self.paged: dict[int, datetime] = {}  # by the chat of the patient
        for entry in evidence.entries:
            if entry.method == "answerCallbackQuery":
                self.answered.setdefault(str(entry.parameters["callback_query_id"]), entry.at)
            elif entry.message_id is not None and entry.chat_id is not None:
                self._note(entry, entry.chat_id, entry.message_id, evidence.alerts)

    def _note(self, entry: Entry, chat_id: int, message_id: int, alerts: Mapping[int, int]) -> None:
        if entry.method == "editMessageText":
            self.edits[chat_id, message_id].append(entry.at)
        elif entry.method == "sendMessage":
            self.said[chat_id].append(entry.at)
            for press, _ in steps_of(entry, AlertStep.HAVE):
                if press.alert_id in alerts:
                    self.paged.setdefault(alerts[press.alert_id], entry.at)


def _has_effect(one: Done, evidence: Evidence) -> bool:
    if one.answers is not None:
        return one.answers in evidence.answers
    return one.query_id is not None or (one.chat_id, one.message_id) in evidence.messages


def _dispatched(
    done: Sequence[Done], received: Mapping[int, datetime], calls: _Calls
) -> tuple[list[float], list[float], int]:
    """From the moment it was stored; somebody in danger here has been told nothing but the safety message since."""
    safety: list[float] = []
    page: list[float] = []
    unanswered = 0
    for one in done:
        if one.deed is not Deed.CRISIS:
            continue
        stored_at, paged_at = received.get(one.update_id), calls.paged.get(one.chat_id)
        told_at = next((at for at in calls.said[one.chat_id] if at >= one.at), None)
        if stored_at is None or told_at is None or paged_at is None:
            unanswered += 1
            continue
        safety.append(_seconds(stored_at, told_at))
        page.append(_seconds(stored_at, paged_at))
    return safety, page, unanswered


def _edited(done: Sequence[Done], calls: _Calls) -> tuple[list[float], int]:
    """The edits of one message come in the order of its taps."""
    taps: dict[tuple[int, int], list[datetime]] = defaultdict(list)
    for one in done:
        if one.deed is Deed.TAP:
            taps[one.chat_id, one.message_id].append(one.at)
    found: list[float] = []
    outstanding = 0
    for message, tapped in taps.items():
        edits = calls.edits[message]
        found += [_seconds(at, edit) for at, edit in zip(tapped, edits, strict=False)]
        outstanding += max(0, len(tapped) - len(edits))
    return found, outstanding


def _seconds(earlier: datetime, later: datetime) -> float:
    return (later - earlier).total_seconds()
