"""A flag's card in a clinician's chat: shown anew after every step, and what was done written down."""

from collections.abc import Callable
from dataclasses import dataclass

from alliance.acting import Deed
from alliance.acting_pages import Pages
from alliance.audience import Subject
from alliance.digest_json import from_json
from alliance.digest_messages import flag_card
from alliance.flags import FlagState
from alliance.local_time import local_day
from alliance.places import WordsInTelegram
from alliance.saying import Saying
from storage import audit, digests, flags, messages
from storage.tables import Flag, Message, Person
from workflows.flag_line import flag_line
from workflows.page import turn
from workflows.sights import sights_of
from workflows.unit import Unit


@dataclass(frozen=True, kw_only=True, slots=True)
class OnCard:
    """A flag as one person looks at it: below which digest's card (0: none), in which message (None: a new one)."""

    flag: Flag
    patient: Person
    reader: Person
    digest_id: int
    message_id: int | None

    def pages(self, unit: Unit) -> Pages:
        """What can be shown in place of the card."""
        return Pages(
            wording=unit.wording(self.reader.language),
            flag_id=self.flag.id,
            digest_id=self.digest_id,
            name=self.patient.code_name,
        )


async def card_of(unit: Unit, at: OnCard) -> Saying:
    """The card as it stands now."""
    line = await flag_line(unit, at.flag, at.patient, since=unit.now, language=at.reader.language, reader=at.reader)
    return flag_card(
        line,
        digest_id=at.digest_id,
        on=local_day(unit.now, at.reader.zone),
        zone=at.reader.zone,
        wrote=unit.clinic.words_in_telegram is not WordsInTelegram.NEVER
        and bool(await rows_of(unit, at.digest_id, at.patient.id, reader=at.reader)),
        wording=unit.wording(at.reader.language),
    )


async def show(unit: Unit, at: OnCard, saying: Saying | None = None) -> None:
    """Put the card, or another page, into the message it stands in."""
    await turn(unit, at.reader, saying or await card_of(unit, at), message_id=at.message_id)


async def record_deed(unit: Unit, at: OnCard, deed: Deed, *, settles: bool = True) -> None:
    """Write down what somebody did about a flag; what the patient can notice settles that it was looked at."""
    if settles:
        at.flag.state, at.flag.settled_at = FlagState.ACKNOWLEDGED, unit.now
    await flags.record_action(unit.session, at.flag.id, person_id=at.reader.id, action=deed, now=unit.now)
    await note(unit, at, f"flag_{deed}")


async def note(unit: Unit, at: OnCard, action: str, detail: dict[str, object] | None = None) -> None:
    """One act about a flag for the audit: ids and settings, never words."""
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=at.reader.id,
        action=action,
        object_kind="flag",
        object_id=at.flag.id,
        detail=detail,
    )


async def rows_of(unit: Unit, digest_id: int, patient_id: int, *, reader: Person) -> list[Message]:
    """The messages of a patient that one digest names and that were given to this reader, oldest first."""
    digest = await digests.get(unit.session, digest_id)
    if digest is None:
        return []
    content = from_json(digest.content)
    ids = [row for wrote in content.wrote if wrote.patient_id == patient_id for row in wrote.message_rows]
    ids += [heard.message_row for flag in content.flags if flag.patient_id == patient_id for heard in flag.heard]
    rows = [await messages.get(unit.session, row) for row in dict.fromkeys(ids)]
    given = await _given_to(unit, reader, patient_id)
    theirs = [row for row in rows if row is not None and row.person_id == patient_id and given(row)]
    return sorted(theirs, key=lambda row: (row.received_at, row.message_id, row.version))


async def _given_to(unit: Unit, reader: Person, patient_id: int) -> Callable[[Message], bool]:
    """Which of a patient's messages were given to a reader; who stands in for the own clinician reads as that one."""
    sights = await sights_of(unit, patient_id)
    sight = next((one for one in sights if one.reader.person_id == reader.id), sights[0] if sights else None)
    return lambda row: sight is not None and sight.sees(Subject.REMARKS, at=row.received_at)
