"""How a request of somebody signed in becomes a page: who they are, whether the door opens, what was asked."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from starlette.requests import Request

from alliance.cadence import NotACadence
from alliance.console import Page, opens
from alliance.enrolment import NotFromHere
from alliance.not_arranged import NotArranged
from alliance.wording import Wording
from console.rendering import Clock
from console.rooms import Rooms
from workflows.invite import CannotInvite
from workflows.plan_visits import CannotPlan
from workflows.set_cadence import CannotSet
from workflows.set_on_call import CannotBePaged
from workflows.sign_in import SignedIn
from workflows.unit import Unit

UNWANTED = 422  # what was asked for cannot be; the page says why
REFUSALS = (CannotBePaged, CannotInvite, CannotPlan, CannotSet, NotACadence, NotArranged, NotFromHere)


class NotHere(LookupError):
    """There is no such page, or not for this person; which of the two nobody learns."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Looked:
    """What somebody has looked at, for the audit: the act, and what it was about."""

    action: str
    kind: str
    id: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Shown:
    """A page to be shown."""

    template: str
    values: Mapping[str, object] = field(default_factory=dict[str, object])
    looked: Looked | None = None
    status: int = 200


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """A page that was made elsewhere, ready as it is, with a policy of its own."""

    html: str
    policy: str
    looked: Looked


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A picture to be shown or printed."""

    content: bytes
    kind: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Onward:
    """Something was done; the browser goes on to a page, which says so with one of our sentences."""

    to: str
    done: str = ""


Answer = Shown | Whole | Picture | Onward


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """Somebody who is signed in asks for something, in one unit of work."""

    unit: Unit
    me: SignedIn
    rooms: Rooms
    request: Request
    query: Mapping[str, str]
    form: Mapping[str, str] = field(default_factory=dict[str, str])
    refused: str = ""  # why the form that was sent before cannot be taken

    @property
    def say(self) -> Wording:
        """The wording in the language of whoever asks."""
        return self.unit.wording()

    @property
    def clock(self) -> Clock:
        """Moments as whoever asks reads them."""
        return Clock(now=self.unit.now, zone=self.me.person.zone, say=self.say)

    def sent(self, name: str) -> str:
        """A field of the form; empty where it was left out."""
        return self.form.get(name, "")

    def asked(self, name: str) -> str:
        """A part of the address behind the question mark; empty where it was left out."""
        return self.query.get(name, "")

    @asynccontextmanager
    async def changing(self) -> AsyncGenerator[Unit]:
        """A transaction of its own, for whoever asks."""
        async with self.rooms.changing() as unit:
            unit.person, unit.actor = self.me.person, self.me.actor
            yield unit

    def may_open(self, page: Page) -> bool:
        """Whether whoever asks may open that page."""
        return opens(self.me.actor, page)


Does = Callable[[Asking], Awaitable[Answer]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Door:
    """One address: the page it belongs to, and what happens behind it.

    A form of many patients opens a transaction of its own for each slice of them (``in_slices``), so that nobody who
    writes to the bot waits for all. A form that cannot be taken shows ``again`` with the reason. ``writes`` is for
    pages that change something by being looked at; forms always may.
    """

    page: Page
    path: str
    does: Does
    method: str = "GET"
    again: Does | None = None
    writes: bool = False
    in_slices: bool = False

    @property
    def is_form(self) -> bool:
        """Whether something is sent to it."""
        return self.method == "POST"


def reason(refusal: Exception, say: Wording) -> str:
    """Why something cannot be, in the language of whoever asked where there is a sentence for it."""
    key = str(getattr(refusal, "key", ""))
    values: Mapping[str, object] = getattr(refusal, "values", {})
    if isinstance(refusal, CannotPlan):
        key = f"visit.refused.{key}"
    return say(key, **values) if key in say.sentences or key in say.counted else str(refusal)


def with_reason(asking: Asking, form: Mapping[str, str], why: str) -> Asking:
    """The same question with the form that could not be taken."""
    return replace(asking, form=form, refused=why)
