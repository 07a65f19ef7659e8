"""A digest rendered for every role and every place, searched for what must not be there.

Ana's and Ben's words, names, phone numbers and chats are marked so that they are found wherever they turn up. Ana is
Dr Cole's patient and Ben is Dr Day's. What each place may hold is a table; everything else is a leak.
"""

import json
from collections.abc import AsyncGenerator
from email import message_from_bytes
from email.policy import default
from typing import cast

import pytest

from alliance.people import Role
from alliance.places import MailContent
from bot.commands.digest import Format, printed
from bot.draughtsman import Draughtsman
from sandbox.people import Person as OnThePhone
from storage import people, reach
from tests.bot.receivers import Post, mail_server
from tests.stories.ward import YES, Ward, ever, madrid

ANA_WORDS, BEN_WORDS = "canary-ana-words", "canary-ben-words"
ANA_NAME, BEN_NAME = "Canary Ana Name", "Canary Ben Name"
PHONES = ("+34 611 000 111", "+34 622 000 222")
ANA, BEN = "BIRCH-07", "MAPLE-02"


@pytest.fixture
async def draughtsman() -> AsyncGenerator[Draughtsman]:
    """Who draws."""
    one = Draughtsman()
    yield one
    await one.go_home()


@pytest.mark.parametrize("content", [MailContent.MINIMAL, MailContent.FULL])
async def test_every_role_and_place_holds_what_it_may_and_nothing_else(
    clinic: Ward, draughtsman: Draughtsman, content: MailContent
) -> None:
    post, staff = Post(), await _everybody_arrives(clinic)
    with mail_server(post, None) as port:
        clinic.settings = clinic.settings.model_copy(
            update={
                "digest_email": content,
                "smtp_from": "clinic@example.org",
                "smtp_url": type(clinic.settings.smtp_url)(f"smtp://127.0.0.1:{port}?starttls=no"),
            }
        )
        await clinic.restart(draughtsman=draughtsman)
        await _ana_and_ben_are_low(clinic)
        await clinic.until(madrid(3, 3, "08:02"))
    secrets = (ANA_WORDS, BEN_WORDS, ANA_NAME, BEN_NAME, *PHONES, str(clinic.ana.user_id), str(clinic.ben.user_id))

    for role, person in staff.items():
        _holds(_telegram(clinic, person), may=_MAY[role], never=secrets)
    assert _captions(clinic.cole) == [True]
    for letter in post.letters:
        to = letter.rcpt_tos[0]
        may = (ANA,) if to.startswith("cole") else (BEN,)
        _holds(_letter(cast("bytes", letter.content)), may=may if content is MailContent.FULL else (), never=secrets)
    assert sorted(letter.rcpt_tos[0] for letter in post.letters) == ["cole@example.org", "day@example.org"]
    for clinician, own, words in (("COLE", ANA, ANA_WORDS), ("DAY", BEN, BEN_WORDS)):
        for form in (Format.TEXT, Format.JSON):
            _holds(await _printed(clinic, clinician, form), may=(own,), never=secrets)
        page = await _printed(clinic, clinician, Format.HTML)
        _holds(page, may=(own,), never=tuple(secret for secret in secrets if secret != words))
        assert words in page


_MAY: dict[Role, tuple[str, ...]] = {
    Role.CLINICIAN: (ANA,),
    Role.COORDINATOR: (),
    Role.LEAD: (),
    Role.AUDITOR: (),
    Role.OPERATOR: (),
    Role.SUPPORTER: (),
}


def test_every_role_beside_the_patient_is_in_the_table() -> None:
    assert set(_MAY) == set(Role) - {Role.PATIENT}


def test_a_leak_would_be_noticed() -> None:
    with pytest.raises(AssertionError):
        _holds(f"… {BEN} …", may=(ANA,), never=())
    with pytest.raises(AssertionError):
        _holds(f"… {ANA_WORDS} …", may=(ANA, BEN), never=(ANA_WORDS,))


def _holds(text: str, *, may: tuple[str, ...], never: tuple[str, ...]) -> None:
    assert [secret for secret in never if secret in text] == []
    assert [name for name in (ANA, BEN) if name in text] == [name for name in (ANA, BEN) if name in may]


async def _everybody_arrives(ward: Ward) -> dict[Role, OnThePhone]:
    staff = {Role.CLINICIAN: ward.cole, Role.COORDINATOR: ward.kim}
    for role in (Role.LEAD, Role.AUDITOR, Role.OPERATOR, Role.SUPPORTER):
        phone = ward.sandbox.person(str(role))
        async with ward.database.writing() as session:
            person = await people.add(
                session, code_name=role.upper(), name=None, language="en", zone="UTC", now=ward.clock.now()
            )
            person.chat_id = phone.user_id
            await people.give_role(session, person.id, role, now=ward.clock.now())
        staff[role] = phone
    async with ward.database.writing() as session:
        for code_name in ("COLE", "DAY"):
            clinician = await people.by_code_name(session, code_name)
            assert clinician is not None
            reach.set_email(session, clinician, f"{code_name.lower()}@example.org")
    for phone, name, code_name, clinician, number in (
        (ward.ana, ANA_NAME, ANA, "COLE", PHONES[0]),
        (ward.ben, BEN_NAME, BEN, "DAY", PHONES[1]),
    ):
        invited = await ward.invite(Role.PATIENT, code_name, name=name, clinician=clinician, phone=number)
        phone.opens(invited.link)
        await ward.settle()
        await ward.taps(phone, YES, "Yes", "09:00")
    return staff


async def _ana_and_ben_are_low(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    for phone, words in ((ward.ana, ANA_WORDS), (ward.ben, BEN_WORDS)):
        await ward.taps(phone, "6", "6", "1")
        await ward.writes(phone, f"You never listen to me, {words}")


def _telegram(ward: Ward, person: OnThePhone) -> str:
    """Everything ever shown to somebody: texts, captions and buttons."""
    shown = ward.sandbox.ledger.ever_shown(person.user_id)
    captions = [each.caption or "" for each in shown]
    labels = [label for each in shown for label in each.labels]
    return "\n".join([*ever(ward, person), *captions, *labels])


def _captions(person: OnThePhone) -> list[bool]:
    return [ANA in (shown.caption or "") for shown in person.screen if shown.photo is not None]


def _letter(raw: bytes) -> str:
    """Head and all readable parts of an e-mail."""
    letter = message_from_bytes(raw, policy=default)
    parts = [part.get_content() for part in letter.walk() if part.get_content_maintype() == "text"]  # pyright: ignore[reportAttributeAccessIssue]  # an EmailMessage, by its policy
    return "\n".join([json.dumps(letter.items(), default=str), *parts])


async def _printed(ward: Ward, clinician: str, form: Format) -> str:
    async with ward.database.writing() as session:
        return await printed(ward.program.unit(session, "look"), clinician, None, form)
