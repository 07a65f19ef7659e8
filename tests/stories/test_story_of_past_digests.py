"""A digest of any past date is printed as it was sent, byte for byte; after an erasure a note stands in the gaps."""

from datetime import date

import pytest

from alliance.digest_json import as_json, from_json, in_words
from bot.commands.digest import Format, printed
from storage import digests, people
from tests.stories.ward import ON_BOTH, Ward, madrid
from workflows.arrange_digest import kept_or_now

TUESDAY = date(2026, 3, 3)
NOTE = "2 lines about somebody who has had everything deleted were taken out."


@ON_BOTH
async def test_what_was_sent_is_printed_byte_for_byte_whatever_happened_since(ward: Ward) -> None:
    await _tuesdays_digest(ward)
    sent = await _printed(ward, Format.JSON)

    await ward.taps(ward.cole, "Reviewed")
    await ward.until(madrid(3, 6, "12:00"))

    assert await _printed(ward, Format.JSON) == sent
    assert sent == in_words(as_json(from_json(await _kept(ward))))
    assert '"BIRCH-07"' in sent


async def test_one_written_by_an_older_version_is_printed_as_that_version_wrote_it(ward: Ward) -> None:
    await _tuesdays_digest(ward)
    newer = {"erased", "recovered"}
    async with ward.database.writing() as session:
        cole = await people.by_code_name(session, "COLE")
        assert cole is not None
        digest = await digests.on(session, cole.id, TUESDAY)
        assert digest is not None
        digest.content = {key: value for key, value in digest.content.items() if key not in newer}

    printed_now = await _printed(ward, Format.JSON)

    assert [key for key in newer if f'"{key}"' in printed_now] == []
    assert "BIRCH-07" in await _printed(ward, Format.TEXT)


async def test_after_an_erasure_a_note_stands_where_the_lines_were(ward: Ward) -> None:
    await _tuesdays_digest(ward)

    await _ana_forgets(ward)

    assert "BIRCH-07" not in await _printed(ward, Format.JSON)
    assert '"erased": 2' in await _printed(ward, Format.JSON)
    for form in (Format.TEXT, Format.HTML):
        shown = await _printed(ward, form)
        assert NOTE in shown
        assert "BIRCH-07" not in shown
        assert ward.says("digest.nothing") not in shown


async def test_a_digest_that_never_named_her_has_no_note(ward: Ward) -> None:
    await _tuesdays_digest(ward)
    sent = await _printed(ward, Format.JSON, clinician="DAY")

    await _ana_forgets(ward)

    assert await _printed(ward, Format.JSON, clinician="DAY") == sent
    assert "deleted" not in await _printed(ward, Format.TEXT, clinician="DAY")


async def test_a_date_without_a_digest_says_so(ward: Ward) -> None:
    with pytest.raises(LookupError, match="2026-02-01"):
        await _printed(ward, Format.JSON, date(2026, 2, 1))


async def _tuesdays_digest(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6", "6", "1")
    await ward.writes(ward.ana, "You never listen to me")
    await ward.until(madrid(3, 3, "08:02"))


async def _ana_forgets(ward: Ward) -> None:
    await ward.writes(ward.ana, "/forget")
    await ward.taps(ward.ana, "Yes, delete everything")


async def _kept(ward: Ward) -> dict[str, object]:
    async with ward.database.reading() as session:
        cole = await people.by_code_name(session, "COLE")
        assert cole is not None
        return dict(await kept_or_now(ward.program.unit(session, "look"), cole, TUESDAY))


async def _printed(ward: Ward, form: Format, on: date = TUESDAY, *, clinician: str = "COLE") -> str:
    async with ward.database.writing() as session:
        return await printed(ward.program.unit(session, "look"), clinician, on, form)
