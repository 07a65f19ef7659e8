"""Ana asks what is kept about her and gets two files in her own chat: one to read, one for other programs."""

import json
from datetime import date

from sqlalchemy import select

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from sandbox.wire import Upload
from storage.tables import Base, Outgoing
from tests.stories.ward import Ward, madrid

WORDS = "I did not <b>feel</b> heard & left"
# what belongs to the program or to staff, or is shown under another name
NOT_ONE_PERSON_S = {
    "approvals",
    "audit_head",
    "audit_links",
    "closed_days",
    "digest_readers",
    "digests",
    "grouped_pages",
    "heartbeats",
    "leases",
    "on_call",
    "polling",
    "programmes",
    "shifts",
    "sign_in_links",
    "staff_prompts",
    "staff_sessions",
    "team_digests",
}


async def test_both_files_hold_what_she_gave_and_what_was_made_of_it(ward: Ward) -> None:
    await _a_week_of_hers(ward)

    await ward.writes(ward.ana, "/mydata")

    html, record = _files(ward.ana)
    assert (html.filename, record.filename) == ("about-me.html", "about-me.json")
    page = html.content.decode()
    for shown in (
        "Almond House",
        "Ana",
        "I did not &lt;b&gt;feel&lt;/b&gt; heard &amp; left",
        "Walk alone",
        "+34 600 000 001",
    ):
        assert shown in page
    assert "<script" not in page
    kept = json.loads(record.content)
    assert kept["person"]["name"] == "Ana"
    assert kept["contact"] == {"phone": "+34 600 000 001"}
    assert [row["words"] for row in kept["messages"]] == [WORDS]
    assert [row["words"] for row in kept["goals"]] == ["Walk alone"]
    assert [answer["rating"] for answer in kept["checkins"][0]["answers"]] == [1, 5, 7]
    assert [row["decision"] for row in kept["consents"]] == ["given"]
    assert [row["domain"] for row in kept["flags"]] == ["goal"]
    assert date(2026, 3, 3).isoformat() in kept["named_in_digests"]
    assert "code_hash" not in kept["invitations"][0]


async def test_every_table_with_something_of_hers_has_its_place_in_the_file(ward: Ward) -> None:
    await _a_week_of_hers(ward)
    await ward.writes(ward.ana, "/mydata")
    kept = json.loads(_files(ward.ana)[1].content)

    places = {
        "people": "person",
        "contacts": "contact",
        "enrolments": "enrolment",
        "programme_versions": "programme",
        "courses": "course",
        "answers": "checkins",
        "skipped_items": "checkins",
        "follow_ups": "checkins",
        "checkin_pages": "checkins",
        "halts": "pauses_asked_for",
        "flag_actions": "flags",
        "flag_holders": "flags",
        "snoozes": "flags",
        "verdicts": "flags",
        "pages": "alerts",
        "safety_presses": "alerts",
        "outbox": "sent",
        "inbox": "received",
        "audit": "acts",
    }
    tables = set(Base.metadata.tables) - NOT_ONE_PERSON_S
    assert {table: places.get(table, table) for table in tables if places.get(table, table) not in kept} == {}


async def test_the_files_hold_nothing_of_anybody_else_and_are_not_kept_after_sending(ward: Ward) -> None:
    await _a_week_of_hers(ward)
    await ward.writes(ward.ben, "Ben's own words")

    await ward.writes(ward.ana, "/mydata", "/mydata")

    files = _files(ward.ana)
    assert len(files) == 2  # a second request of the same minutes means the same files
    assert not any(word in file.content.decode() for file in files for word in ("Ben", "MAPLE-02"))
    async with ward.database.reading() as session:
        bodies = await session.scalars(select(Outgoing.body).where(Outgoing.method == "sendDocument"))
        assert bodies.all() == [None, None]


async def test_from_the_menu_they_come_after_a_second_tap_and_in_spanish(clinic: Ward) -> None:
    luz = clinic.sandbox.person("Luz", "es")
    invited = await clinic.invite(Role.PATIENT, "OLMO-01", name="Luz", clinician="COLE", language="es")
    await clinic.enrol(luz, invited.link, yes="Sí, quiero participar", right="Sí")
    await clinic.writes(luz, "/menu")
    await clinic.taps(luz, "Mis datos")
    assert _files(luz) == []

    await clinic.taps(luz, "Enviar los archivos aquí")

    html, record = _files(luz)
    assert (html.filename, record.filename) == ("sobre-mi.html", "sobre-mi.json")
    assert '<html lang="es">' in html.content.decode()
    assert "Lo que Almond House guarda sobre usted" in html.content.decode()


async def test_who_has_left_can_still_have_the_files(ward: Ward) -> None:
    await ward.writes(ward.ana, "/leave")
    await ward.taps(ward.ana, "Yes, stop")

    await ward.writes(ward.ana, "/help")
    await ward.taps(ward.ana, "What you can decide")
    assert ward.ana.last.labels == ("Language", "My data", "Delete everything", "I need help now")
    await ward.writes(ward.ana, "/mydata")

    assert json.loads(_files(ward.ana)[1].content)["enrolment"][0]["state"] == "left"


def _files(person: OnThePhone) -> list[Upload]:
    return [shown.document for shown in person.screen if shown.document is not None]


async def _a_week_of_hers(ward: Ward) -> None:
    await ward.writes(ward.ana, "/goals Walk alone")
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "1", "5", "7")
    await ward.writes(ward.ana, WORDS)
    await ward.until(madrid(3, 3, "08:01"))
