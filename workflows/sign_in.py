"""Staff come into the console: a one-time link from the bot, a session from the link, and its end."""

from dataclasses import dataclass

from alliance.console import IDLE_AFTER, KEPT_FOR, LINK_LASTS, LONGEST_SESSION, SEEN_EVERY, is_over, may_sign_in
from alliance.delivery import Lane
from alliance.people import Actor
from alliance.saying import Saying
from storage import audit, people, sessions
from storage.tables import Person
from workflows.speak import say
from workflows.unit import Unit

LONGEST_CODE = 200  # characters; ours have 43


@dataclass(frozen=True, kw_only=True, slots=True)
class SignedIn:
    """Who is signed in, with the roles of this moment; ``was_long_ago`` when it is time to note that they are here."""

    session_id: int
    person: Person
    actor: Actor
    was_long_ago: bool


async def send_link(unit: Unit, person: Person) -> None:
    """Answer /console: a link that works once, in a message that is taken away when the link is worthless."""
    wording = unit.wording()
    if not may_sign_in(unit.actor):
        await say(unit, person, Saying(text=wording("staff.not_for_you")))
        return
    if not unit.clinic.console_url:
        await say(unit, person, Saying(text=wording("console.link.off")))
        return
    code = await sessions.make_link(unit.session, person.id, expires_at=unit.now + LINK_LASTS, now=unit.now)
    await _note(unit, person.id, "sign_in_link_sent")
    minutes = int(LINK_LASTS.total_seconds()) // 60
    # behind the #, where no server and no maker of previews ever sees it
    link = f"{unit.clinic.console_url}/console/sign-in#{code}"
    await say(
        unit,
        person,
        Saying(text=wording("console.link.sent", link=link, count=minutes), protected=True),
        lane=Lane.REPLY,
        expires_at=unit.now + LINK_LASTS,
        take_away_after=int(LINK_LASTS.total_seconds()),
    )


async def sign_in(unit: Unit, code: str) -> str | None:
    """Use a link up and begin a session; its token, or None for any link that does not work, whatever the reason."""
    if not code or len(code) > LONGEST_CODE:
        return None
    person_id = await sessions.claim_link(unit.session, code, now=unit.now)
    if person_id is None:
        return None
    actor = await people.actor(unit.session, await people.get(unit.session, person_id), now=unit.now)
    if not may_sign_in(actor):  # has left the team since the link was sent
        return None
    await sessions.forget_old(unit.session, before=unit.now - KEPT_FOR)
    token = await sessions.begin(unit.session, person_id, now=unit.now)
    await _note(unit, person_id, "signed_in")
    return token


async def signed_in(unit: Unit, token: str) -> SignedIn | None:
    """Who holds this token; None once the session is over or its person has no page any more."""
    if not token or len(token) > LONGEST_CODE:
        return None
    row = await sessions.of_token(unit.session, token)
    if row is None or is_over(began_at=row.began_at, seen_at=row.seen_at, now=unit.now):
        return None
    person = await people.get(unit.session, row.person_id)
    actor = await people.actor(unit.session, person, now=unit.now)
    if not may_sign_in(actor):
        return None
    return SignedIn(session_id=row.id, person=person, actor=actor, was_long_ago=unit.now - row.seen_at >= SEEN_EVERY)


async def was_here(unit: Unit, known: SignedIn) -> None:
    """Note that somebody is still there."""
    await sessions.seen(unit.session, known.session_id, now=unit.now)


async def sign_out(unit: Unit, token: str) -> None:
    """End a session; one that is over already stays so."""
    person_id = await sessions.end(unit.session, token, now=unit.now)
    if person_id is not None:
        await _note(unit, person_id, "signed_out")


async def sign_out_everywhere(unit: Unit, person: Person) -> int:
    """End every session of a person, and the link that may be on its way; how many sessions there were."""
    ended = await sessions.end_all(unit.session, person.id, now=unit.now)
    await _note(unit, person.id, "signed_out_everywhere")
    return ended


async def _note(unit: Unit, person_id: int, action: str) -> None:
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=unit.actor.person_id or person_id,
        action=action,
        object_kind="staff",
        object_id=person_id,
    )


__all__ = [
    "IDLE_AFTER",
    "LONGEST_SESSION",
    "SignedIn",
    "send_link",
    "sign_in",
    "sign_out",
    "sign_out_everywhere",
    "signed_in",
    "was_here",
]
