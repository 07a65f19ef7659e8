"""A digest's words are opened when it is shown, for somebody who may read them; the digest itself holds none."""

from alliance.digest import Digest
from storage import goals, messages
from workflows.digest_page import Quote
from workflows.one_thought import as_one, in_thoughts
from workflows.unit import Unit


async def words_for(unit: Unit, content: Digest) -> dict[int, list[Quote]]:
    """What the patients of a digest wrote in its time, by patient, as far as it is still kept."""
    quotes: dict[int, list[Quote]] = {}
    kept = await messages.some(unit.session, [row_id for wrote in content.wrote for row_id in wrote.message_rows])
    for wrote in content.wrote:
        for told in in_thoughts([kept[row_id] for row_id in wrote.message_rows if row_id in kept]):
            words, _ = as_one(unit, told, {})
            if words is not None:
                quote = Quote(at=told[0].sent_at, words=words, edited=bool(told[0].version))
                quotes.setdefault(wrote.patient_id, []).append(quote)
    return quotes


async def phrases_for(unit: Unit, content: Digest) -> dict[int, str]:
    """The messages in which something was heard, by row, as far as they are still kept and are the patient's own."""
    found: dict[int, str] = {}
    kept = await messages.some(unit.session, [heard.message_row for flag in content.flags for heard in flag.heard])
    for flag in content.flags:
        for heard in flag.heard:
            row = kept.get(heard.message_row)
            words = messages.words_of(unit.session, row) if row and row.person_id == flag.patient_id else None
            if words is not None:
                found[heard.message_row] = words
    return found


async def goals_for(unit: Unit, content: Digest) -> dict[int, tuple[str, ...]]:
    """The own goals of the reader's own patients whom a digest names, by patient, as they are kept now."""
    named = {line.patient_id for line in (*content.flags, *content.wrote) if line.clinician is None}
    found = await goals.of_each(unit.session, sorted(named))
    return {patient_id: tuple(words.values()) for patient_id, words in found.items()}
