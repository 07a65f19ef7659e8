"""Every message is screened before anything else happens, and kept."""

from dataclasses import dataclass, replace

from alliance.crisis import Degree, Hit, screen
from alliance.enrolment import ENDED, EnrolmentState
from alliance.listening import listen
from alliance.people import Role
from alliance.wording import main_language
from storage import checkins, messages, people
from storage.messages import Screening, Written
from storage.tables import Message, Person
from workflows.one_thought import Thought, read_together, thought_of
from workflows.unit import Unit

SCREEN_FAILED = "screen_failed"
ASKED_FOR_HELP = "asked_for_help"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kept:
    """What became of a message: its row if it is kept, and whether a person must be told now."""

    message: Message | None
    cause: str | None = None  # of an alert: a class of the screen, or that the screen failed
    degree: Degree = Degree.NOW
    why: str = ""
    rule: str = ""

    @property
    def is_crisis(self) -> bool:
        """Whether this message needs a human now."""
        return self.cause is not None


async def keep(unit: Unit, written: Written, *, is_command: bool = False) -> Kept:
    """Screen a message from anyone, in any state, and keep it.

    Commands are screened and not kept, and neither is what a stranger or somebody who does not take part
    writes, unless it needs a human: then it is kept so that the human can read it.
    """
    hit, failed = _screen(unit, written.words)
    flagged = hit is not None or failed
    if not flagged and written.beside:
        hit, failed = _screen(unit, written.beside)
        flagged = hit is not None or failed
        if flagged:
            written = replace(written, words=written.beside)  # so that the human can read what was found
    is_heard = not is_command and await _takes_part(unit, unit.person)
    if not flagged and not is_heard:
        return Kept(message=None)
    thought = await thought_of(unit, written) if is_heard else None
    if not flagged and thought is not None:
        hit, failed = _screen_together(unit, thought, written)
    message = await messages.keep(
        unit.session,
        written,
        _disposition(unit, written, hit, failed=failed),
        person_id=unit.person.id if unit.person else None,
        checkin_id=await _checkin_of(unit, written),
        now=unit.now,
        heard=_heard(unit, written),
        thought=thought.id if thought else None,
    )
    if message is not None and thought is not None:
        await read_together(unit, message)
    if hit is not None:
        return Kept(message=message, cause=hit.crisis_class, degree=hit.degree, why=hit.why, rule=hit.rule)
    return Kept(message=message, cause=SCREEN_FAILED) if failed else Kept(message=message)


async def _checkin_of(unit: Unit, written: Written) -> int | None:
    """The check-in a message belongs to: the one that is open; a changed message stays where it was."""
    if unit.person is None:
        return None
    if written.version:
        return await messages.checkin_of(unit.session, written.chat_id, written.message_id)
    checkin = await checkins.open_of(unit.session, unit.person.id, now=unit.now)
    return checkin.id if checkin and checkin.delivered_at is not None else None


def _screen(unit: Unit, words: str | None) -> tuple[Hit | None, bool]:
    if not words:
        return None, False
    try:
        return screen(words, unit.clinic.crisis_rules), False
    except Exception:  # noqa: BLE001  # whatever goes wrong in the screen, a human looks at the message
        return None, True


def _screen_together(unit: Unit, thought: Thought, written: Written) -> tuple[Hit | None, bool]:
    """A sentence that was sent in two is no less a sentence; what was found before is not found again."""
    for seam in thought.seams(written.words or ""):
        hit, failed = _screen(unit, seam)
        if hit is not None or failed:
            return hit, failed
    return None, False


def _heard(unit: Unit, written: Written) -> dict[str, object] | None:
    """What the words of a patient say about the alliance, read once and now, for the next digest."""
    if not written.words or unit.person is None or Role.PATIENT not in unit.actor.roles:
        return None
    try:
        return listen(written.words, unit.clinic.language_rules, language=unit.person.language)
    except Exception:  # noqa: BLE001  # a message in danger must be kept and told whatever goes wrong in here
        return None


def _disposition(unit: Unit, written: Written, hit: Hit | None, *, failed: bool) -> Screening:
    version = unit.clinic.crisis_rules.version
    if failed:
        return Screening(disposition="needs_a_human", rules_version=version)
    if hit is not None:
        return Screening(
            disposition="flagged",
            rules_version=version,
            crisis_class=hit.crisis_class,
            degree=hit.degree,
        )
    screened = written.words is not None and has_rules(unit)
    return Screening(disposition="screened" if screened else "unscreened", rules_version=version)


def has_rules(unit: Unit) -> bool:
    """Whether there are crisis rules for the language of this unit's person; without them only people read."""
    spoken = unit.person.language if unit.person else unit.clinic.language
    return main_language(spoken) in unit.clinic.crisis_rules.languages


async def _takes_part(unit: Unit, person: Person | None) -> bool:
    if person is None or Role.PATIENT not in unit.actor.roles:
        return False
    enrolment = await people.enrolment(unit.session, person.id)
    if enrolment is None:
        return False
    return enrolment.state != EnrolmentState.INVITED and enrolment.state not in ENDED


__all__ = ["ASKED_FOR_HELP", "SCREEN_FAILED", "Kept", "Written", "has_rules", "keep"]
