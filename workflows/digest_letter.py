"""A digest as an e-mail: text and HTML with the same lines, the charts inside it, nothing fetched from anywhere.

The lines are those of the messages in Telegram, so that a section that is new there is never missing here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template

from alliance import digest_words as say
from alliance import explained_words
from alliance.charts import alternative, rows_of
from alliance.digest import Digest
from alliance.digest_messages import as_messages, flag_card
from alliance.saying import Saying
from alliance.wording import Wording
from workflows.digest_page import Quote

Words = Mapping[int, Sequence[Quote]]
_BULLET = "• "
_CONTROLS = dict.fromkeys(range(0x20), " ") | {0x7F: " "}


@dataclass(frozen=True, kw_only=True, slots=True)
class From:
    """What stands at the head of an e-mail beside its subject; ``about`` makes its Message-ID."""

    address: str
    clinic: str
    to: str
    at: datetime
    about: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """A line of the HTML: a heading, an entry of a list, or a paragraph."""

    kind: str  # heading, entry or paragraph
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """What belongs together: lines, perhaps a picture, perhaps what somebody wrote."""

    lines: tuple[_Line, ...]
    picture: str = ""  # content id
    alternative: str = ""
    quotes: tuple[tuple[str, str], ...] = ()  # when, and the words


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A subject, the same in text and in HTML, and the pictures of the HTML by content id."""

    subject: str
    text: str
    html: str
    pictures: Mapping[str, bytes] = field(default_factory=dict[str, bytes])

    def message(self, head: From) -> EmailMessage:
        """The e-mail; every line break that a name could carry into a header is a space."""
        message = EmailMessage(policy=SMTP)
        message["From"] = Address(_one_line(head.clinic), addr_spec=head.address)
        message["To"] = Address(addr_spec=head.to)
        message["Subject"], message["Date"] = _one_line(self.subject), format_datetime(head.at)
        message["Message-ID"] = message_id(head)
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(_encodable(self.text))
        message.add_alternative(_encodable(self.html), subtype="html")
        if self.pictures:
            html = message.get_payload()[-1]  # pyright: ignore[reportIndexIssue, reportUnknownVariableType, reportArgumentType]  # the list that add_alternative has made
            for name, picture in self.pictures.items():
                html.add_related(picture, "image", "png", cid=f"<{name}>", filename=f"{name}.png", disposition="inline")  # pyright: ignore[reportUnknownMemberType, reportAttributeAccessIssue]  # see above
        return message


def message_id(head: From) -> str:
    """The same for the same digest, and nothing in it can be told back: a second copy is recognised by it."""
    print_of_it = hashlib.sha256(f"digest:{head.about}".encode()).hexdigest()[:32]
    return f"<{print_of_it}@{head.address.rpartition('@')[2]}>"


def minimal(digest: Digest, *, wording: Wording) -> Letter:
    """Counts, and where to read it: no name, no code name, nothing about anybody."""
    date = say.long_day(digest.on, wording=wording)
    counts = {
        "flags": len(digest.flags),
        "contact": len(explained_words.wants_contact(digest, wording=wording)),
        "wrote": len(digest.wrote),
        "unreachable": len(digest.undeliverable),
    }
    lines = [_Line(kind="heading", text=wording("mail.subject", date=date))]
    if open_ones := len(digest.alerts):
        lines.append(_Line(kind="paragraph", text=wording("mail.alerts", count=open_ones)))
    if digest.has_nothing_to_say:
        lines.append(_Line(kind="paragraph", text=wording("digest.nothing")))
    lines += [
        _Line(kind="entry", text=wording(f"mail.counts.{name}", count=count)) for name, count in counts.items() if count
    ]
    lines.append(_Line(kind="paragraph", text=say.numbers(digest, wording=wording)))
    if not digest.has_nothing_to_say:
        lines.append(_Line(kind="paragraph", text=wording("mail.where")))
    return _letter((_Part(lines=tuple(lines)),), date=date, why=wording("mail.why"), wording=wording)


def full(digest: Digest, *, words: Words, pictures: Mapping[int, bytes], wording: Wording) -> Letter:
    """Everything that Telegram shows, with the charts; patients' words are those that are given."""
    described = {patient_id: alternative(row, wording=wording) for patient_id, row in rows_of(digest, wording=wording)}
    sayings = as_messages(digest, digest_id=0, wording=wording)
    parts = [_Part(lines=_lines(saying)) for saying in sayings[: len(sayings) - len(digest.flags)]]
    shown: set[int] = set()
    for flag in digest.flags:
        card = flag_card(flag, digest_id=0, on=digest.on, zone=digest.zone, wrote=False, wording=wording)
        patient_id, is_first = flag.patient_id, flag.patient_id not in shown
        shown.add(patient_id)
        has_picture = is_first and patient_id in pictures
        parts.append(
            _Part(
                lines=_lines(card),
                picture=f"chart-{len(parts)}" if has_picture else "",
                alternative=described.get(patient_id, "") if has_picture else "",
                quotes=_quotes(words.get(patient_id, ()), digest, wording) if is_first else (),
            )
        )
    parts += [
        _Part(lines=(_Line(kind="heading", text=say.shown(wrote.code_name)),), quotes=quotes)
        for wrote in digest.wrote
        if wrote.patient_id not in shown and (quotes := _quotes(words.get(wrote.patient_id, ()), digest, wording))
    ]
    inside = [patient_id for patient_id in dict.fromkeys(f.patient_id for f in digest.flags) if patient_id in pictures]
    names = [part.picture for part in parts if part.picture]
    return _letter(
        parts,
        date=say.long_day(digest.on, wording=wording),
        why=wording("mail.full_why"),
        wording=wording,
        pictures={name: pictures[patient_id] for name, patient_id in zip(names, inside, strict=True)},
    )


def _letter(
    parts: Sequence[_Part],
    *,
    date: str,
    why: str,
    wording: Wording,
    pictures: Mapping[str, bytes] | None = None,
) -> Letter:
    subject = wording("mail.subject", date=date)
    words = wording("mail.words")
    html = _template().render(parts=parts, why=why, words=words, language=wording.language, subject=subject)
    text = "\n\n".join(_as_text(part, words=words) for part in parts) + f"\n\n{why}\n"
    return Letter(subject=subject, text=text, html=html, pictures=pictures or {})


def _lines(saying: Saying) -> tuple[_Line, ...]:
    """The lines of a message, blank ones left out; its bold ones are headings."""
    bold = {emphasis.offset for emphasis in saying.emphasis}
    lines: list[_Line] = []
    offset = 0
    for text in saying.text.split("\n"):
        if text.startswith(_BULLET):
            lines.append(_Line(kind="entry", text=text.removeprefix(_BULLET)))
        elif text:
            lines.append(_Line(kind="heading" if offset in bold else "paragraph", text=text))
        offset += len(text.encode("utf-16-le", errors="replace")) // 2 + 1
    return tuple(lines)


def _quotes(quotes: Sequence[Quote], digest: Digest, wording: Wording) -> tuple[tuple[str, str], ...]:
    return tuple(
        (say.moment(quote.at, zone=digest.zone, beside=digest.on, wording=wording), quote.words) for quote in quotes
    )


def _as_text(part: _Part, *, words: str) -> str:
    lines = [f"{_BULLET}{line.text}" if line.kind == "entry" else line.text for line in part.lines]
    if part.alternative:
        lines.append(part.alternative)
    if part.quotes:
        lines.append(words)
        lines += [f"> {quoted} ({when})" for when, said in part.quotes for quoted in said.splitlines()]
    return "\n".join(lines)


def _one_line(text: str) -> str:
    return " ".join(_encodable(text).translate(_CONTROLS).split())


def _encodable(text: str) -> str:
    """Half a surrogate pair cannot be put into an e-mail; C0 controls but tab and line break have no business there."""
    kept = text.encode("utf-8", errors="replace").decode("utf-8")
    return "".join(character for character in kept if character >= " " or character in "\t\n")


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    source = files("workflows").joinpath("templates", "digest_mail.html.j2").read_text(encoding="utf-8")
    return environment.from_string(source)
