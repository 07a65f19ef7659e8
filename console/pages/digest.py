"""Digests: the days that have one, and each of them as the page that it is."""

from alliance.console import Page
from console.doors import Answer, Asking, Door, Looked, NotHere, Shown, Whole
from console.forms import Malformed, day, number
from workflows.digest_page import page_policy
from workflows.look_at_digest import days_of, digest_of


async def show(asking: Asking) -> Answer:
    """One's own days, then those of colleagues for whom one stands in."""
    return Shown(template="digests", values={"whose": await days_of(asking.unit)})


async def show_one(asking: Asking) -> Answer:
    """The digest of that day; *now* is how it would be sent at this moment."""
    clinician_id, words = number(asking.request.path_params["id"]), asking.request.path_params["day"]
    on = None if words == "now" else day(words)
    if on is None and words != "now":
        raise Malformed(Malformed.__doc__)
    try:
        html = await digest_of(asking.unit, clinician_id, on)
    except LookupError as error:
        raise NotHere from error
    return Whole(
        html=html,
        policy=page_policy(),
        looked=Looked(action="read_digest_with_words", kind="clinician", id=clinician_id),
    )


DOORS = (
    Door(page=Page.DIGEST, path="/digest", does=show),
    Door(page=Page.DIGEST, path="/digest/{id}/{day}", does=show_one, writes=True),
)
