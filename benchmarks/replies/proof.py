"""What became of each reply: compared with the database and with the clinicians' pages, never with itself."""

from collections.abc import Iterable
from datetime import date
from html.parser import HTMLParser

from sqlalchemy import select

from alliance.crisis import screen
from alliance.safety import safety_message
from benchmarks.replies.days import Reply
from benchmarks.replies.ward import Ward
from storage import digests, messages, people
from storage.tables import Message
from workflows.arrange_digest import stored_or_now
from workflows.digest_page import render_page
from workflows.open_words import phrases_for, words_for

# HTML has no carriage returns and no control characters: the page shows their pictures (U+2400 and following)
_AS_ON_A_PAGE = {code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"} | {0x7F: 0x2421}


class Page(HTMLParser):
    """Reads a digest as a browser does: what stands in the quotes under each patient."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.quotes: dict[str, list[str]] = {}
        self._patient = ""
        self._quote: list[str] | None = None
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "article":
            self._patient = dict(attrs).get("id") or ""
        elif tag == "blockquote":
            self._quote = []

    def handle_endtag(self, tag: str) -> None:
        if tag == "blockquote" and self._quote is not None:
            self.quotes.setdefault(self._patient, []).append("".join(self._quote))
            self._quote = None

    def handle_data(self, data: str) -> None:
        if self._quote is not None:
            self._quote.append(data)


def on_a_page(words: str) -> str:
    """Words as they stand in HTML, where a carriage return is a line break and controls are pictures."""
    return words.replace("\r\n", "\n").replace("\r", "\n").translate(_AS_ON_A_PAGE)


async def prove_stored(ward: Ward, replies: Iterable[Reply]) -> int:
    """Compare what is stored, screened and answered with what was written; how many rows are too many."""
    async with ward.program.database.reading() as session:
        rows = {(row.chat_id, row.message_id): row for row in await session.scalars(select(Message))}
        safety = _safety_texts(ward)
        rules = ward.program.clinic.crisis_rules
        for reply in replies:
            row = rows.pop((reply.patient.person.user_id, reply.message_id), None)
            reply.answered = bool(reply.answers)
            if row is None:
                continue
            reply.stored = row.person_id == reply.patient.id and messages.words_of(session, row) == reply.words
            hit = screen(reply.words, rules)
            reply.is_crisis = hit is not None
            disposition = "flagged" if hit else "screened"
            reply.screened = (row.screening, row.rules_version) == (disposition, rules.version)
            if hit is not None:
                reply.answered = bool(safety & set(reply.answers))
        return len(rows)


def _safety_texts(ward: Ward) -> set[str]:
    clinic = ward.program.clinic
    return {
        safety_message(
            clinic.wordings.in_language(clinic.language),
            emergency_number=clinic.help_at_once.emergency_number,
            crisis_line=clinic.help_at_once.crisis_line,
            clinic_contact=clinic.help_at_once.clinic_contact,
            gently=gently,
        ).text
        for gently in (True, False)
    }


async def prove_shown(ward: Ward, day: date, waiting: list[Reply]) -> int:
    """Look for the waiting replies in the pages of that day's digests; how many quotes nobody wrote.

    A clinician without a digest on that day (a weekend) is passed over; otherwise what is not on the page
    stays unshown and is waited for no longer.
    """
    surplus = 0
    for clinician in ward.clinicians:
        page = await _page(ward, clinician.id, day)
        if page is None:
            continue
        theirs = [reply for reply in waiting if reply.patient.clinician_id == clinician.id]
        for reply in theirs:
            quotes = page.quotes.get(f"patient-{reply.patient.id}", [])
            expected = on_a_page(reply.words)
            if expected in quotes:
                quotes.remove(expected)
                reply.shown = True
        waiting[:] = [reply for reply in waiting if reply.patient.clinician_id != clinician.id]
        surplus += sum(len(quotes) for quotes in page.quotes.values())
    return surplus


async def _page(ward: Ward, clinician_id: int, day: date) -> Page | None:
    async with ward.program.database.reading() as session:
        if await digests.on(session, clinician_id, day) is None:
            return None
        unit = ward.program.unit(session, "bench:digest")
        clinician = await people.get(session, clinician_id)
        content = await stored_or_now(unit, clinician, day)
        words, phrases = await words_for(unit, content), await phrases_for(unit, content)
        wording = unit.wording(clinician.language)
        return Page(render_page(content, words=words, phrases=phrases, wording=wording, clinic_name=unit.clinic.name))
