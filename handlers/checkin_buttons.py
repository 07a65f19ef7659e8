"""The buttons of a check-in: each calls one workflow and says in a word what came of it."""

from alliance.checkin import NotOffered, Outcome, Recorded, Repeated, Skipped, TooLate
from alliance.checkin_presses import Change, CheckinPress, ChooseReader, PutOff, Reopen, SayWhy, SayWish, Skip, Turn
from alliance.presses import NothingToAdd, Rate
from workflows import follow_up, look_around, take_answer
from workflows.speak import Answered
from workflows.unit import Person, Unit


async def press(  # noqa: C901  # one line for each kind of press
    unit: Unit, patient: Person, pressed: Rate | NothingToAdd | CheckinPress, *, message_id: int
) -> str | None:
    """Do what was pressed; the key of the word that says what came of it, if the message does not say it itself."""
    match pressed:
        case Rate():
            return _said(await take_answer.take_tap(unit, patient, pressed, message_id=message_id))
        case Change():
            return _said(await take_answer.take_change(unit, patient, pressed, message_id=message_id))
        case Skip():
            return _said(await take_answer.take_skip(unit, patient, pressed, message_id=message_id))
        case NothingToAdd():
            ended = await take_answer.nothing_to_add(unit, patient, pressed.checkin_id, message_id=message_id)
            return None if ended else "toast.finished_before"
        case Turn():
            return _key(await look_around.turn(unit, patient, pressed, message_id=message_id))
        case Reopen():
            return _key(await look_around.reopen(unit, patient, pressed, message_id=message_id))
        case PutOff():
            return _key(await look_around.come_back_later(unit, patient, pressed, message_id=message_id))
        case ChooseReader():
            return _key(await look_around.choose_reader(unit, patient, pressed, message_id=message_id))
        case SayWhy():
            return _key(await follow_up.say_why(unit, patient, pressed, message_id=message_id))
        case SayWish():
            return _key(await follow_up.say_wish(unit, patient, pressed, message_id=message_id))


def _said(outcome: Outcome) -> str:
    match outcome:
        case Recorded():
            return "toast.kept"
        case Skipped():
            return "checkin.toast.skipped"
        case Repeated():
            return "toast.kept_before"
        case TooLate():
            return "toast.too_late"
        case NotOffered():
            return "toast.unknown"


def _key(answered: Answered | None) -> str | None:
    return answered.said if answered else None
