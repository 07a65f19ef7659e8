"""What a button was about, written into the 64 bytes it can carry and read back from them."""

from collections.abc import Callable

from alliance import acting_presses, checkin_presses, coordinator_presses, staff_presses, visit_presses
from alliance.acting_presses import ContactWith, FlagStep
from alliance.checkin_presses import Change, ChooseReader, PutOff, Reopen, SayWhy, SayWish, Skip, Turn
from alliance.coordinator_presses import ListPatients, OpenOne
from alliance.flags import FlagAction
from alliance.press_words import read_whole
from alliance.presses import (
    ActOnAlert,
    ActOnFlag,
    AfterSafety,
    AlertStep,
    ChooseTime,
    ChooseZone,
    Consent,
    Decide,
    Erase,
    HelpNow,
    KeepZone,
    Leave,
    NothingToAdd,
    OpenPlace,
    Place,
    Press,
    Rate,
    SafetyAnswer,
    SetCadence,
    ShowWords,
)
from alliance.staff_presses import EndLeave, LiftHold, NameCover, PlanHold, PlanLeave, SetHours
from alliance.visit_presses import (
    ActOnDraft,
    ActOnVisit,
    AnswerAgreement,
    OpenList,
    OpenPatient,
    RateAsClinician,
)

LONGEST_PRESS = 64  # bytes; the Bot API refuses more


def encode(press: Press) -> str:  # noqa: C901, PLR0911, PLR0912  # one line for each kind of press
    """Write a press as button data of at most 64 bytes."""
    match press:
        case Rate():
            return f"r:{press.checkin_id}:{press.item_id}:{press.rating}"
        case NothingToAdd():
            return f"d:{press.checkin_id}"
        case HelpNow():
            return "h"
        case Consent():
            return f"c:{press.version}:{_flag(press.given)}"
        case KeepZone():
            return f"z:{_flag(press.right)}"
        case ChooseZone():
            return f"zone:{press.zone}"
        case ChooseTime():
            return f"t:{press.at}"
        case Leave():
            return f"l:{_flag(press.sure)}"
        case ActOnFlag():
            return f"f:{press.flag_id}:{press.digest_id}:{press.action}"
        case ShowWords():
            return f"w:{press.digest_id}:{press.patient_id}"
        case ActOnAlert(group=None):
            return f"a:{press.alert_id}:{press.step}"
        case ActOnAlert():
            return f"g:{press.group}:{press.alert_id}:{press.step}"
        case AfterSafety():
            return f"s:{press.said}"
        case SetCadence():
            return f"k:{press.patient_id}:{press.preset}:{_flag(press.save)}"
        case ChooseReader() | Turn() | Skip() | Reopen() | Change() | PutOff() | SayWhy() | SayWish():
            return checkin_presses.encode(press)
        case FlagStep() | ContactWith():
            return acting_presses.encode(press)
        case OpenList() | ActOnVisit() | OpenPatient() | ActOnDraft() | AnswerAgreement() | RateAsClinician():
            return visit_presses.encode(press)
        case OpenPlace():
            return f"m:{press.place}"
        case Decide():
            return f"o:{press.place}:{press.choice}"
        case Erase():
            return f"e:{_flag(press.sure)}:{press.asked_in}"
        case SetHours() | PlanLeave() | EndLeave() | NameCover() | PlanHold() | LiftHold():
            return staff_presses.encode(press)
        case ListPatients() | OpenOne():
            return coordinator_presses.encode(press)


def decode(data: str) -> Press | None:
    """Read button data back; None for anything that is not a press of ours."""
    if len(data.encode("utf-8", errors="replace")) > LONGEST_PRESS:
        return None
    kind, _, rest = data.partition(":")
    read = _READERS.get(kind)
    if read is None:
        return None
    try:
        return read(rest)
    except ValueError:
        return None


def _flag(value: bool) -> str:
    return "y" if value else "n"


def _bool(word: str) -> bool:
    if word not in {"y", "n"}:
        raise ValueError(word)
    return word == "y"


def _rate(rest: str) -> Rate:
    checkin, item, rating = rest.split(":")
    return Rate(checkin_id=read_whole(checkin), item_id=item, rating=read_whole(rating))


def _consent(rest: str) -> Consent:
    version, given = rest.split(":")
    return Consent(version=read_whole(version), given=_bool(given))


def _flag_action(rest: str) -> ActOnFlag:
    flag, digest, action = rest.split(":")
    return ActOnFlag(flag_id=read_whole(flag), digest_id=read_whole(digest), action=FlagAction(action))


def _words(rest: str) -> ShowWords:
    digest, patient = rest.split(":")
    return ShowWords(digest_id=read_whole(digest), patient_id=read_whole(patient))


def _alert(rest: str) -> ActOnAlert:
    alert, step = rest.split(":")
    return ActOnAlert(alert_id=read_whole(alert), step=AlertStep(step))


def _grouped_alert(rest: str) -> ActOnAlert:
    group, alert, step = rest.split(":")
    return ActOnAlert(alert_id=read_whole(alert), step=AlertStep(step), group=read_whole(group))


def _cadence(rest: str) -> SetCadence:
    patient, preset, save = rest.split(":")
    return SetCadence(patient_id=read_whole(patient), preset=preset, save=_bool(save))


def _decide(rest: str) -> Decide:
    place, _, choice = rest.partition(":")
    return Decide(place=Place(place), choice=choice)


def _erase(rest: str) -> Erase:
    sure, asked_in = rest.split(":")
    return Erase(sure=_bool(sure), asked_in=read_whole(asked_in))


def _help(rest: str) -> HelpNow:
    if rest:
        raise ValueError(rest)
    return HelpNow()


_READERS: dict[str, Callable[[str], Press]] = {
    "r": _rate,
    "d": lambda rest: NothingToAdd(checkin_id=read_whole(rest)),
    "h": _help,
    "c": _consent,
    "z": lambda rest: KeepZone(right=_bool(rest)),
    "zone": lambda rest: ChooseZone(zone=rest),
    "t": lambda rest: ChooseTime(at=rest),
    "l": lambda rest: Leave(sure=_bool(rest)),
    "f": _flag_action,
    "w": _words,
    "a": _alert,
    "g": _grouped_alert,
    "s": lambda rest: AfterSafety(said=SafetyAnswer(rest)),
    "k": _cadence,
    **checkin_presses.READERS,
    **acting_presses.READERS,
    **visit_presses.READERS,
    "m": lambda rest: OpenPlace(place=Place(rest)),
    "o": _decide,
    "e": _erase,
    **staff_presses.READERS,
    **coordinator_presses.READERS,
}
