"""A bare number typed below a question is an answer to it, as far as it is known which question stood there."""

from datetime import timedelta

from alliance.checkin import Outcome, Recorded, Repeated, Standing, accept, typed_rating
from storage import messages, pages
from storage.tables import Checkin, CheckinPage, Message, Person
from workflows.show_checkin import Page, show_where_it_stands, standing_of
from workflows.take_answer import changed, record
from workflows.unit import Unit

CLOCKS_APART = timedelta(seconds=2)  # Telegram's whole seconds beside our clock


async def take_typed_number(unit: Unit, patient: Person, checkin: Checkin, message: Message, words: str) -> bool:
    """Take a number as the answer to what its writer saw; False when these are words, or nobody can know for what."""
    if checkin.delivered_at is None:
        return False
    standing = await standing_of(unit, checkin)
    rating = typed_rating(standing, words)
    page = _seen(await shown(unit, checkin), standing, written=message)
    if rating is None or page is None:
        return False
    item_id = page.removeprefix(Page.AGAIN)
    outcome: Outcome
    if page.startswith(Page.AGAIN):
        outcome = await changed(unit, checkin, standing, item_id=item_id, rating=rating)
    else:
        outcome = accept(standing, item_id=item_id, rating=rating, now=unit.now)
    match outcome:
        case Recorded():
            await record(unit, patient, checkin, standing, outcome, message_id=None, is_typed=True)
        case Repeated():
            await show_where_it_stands(unit, patient, checkin, message_id=None)
        case _:
            return False
    message.kind = messages.NUMBER
    return True


async def shown(unit: Unit, checkin: Checkin) -> CheckinPage | None:
    """What the message that carries a check-in shows, if it is known."""
    return None if checkin.message_id is None else await pages.of(unit.session, checkin.id, checkin.message_id)


def _seen(on_screen: CheckinPage | None, standing: Standing, *, written: Message) -> str | None:
    """The page with a question that stood there when a message was written, or None when that cannot be known."""
    if on_screen is None:  # asked by an earlier version of this program, which did not keep it
        return standing.waiting_for.id if standing.waiting_for else None
    if on_screen.shown_at is None or written.sent_at + CLOCKS_APART < on_screen.shown_at:
        return None  # this page was still on its way: the number was meant for the one before
    is_question = standing.instrument.item(on_screen.page.removeprefix(Page.AGAIN)) is not None
    return on_screen.page if is_question else None
