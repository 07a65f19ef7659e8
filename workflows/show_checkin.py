"""What a message of a check-in shows: where the check-in stands, or what it was turned to; never the same twice."""

import json
from collections.abc import Sequence
from enum import StrEnum
from hashlib import blake2b

from alliance.after_asking import closed, finished, remark_request, why_request, wish_request
from alliance.asking import chosen_lines, question
from alliance.audience import Subject
from alliance.checkin import CheckinState, Standing
from alliance.follow_up import Concern, Wish
from alliance.items import Domain
from alliance.saying import Saying
from storage import answers, follow_ups, outbox, pages, people
from storage.tables import Checkin, CheckinPage, FollowUp, Person
from workflows.after_outage import counts_until
from workflows.choose_readers import has_chosen, reader_in_words
from workflows.meanwhile import everybody_away_for
from workflows.own_goals import to_name
from workflows.speak import body_of, change, key_of_change
from workflows.unit import Unit
from workflows.whom_it_means import asked_in, named_in
from workflows.words import clinician_name, next_checkin_in_words

PRINT_SIZE = 8  # bytes; it only has to tell the pages of one message apart


class Page(StrEnum):
    """What a message can show beside a question, which is called by its item's id."""

    AGAIN = "again:"  # followed by the item's id: a colon is in no id
    WHO = "page:who"
    LATER = "page:later"
    PUT_OFF = "page:put_off"
    CHANGE = "page:change"
    WHY = "page:why"
    WISH = "page:wish"
    REMARK = "page:remark"
    FINISHED = "page:finished"
    CLOSED = "page:closed"
    MOVED = "page:moved"


async def standing_of(unit: Unit, checkin: Checkin, *, after: Standing | None = None) -> Standing:
    """What is known of a check-in before the next tap.

    ``after`` holds what is given in it, where that has just been kept and need not be read again.
    """
    if after is None:
        ratings = await answers.ratings(unit.session, checkin.id)
        passed_over = (await answers.skipped(unit.session, [checkin.id])).get(checkin.id, frozenset())
    else:
        ratings, passed_over = after.ratings, after.skipped
    return Standing(
        # until the sentence a second tap on the last number is a change of mind
        state=CheckinState.OPEN if checkin.remark_open else CheckinState(checkin.state),
        expires_at=await counts_until(unit, checkin),
        instrument=await asked_in(unit, checkin, done=ratings.keys() | passed_over),
        ratings=ratings,
        skipped=passed_over,
    )


async def show_where_it_stands(
    unit: Unit, patient: Person, checkin: Checkin, *, message_id: int | None, after: Standing | None = None
) -> None:
    """Bring a message to where the check-in is: the next question, what follows it, thanks, or that it has closed.

    ``after`` holds what is given in it, where that has just been kept.
    """
    page, saying = await _where_it_stands(unit, patient, checkin, await standing_of(unit, checkin, after=after))
    await put(unit, patient, checkin, saying, page=page, message_id=message_id)


async def put(
    unit: Unit, patient: Person, checkin: Checkin, saying: Saying, *, page: str, message_id: int | None
) -> None:
    """Bring one message of a check-in, by default the one that carries it, to a page, unless it shows just that.

    Telegram refuses what changes nothing; and what a message shows is what a tap on it, or a number typed below
    it, is about.
    """
    place = message_id or checkin.message_id
    if place is None or patient.chat_id is None:
        return
    printed = _print(saying, chat_id=patient.chat_id)
    shown = await pages.of(unit.session, checkin.id, place)
    if shown is None:
        shown = CheckinPage(checkin_id=checkin.id, message_id=place, turns=0)
    elif shown.print == printed:
        await outbox.try_again(unit.session, shown.post_key, now=unit.now)
        return
    shown.turns += 1
    key = f"checkin:{checkin.id}:page.{shown.turns}"
    await pages.turn(unit.session, shown, page=page, printed=printed, post_key=key_of_change(key, place))
    await change(unit, patient, place, saying, key=key, checkin_id=checkin.id)


async def _where_it_stands(unit: Unit, patient: Person, checkin: Checkin, standing: Standing) -> tuple[str, Saying]:
    if checkin.state == CheckinState.ANSWERED:
        if checkin.remark_open and unit.now < checkin.expires_at:
            return await _after_the_items(unit, checkin, standing)
        return Page.FINISHED, await thanks(unit, patient, checkin)
    if not standing.is_open(unit.now) or standing.waiting_for is None:
        return Page.CLOSED, await closing(unit, patient, checkin)
    wording, named = unit.wording(checkin.language), await named_in(unit, checkin)
    asked = question(
        wording,
        standing.instrument,
        standing.waiting_for,
        checkin_id=checkin.id,
        clinician=named.clinician,
        bond_with=named.bond_with,
        given=chosen_lines(wording, standing, clinician=named.clinician, bond_with=named.bond_with),
        goals=await to_name(unit, patient.id, standing.waiting_for),
    )
    return standing.waiting_for.id, asked


async def _after_the_items(unit: Unit, checkin: Checkin, standing: Standing) -> tuple[str, Saying]:
    """What is asked once no item is left: why it was low, what should follow, and at last whether there is more."""
    wording, named = unit.wording(checkin.language), await named_in(unit, checkin)
    asked = await follow_ups.of(unit.session, checkin.id)
    waiting = next((one for one in asked if one.concern is None), None)
    if waiting is not None:
        about = Domain(waiting.domain)
        reader = await reader_in_words(unit, checkin.patient_id, Subject.BOND, wording)
        saying = why_request(wording, about, checkin_id=checkin.id, clinician=named.meant_by(about), reader=reader)
        return Page.WHY, saying
    concerns = chosen_of(asked)
    if concerns and checkin.wish is None:
        saying = wish_request(
            wording, concerns, checkin_id=checkin.id, clinician=named.clinician, clinic=unit.clinic.name
        )
        return Page.WISH, saying
    reader = await reader_in_words(unit, checkin.patient_id, Subject.REMARKS, wording)
    saying = remark_request(
        wording,
        checkin_id=checkin.id,
        clinician=reader or named.clinician,
        given=chosen_lines(wording, standing, clinician=named.clinician, bond_with=named.bond_with),
        is_answered=bool(standing.ratings),
    )
    return Page.REMARK, saying


def chosen_of(asked: Sequence[FollowUp]) -> list[Concern]:
    """The concerns that were chosen, in the order in which they were asked about."""
    return [Concern(one.concern) for one in asked if one.concern not in {None, Concern.LEFT_OPEN}]


async def thanks(unit: Unit, patient: Person, checkin: Checkin) -> Saying:
    """What a finished check-in says: thanks, who reads it, what was asked for, what comes next."""
    standing, wording = await standing_of(unit, checkin), unit.wording(checkin.language)
    return finished(
        wording,
        checkin_id=checkin.id,
        clinician=await clinician_name(unit, checkin.clinician_id),
        next_on=await _coming(unit, patient, checkin),
        wish=Wish(checkin.wish) if checkin.wish else None,
        is_answered=bool(standing.ratings),
        is_changeable=standing.is_changeable(unit.now),
        is_routed=await has_chosen(unit, patient.id),
        away=await everybody_away_for(unit, patient.id, wording),
    )


async def closing(unit: Unit, patient: Person, checkin: Checkin) -> Saying:
    """What a check-in says whose time is over, or that nobody may answer any more."""
    standing = await standing_of(unit, checkin)
    coming = await _coming(unit, patient, checkin)
    return closed(unit.wording(checkin.language), answered=bool(standing.ratings), next_on=coming)


async def _coming(unit: Unit, patient: Person, checkin: Checkin) -> str | None:
    enrolment = await people.enrolment(unit.session, patient.id)
    return next_checkin_in_words(patient, enrolment, unit.wording(checkin.language)) if enrolment else None


def _print(saying: Saying, *, chat_id: int) -> str:
    body = json.dumps(body_of(saying, chat_id=chat_id), sort_keys=True)
    return blake2b(body.encode("utf-8", errors="replace"), digest_size=PRINT_SIZE).hexdigest()
