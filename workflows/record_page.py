"""Everything kept about one person as a page to read: self-contained, in their language, and without a script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from importlib.resources import files
from typing import cast

from jinja2 import Environment, StrictUndefined, Template

from alliance.agreement import from_words
from alliance.audience import Whom
from alliance.cadence import Cadence
from alliance.cadence_words import in_words
from alliance.clinician_rating import ORDER, RatingState
from alliance.delivery import OutboxState
from alliance.direction import name_apart
from alliance.follow_up import Concern
from alliance.items import Instrument
from alliance.local_time import local_day
from alliance.programme_json import read_written
from alliance.programme_words import programme_in_words
from alliance.wording import Wording
from workflows.words import day_and_time, day_in_words

Row = Mapping[str, object]

REACHED_BY = ("phone", "emergency_contact", "address")


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """What it takes to say in words what is kept: who is who, which questions were asked, and where the reader is."""

    kept: Mapping[str, object]
    instruments: Sequence[Instrument]
    clinicians: Mapping[int, str]  # by id, the names under which the reader knows them
    zone: str
    wording: Wording

    def rows(self, name: str) -> Sequence[Row]:
        """What is kept of one subject."""
        return cast("Sequence[Row]", self.kept[name])

    def one(self, name: str) -> Row:
        """What is kept of a subject of which there is one."""
        return cast("Row", self.kept[name])

    def when(self, moment: object) -> str:
        """A moment as it was on the reader's wall."""
        return day_and_time(datetime.fromisoformat(str(moment)), self.zone, self.wording)

    def known(self, key: str, value: object) -> str:
        """The words for a state of ours; one that has no words yet is shown as it is kept."""
        return self.wording.sentences.get(f"{key}.{value}", str(value))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Entry:
    """One thing that is kept: when it happened, and what it is."""

    when: str = ""
    lines: tuple[str, ...]


def render_record(reading: Reading, *, clinic: str, made_at: datetime) -> str:
    """The page for what ``storage.everything.about`` has gathered, ready to be written as UTF-8.

    It says in words what a person would want to know; ids, delivery and what the rules remember are in the other
    file, and it says so.
    """
    say = reading.wording
    sections = {
        "me": _person(reading),
        "taking_part": [_Entry(lines=_taking_part(reading, row)) for row in reading.rows("enrolment")],
        "consents": [_consent(reading, row) for row in reading.rows("consents")],
        "goals": [
            _Entry(when=reading.when(row["set_at"]), lines=(str(row["words"]),)) for row in reading.rows("goals")
        ],
        "checkins": [_checkin(reading, row) for row in reading.rows("checkins")],
        "readers": [_reader(reading, row) for row in reading.rows("audience_choices")],
        "messages": [_message(reading, row) for row in reading.rows("messages")],
        "flags": [_flag(reading, row) for row in reading.rows("flags")],
        "alerts": [_alert(reading, row) for row in reading.rows("alerts")],
        "visits": [_visit(reading, row) for row in reading.rows("visits")],
        "others": [_others(reading)],
    }
    agreements = [_agreement(reading, row) for row in reading.rows("agreements")]
    agreements += [_Entry(lines=(say("visits.file_draft"),)) for _ in reading.rows("agreement_drafts")]
    views = [_view(reading, row) for row in reading.rows("clinician_ratings") if row["state"] == RatingState.RATED]
    return _template().render(
        language=say.language,
        title=say("own.file.title", clinic=clinic),
        made=say("own.file.made", when=day_and_time(made_at, reading.zone, say), zone=reading.zone),
        nothing=say("own.file.nothing"),
        sections=[
            *((_heading(say, name), entries) for name, entries in sections.items()),
            (say("visits.file_agreements"), agreements),
            (say("visits.file_views"), views),
            (say("hold.file.title"), [_hold(reading, row) for row in reading.rows("holds")]),
        ],
    )


def _person(reading: Reading) -> list[_Entry]:
    say, person, contact = reading.wording, reading.one("person"), reading.one("contact")
    reached_by = (say(f"contact.{way}", value=contact[way]) for way in REACHED_BY if way in contact)
    named = say("own.file.named", name=person["name"], code_name=person["code_name"])
    return [_Entry(lines=(named, say("own.file.lives", zone=person["zone"]), *reached_by))]


def _taking_part(reading: Reading, enrolment: Row) -> tuple[str, ...]:
    say = reading.wording
    lines = [reading.known("own.file.state", enrolment["state"])]
    rules, at = cast("list[str]", enrolment["rules"]), cast("list[str]", enrolment["at"])
    language = "es" if say.language == "es" else "en"
    if rules and at:
        cadence = Cadence(
            rules=tuple(rules),
            at=tuple(time.fromisoformat(one) for one in at),
            starts_on=date.fromisoformat(str(enrolment["starts_on"])),
        )
        lines.append(say("own.file.asked", words=in_words(cadence, language)))
    elif not rules:
        lines += [
            say("own.file.asked", words=programme_in_words(read_written(str(version["definition"])), language))
            for version in reading.rows("programme")
        ]
    lines += [
        say("own.quiet.own", hours=f"{wishes['quiet_from']}-{wishes['quiet_until']}")
        for wishes in reading.rows("preferences")
        if wishes["quiet_from"]
    ]
    return tuple(lines)


def _consent(reading: Reading, row: Row) -> _Entry:
    decision = reading.known("own.file.decision", row["decision"])
    return _Entry(when=reading.when(row["decided_at"]), lines=(decision,))


def _checkin(reading: Reading, row: Row) -> _Entry:
    instrument = next((known for known in reading.instruments if known.name == row["instrument"]), None)
    items = {item.id: item for item in instrument.items} if instrument else {}
    lines = [reading.known("own.file.checkin", row["state"])]
    for answer in cast("Sequence[Row]", row["answers"]):
        item = items.get(str(answer["item_id"]))
        words = item and (item.words.get(reading.wording.language) or next(iter(item.words.values())))
        question = words.question if words else str(answer["item_id"])
        clinician_id = cast("int", answer.get("about_id") or row["clinician_id"])
        clinician = name_apart(reading.clinicians[clinician_id], language=reading.wording.language)
        lines.append(f"{question.replace('{clinician}', clinician)} {answer['rating']}")
    skipped = cast("Sequence[Row]", row["skipped"])
    lines += [reading.wording("own.file.skipped", count=len(skipped))] if skipped else []
    chosen = [
        one["concern"]
        for one in cast("Sequence[Row]", row["follow_ups"])
        if one["concern"] not in {None, Concern.LEFT_OPEN}
    ]
    lines += [reading.known("checkin.concern", concern) for concern in chosen]
    lines += [reading.known("checkin.wish", row["wish"])] if row["wish"] is not None else []
    return _Entry(when=reading.when(row["due_at"]), lines=tuple(lines))


def _message(reading: Reading, row: Row) -> _Entry:
    edited = (reading.wording("words.edited"),) if row["version"] else ()
    words = row["words"] if row["words"] is not None else reading.wording("words.none")
    return _Entry(when=reading.when(row["received_at"]), lines=(*edited, str(words)))


def _flag(reading: Reading, row: Row) -> _Entry:
    domain = reading.known("digest.domain", row["domain"] or "other")
    return _Entry(when=reading.when(row["raised_at"]), lines=(reading.wording("own.file.noticed", domain=domain),))


def _heading(say: Wording, name: str) -> str:
    return say("readers.file.title" if name == "readers" else f"own.file.{name}")


def _reader(reading: Reading, row: Row) -> _Entry:
    """One decision about who reads what."""
    match row["whom"]:
        case Whom.PERSON:
            reader = reading.clinicians[cast("int", row["reader_id"])]
        case Whom.TEAM:
            reader = reading.wording("readers.team")
        case _:
            reader = reading.wording("readers.file.own")
    return _Entry(
        when=reading.when(row["since"]), lines=(reading.wording(f"readers.file.{row['subject']}", reader=reader),)
    )


def _visit(reading: Reading, row: Row) -> _Entry:
    return _Entry(when=reading.when(row["starts_at"]), lines=(reading.known("own.file.visit", row["state"]),))


def _agreement(reading: Reading, row: Row) -> _Entry:
    parts = from_words(str(row["words"]))
    written = [words for words in parts.as_table().values() if words]
    return _Entry(when=reading.when(row["sent_at"]), lines=(*written, reading.known("visits.file_state", row["state"])))


def _view(reading: Reading, row: Row) -> _Entry:
    lines = tuple(
        reading.wording("view.given", domain=reading.known("digest.domain", domain), rating=row[domain])
        for domain in ORDER
        if row[domain] is not None
    )
    return _Entry(when=reading.when(row["ended_at"]), lines=lines)


def _hold(reading: Reading, row: Row) -> _Entry:
    """From when until when nothing was asked because staff said so; the reason is theirs to know as well."""
    say = reading.wording
    ended = local_day(datetime.fromisoformat(str(row["ended_at"])), reading.zone) if row["ended_at"] else None
    until = ended or (date.fromisoformat(str(row["ends_on"])) if row["ends_on"] else None)
    starts = day_in_words(date.fromisoformat(str(row["starts_on"])), say)
    key = "hold.file.until" if until else "hold.file.open"
    lasts = say(key, start=starts, end=day_in_words(until, say) if until else "")
    why = say("hold.file.why", why=reading.known("hold.reason", row["reason"]))
    return _Entry(when=reading.when(row["set_at"]), lines=(lasts, why))


def _others(reading: Reading) -> _Entry:
    sent = [
        row
        for row in reading.rows("sent")
        if row["state"] == OutboxState.SENT and str(row["method"]).startswith("send")
    ]
    return _Entry(lines=(reading.wording("own.file.sent", count=len(sent)), reading.wording("own.file.more")))


def _alert(reading: Reading, row: Row) -> _Entry:
    lines = [reading.known("cause", row["cause"])]
    if row["resolution"]:
        lines.append(reading.known("resolution", row["resolution"]))
    return _Entry(when=reading.when(row["raised_at"]), lines=tuple(lines))


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    text = files("workflows").joinpath("templates", "record.html.j2").read_text(encoding="utf-8")
    return environment.from_string(text)
