"""The clinic speaks a language in which every letter is accented; a plain letter on a screen came from no catalogue.

Ana's whole time is told: joining, check-ins, the menu, a crisis, leaving; beside it what staff read. What can go
wrong: a sentence stands in the code and is said in English to somebody who reads Spanish.
"""

import re
from collections.abc import AsyncGenerator
from dataclasses import replace
from pathlib import Path

import pytest

import bot.wiring
import workflows.record_page
import workflows.set_cadence
from alliance.people import Role
from bot.clinic import read_clinic
from bot.settings import Settings, read_settings
from sandbox.people import Person as OnThePhone
from storage import people
from storage.database import Database
from tests.stories.opening import STAFF_ALONE, opened_ward
from tests.stories.pseudo import on_page, plain_letters, pseudo, said_in
from tests.stories.ward import Ward, madrid
from workflows.arrange_digest import stored_or_now
from workflows.digest_page import render_page
from workflows.open_words import goals_for, phrases_for, words_for
from workflows.unit import Clinic

WRITTEN = ("You never listen to me", "Walk alone", "I want to die", "Soria", "whatever", "hello")
NAMES = (
    *("Ana", "Dr Cole", "Dr Day", "COLE", "DAY", "Kim", "Almond House", "BIRCH-07", "Madrid", "Europe", "Sofia"),
    *("asked_for_help", "about-me"),
)
# Names, words that somebody wrote, commands, rules by their names and fingerprints, endings of files.
ALLOWED = (
    r"/[a-z_]+(?: CODE| \d+ \w+| [A-Z]+-\d+)?",
    r"\b[a-z_]+/\d+\b",
    r"\b(?:en|es)(?:\.[a-z_]+)+",
    r"\([0-9a-f]{12}\)",
    r"\.(?:html|json)",
)


def _speaks_no_language(settings: Settings, *, bot_username: str) -> Clinic:
    return pseudo(read_clinic(settings, bot_username=bot_username))


IN_NO_LANGUAGE = replace(STAFF_ALONE, name="staff alone, in no language")  # nobody else begins where it ended


@pytest.fixture
async def clinic(database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Ward]:
    """The clinic of the stories, in no language."""
    monkeypatch.setattr(bot.wiring, "read_clinic", _speaks_no_language)
    for module in (workflows.record_page, workflows.set_cadence):  # its words for a cadence have a grammar of their own
        monkeypatch.setattr(module, "in_words", lambda *_: "⟦ḗṽḗřẏ ḓȧẏ⟧")
    async with opened_ward(database, tmp_path, IN_NO_LANGUAGE) as ward:
        yield ward


async def test_no_sentence_reaches_anybody_but_from_a_catalogue(clinic: Ward) -> None:
    await _a_stranger_asks(clinic)
    await _ana_joins(clinic)
    await _she_answers_and_says_why(clinic)
    await _she_looks_at_every_page(clinic)
    await _staff_look_and_act(clinic)
    await _a_crisis_and_its_end(clinic)
    page, reasons = await _the_page_of_the_digest(clinic)
    await _she_leaves_and_has_everything_deleted(clinic)

    everything = [*said_in(clinic.sandbox.ledger.calls()), *_files(clinic), *page]
    assert len(everything) > 250
    allowed = sorted(map(re.escape, (*WRITTEN, *NAMES, *reasons)), key=len, reverse=True)
    assert plain_letters(everything, allowed=re.compile("|".join((*allowed, *ALLOWED)))) == {}


def test_a_sentence_that_stands_in_the_code_is_noticed() -> None:
    said = "⟦Ƥŀḗḗȧȧşḗḗ⟧ press /help_now, Ana"

    assert plain_letters([said], allowed=re.compile("/[a-z_]+|Ana")) == {said: "press"}


def test_every_sentence_keeps_its_blanks_and_loses_its_letters() -> None:
    spoken = pseudo(read_clinic(read_settings(_env_file=None), bot_username="a_bot")).wordings

    for language in spoken.languages:
        for key, sentence in spoken.in_language(language).texts():
            assert plain_letters([sentence], allowed=re.compile(rf"\{{[a-z_]+\}}|{ALLOWED[0]}")) == {}, key
    assert spoken.in_language("en")("checkin.title", number=1, total=3) == "⟦Ƈħḗḗƈķ-īīƞ, 1 ǿǿƒ 3⟧"


async def _a_stranger_asks(clinic: Ward) -> None:
    await clinic.writes(clinic.cy, "hello", "/help", "/help_now", "/menu")
    clinic.cy.sends_sticker()
    await clinic.settle()
    await _closes(clinic, clinic.kim, "made")


async def _closes(clinic: Ward, who: OnThePhone, how: str) -> None:
    await clinic.taps(who, *(clinic.says(f"alert.step.{step}") for step in ("have", "reach", "words", how)))


async def _ana_joins(clinic: Ward) -> None:
    link = (await clinic.invite(Role.PATIENT, "BIRCH-07", name="Ana", clinician="COLE", phone="112")).link
    clinic.ana.opens(link)
    await clinic.settle()
    await clinic.taps(clinic.ana, clinic.says("consent.yes"), clinic.says("zone.no"))
    await clinic.writes(clinic.ana, "Soria", "Madrid")
    await clinic.taps(clinic.ana, "Europe, Madrid", "09:00")
    await clinic.writes(clinic.ana, "/help", "whatever", "/goals", "Walk alone")


async def _she_answers_and_says_why(clinic: Ward) -> None:
    ana, says = clinic.ana, clinic.says
    await clinic.until(madrid(3, 2, "09:00"))
    await clinic.taps(ana, says("checkin.button.who"), says("checkin.button.back"), says("checkin.button.later"))
    await clinic.taps(ana, says("checkin.later.hour"))
    await clinic.later(hours=1)
    await clinic.taps(ana, "6", "2", says("checkin.button.skip"), says("checkin.concern.side_effects"))
    await clinic.taps(ana, says("checkin.wish.call"))
    await clinic.writes(ana, "You never listen to me")
    await clinic.taps(ana, says("checkin.button.change_finished"))
    await clinic.until(madrid(3, 5, "12:30"))  # the next one, its reminder
    await clinic.taps(ana, "6")
    await clinic.until(madrid(3, 9, "09:00"))  # closed in part; the third is left alone


async def _she_looks_at_every_page(clinic: Ward) -> None:
    ana, says = clinic.ana, clinic.says
    await clinic.writes(ana, "/menu")
    for page in ("pause", "time", "zone", "language", "quiet", "goals", "who", "data", "leave"):
        await clinic.taps(ana, says(f"own.button.{page}"), says("own.back"))
    await clinic.writes(
        ana, "/time", "whatever", "/time 10:00", "/quiet", "whatever", "/quiet 22:00-07:30", "/quiet off"
    )
    await clinic.writes(ana, "/zone Madrid", "/goals", "/pause 14", "/resume", "/resume", "/pause whatever", "/mydata")

    await clinic.writes(ana, "/cadence BIRCH-07", "/leave")
    await clinic.taps(ana, says("leave.no"))
    ana.sends_photo()
    ana.sends_voice()
    ana.forwards("hello")
    await clinic.settle()


async def _staff_look_and_act(clinic: Ward) -> None:
    says = clinic.says
    await clinic.writes(clinic.kim, "/help", "/cadence", "/cadence BIRCH-07")
    await clinic.taps(clinic.kim, says("cadence.preset.daily"), says("cadence.save"))
    await clinic.writes(clinic.cole, "/help", "hello", "/cadence")
    await clinic.until(madrid(3, 10, "08:01"))
    await clinic.taps(clinic.cole, says("digest.button.reviewed"))


async def _a_crisis_and_its_end(clinic: Ward) -> None:
    says = clinic.says
    await clinic.writes(clinic.ana, "I want to die")
    await clinic.taps(clinic.ana, says("safety.say.safe"), says("safety.say.call"))
    await clinic.later(minutes=5)
    await _closes(clinic, clinic.cole, "made")
    await clinic.writes(clinic.ana, "/help_now")
    await _closes(clinic, clinic.cole, "not")
    await clinic.is_down_until(clinic.clock.now() + (madrid(3, 11, "12:00") - madrid(3, 11, "06:00")))


async def _the_page_of_the_digest(clinic: Ward) -> tuple[list[str], set[str]]:
    """Its texts, and the reasons of rules for what they heard: those stand with the rules, in the rules' language."""
    async with clinic.database.reading() as session:
        unit = clinic.program.unit(session, "digest")
        cole = await people.by_code_name(session, "COLE")
        assert cole is not None
        content = await stored_or_now(unit, cole, madrid(3, 10, "08:00").date())
        page = render_page(
            content,
            words=await words_for(unit, content),
            phrases=await phrases_for(unit, content),
            goals=await goals_for(unit, content),
            wording=unit.wording("en"),
            clinic_name="Almond House",
        )
    return on_page(page), {line.why for flag in content.flags for line in flag.heard}


async def _she_leaves_and_has_everything_deleted(clinic: Ward) -> None:
    await clinic.writes(clinic.ana, "/forget")
    await clinic.taps(clinic.ana, clinic.says("own.forget.yes"))
    await clinic.until(madrid(3, 12, "08:01"))


def _files(clinic: Ward) -> list[str]:
    files = [shown.document for shown in clinic.sandbox.ledger.ever_shown(clinic.ana.user_id) if shown.document]
    names = [file.filename for file in files]
    return names + [text for file in files if file.filename.endswith("html") for text in on_page(file.content.decode())]
