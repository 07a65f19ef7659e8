"""A digest by e-mail: queued with its text, put together when it is sent, so that no copy of it lies in the outbox."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.message import EmailMessage

from alliance.charts import Chart, chart_of, rows_of
from alliance.delivery import Lane
from alliance.digest import Digest as Content
from alliance.digest_json import from_json
from alliance.places import MailContent
from storage import audit, digests, outbox, people, reach
from storage.intents import Intent
from storage.tables import Digest, Person
from workflows.digest_letter import From, Letter, full, minimal
from workflows.open_words import words_for
from workflows.unit import Unit

KEY = "mail:"  # begins the keys of digests by e-mail
METHOD = "mailDigest"
STILL_WANTED = timedelta(hours=20)  # then the next digest is near, and what was new no longer is
MOST_CHARTS = 24  # in one e-mail; further patients are told in words


@dataclass(frozen=True, kw_only=True, slots=True)
class ToMail:
    """A digest as it is to be mailed: whose, what of it, and which charts are to be drawn for it first."""

    digest: Digest
    content: Content
    reader: Person  # the clinician, or whoever stood in for her
    address: str
    charts: Mapping[int, Chart]  # by patient


async def mail_digest(unit: Unit, digest: Digest, reader: Person) -> None:
    """Queue a digest for e-mail where the clinic wants it and its reader has an address: once for its date."""
    if unit.clinic.digest_mail is MailContent.OFF or reader.email is None:
        return
    await outbox.add(
        unit.session,
        Intent(
            key=f"{KEY}{digest.clinician_id}:{digest.local_date}",  # who reads for others is mailed several
            lane=Lane.MAIL,
            chat_id=0,
            person_id=reader.id,
            method=METHOD,
            body={"digest": digest.id},
            due_at=unit.now,
            expires_at=unit.now + STILL_WANTED,
        ),
        now=unit.now,
    )


async def to_mail(unit: Unit, digest_id: int) -> ToMail | None:
    """What is to be mailed now; None when the digest or the address is gone, or the clinic has changed its mind."""
    digest = await digests.get(unit.session, digest_id)
    if digest is None or unit.clinic.digest_mail is MailContent.OFF:
        return None
    reader = await people.get(unit.session, await digests.reader_of(unit.session, digest))
    address = reach.email_of(unit.session, reader)
    if address is None:
        return None
    content, wording = from_json(digest.content), unit.wording(reader.language)
    rows = rows_of(content, wording=wording) if unit.clinic.digest_mail is MailContent.FULL else ()
    return ToMail(
        digest=digest,
        content=content,
        reader=reader,
        address=address,
        charts={patient_id: chart_of(row, wording=wording) for patient_id, row in rows[:MOST_CHARTS]},
    )


async def letter(unit: Unit, wanted: ToMail, pictures: Mapping[int, bytes], *, sender: str) -> EmailMessage:
    """The e-mail as it goes over the wire; its Message-ID is the same however often it is put together."""
    wording = unit.wording(wanted.reader.language)
    head = From(
        address=sender,
        clinic=unit.clinic.name,
        to=wanted.address,
        at=wanted.digest.built_at,
        about=f"{wanted.digest.clinician_id}:{wanted.digest.local_date}",
    )
    made: Letter
    if unit.clinic.digest_mail is MailContent.FULL:
        words = await words_for(unit, wanted.content) if unit.clinic.words_by_mail else {}
        made = full(wanted.content, words=words, pictures=pictures, wording=wording)
    else:
        made = minimal(wanted.content, wording=wording)
    return made.message(head)


async def note_mailed(unit: Unit, digest_id: int) -> None:
    """Note in the audit that patients' words, or their names, have left by e-mail."""
    digest = await digests.get(unit.session, digest_id)
    await audit.record(
        unit.session,
        at=unit.now,
        actor_id=None,
        action="mailed_digest",
        object_kind="clinician",
        object_id=digest.clinician_id if digest else None,
        detail={"digest": digest_id, "content": unit.clinic.digest_mail, "words": unit.clinic.words_by_mail},
    )
