"""The digests of a demo as files to open in a browser."""

from pathlib import Path

from alliance.digest import Digest
from alliance.digest_json import from_json
from bot.program import Program
from storage import digests, people
from workflows.digest_page import render_page
from workflows.open_words import goals_for, phrases_for, words_for


async def write_pages(program: Program, out: Path) -> list[Path]:
    """Write every digest that names somebody, and the last one of each clinician; the one to open first leads."""
    written: list[tuple[int, Path]] = []
    async with program.database.reading() as session:
        unit = program.unit(session, "demo:pages")
        kept = await digests.every(session)
        last = {digest.clinician_id: digest.id for digest in kept}
        for digest in kept:
            content = from_json(digest.content)
            if content.has_nothing_to_say and last[digest.clinician_id] != digest.id:
                continue
            clinician = await people.get(session, digest.clinician_id)
            words, phrases = await words_for(unit, content), await phrases_for(unit, content)
            page = render_page(
                content,
                words=words,
                phrases=phrases,
                goals=await goals_for(unit, content),
                wording=unit.wording(clinician.language),
                clinic_name=unit.clinic.name,
            )
            path = out / f"digest-{clinician.code_name.lower()}-{content.on}.html"
            path.write_text(page, encoding="utf-8")
            written.append((_interest(content), path))
    return [path for _, path in sorted(written, key=lambda each: (-each[0], each[1].name))]


def _interest(content: Digest) -> int:
    """How much there is to see: flags with a history say most."""
    flags = sum(min(len(flag.trend), 8) for flag in content.flags)
    return 2 * flags + 5 * len(content.alerts) + len(content.wrote)
