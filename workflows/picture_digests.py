"""The picture of a digest: wanted with its text, drawn outside of any transaction, sent once as a photo."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from alliance.charts import Chart, caption, chart
from alliance.delivery import Lane
from alliance.digest import Digest as Content
from alliance.digest_json import from_json
from storage import digests, people
from storage.digests import Picture
from storage.tables import Digest, Person
from workflows.speak import send_picture
from workflows.unit import Unit

PICTURE = "picture:"  # begins the keys of pictures, which are emptied as soon as they have been sent
STILL_WANTED = timedelta(hours=12)  # after a long stand still the text is enough
AT_ONCE = 10  # digests in one round


@dataclass(frozen=True, kw_only=True, slots=True)
class ToDraw:
    """A digest whose picture is to be drawn."""

    digest_id: int
    chart: Chart
    caption: str


def want_picture(unit: Unit, digest: Digest, content: Content, clinician: Person) -> None:
    """Write down that a digest has something to draw, where the clinic has pictures at all."""
    if unit.clinic.has_pictures and clinician.chat_id is not None and any(flag.trend for flag in content.flags):
        digest.picture = Picture.WANTED


async def to_draw(unit: Unit) -> Sequence[ToDraw]:
    """What is to be drawn now, the oldest digest first; of one that has nothing to draw any more, nothing."""
    found: list[ToDraw] = []
    for digest in await digests.to_draw(unit.session, built_after=unit.now - STILL_WANTED, limit=AT_ONCE):
        content = from_json(digest.content)
        wording = unit.wording((await _reader(unit, digest)).language)
        drawn = chart(content, wording=wording)
        if drawn is not None:
            found.append(ToDraw(digest_id=digest.id, chart=drawn, caption=caption(content, wording=wording)))
    return found


async def post_picture(unit: Unit, wanted: ToDraw, picture: bytes | None) -> bool:
    """Queue a picture, or with None note that there will be none; False where another process has been quicker."""
    became = Picture.FAILED if picture is None else Picture.QUEUED
    if not await digests.drew(unit.session, wanted.digest_id, became):
        return False
    digest = await digests.get(unit.session, wanted.digest_id)
    if picture is not None and digest is not None:
        await send_picture(
            unit,
            await _reader(unit, digest),
            picture=picture,
            caption=wanted.caption,
            lane=Lane.DIGEST,
            key=f"{PICTURE}{digest.clinician_id}:{digest.local_date}",
        )
    return True


async def _reader(unit: Unit, digest: Digest) -> Person:
    """Who has been sent the text: the picture goes to the same chat, in the same language."""
    return await people.get(unit.session, await digests.reader_of(unit.session, digest))
