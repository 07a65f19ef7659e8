"""What a patient wrote, on a page of its own: whoever opens it knows that it is noted."""

from alliance.console import Page
from console.doors import Answer, Asking, Door, NotHere, Shown
from console.forms import number
from workflows.look_at_words import look_at_words


async def show(asking: Asking) -> Answer:
    """The words of the last month; opening them is what the audit and the patient hear of."""
    try:
        seen = await look_at_words(asking.unit, number(asking.request.path_params["id"]))
    except LookupError as error:
        raise NotHere from error
    return Shown(template="words", values={"seen": seen})


DOORS = (Door(page=Page.WORDS, path="/patients/{id}/words", does=show, writes=True),)
