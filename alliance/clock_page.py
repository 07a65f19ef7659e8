"""The question whether somebody's clock has changed: keep it, or choose another; a page like those of the menu."""

from alliance.buttons import encode
from alliance.presses import Decide, OpenPlace, Place
from alliance.saying import Button, Saying, headed
from alliance.welcoming import zone_in_words
from alliance.wording import Wording

KEEP = "keep"  # a choice on the page of zones; no zone is called so


def clock_question(wording: Wording, *, zone: str, time_there: str) -> Saying:
    """A guess, said as a guess, with both answers below."""
    keep = Button(label=wording("asking.zone.keep"), press=encode(Decide(place=Place.ZONE, choice=KEEP)))
    choose = Button(label=wording("asking.zone.choose"), press=encode(OpenPlace(place=Place.ZONE)))
    body = wording("asking.zone.ask", zone=zone_in_words(zone), time=time_there)
    return headed(wording("asking.zone.title"), f"\n{body}", rows=((keep,), (choose,)))
