"""Whatever else people do in a chat has a kind answer in their language, or rightly none; Luz and Ana do all of it.

A sticker, a place, a card, a poll, somebody else's words, a thumb up, a group, an account that is deleted and one that
comes back on a new telephone.
"""

import pytest

from alliance.people import Role
from sandbox.people import Person as OnThePhone
from tests.stories.ward import YES, Ward, madrid, texts

ENGLISH, SPANISH = "en", "es"
BOTH = pytest.mark.parametrize("language", [ENGLISH, SPANISH])
UNREADABLE = ("contact", "poll", "dice", "venue", "document", "video_note")


@BOTH
async def test_what_cannot_be_read_is_said_so_and_leads_to_help(clinic: Ward, language: str) -> None:
    luz = await _luz(clinic, language)

    luz.sends_sticker()
    luz.sends_location(40.4, -3.7)
    luz.sends_voice()
    for content in UNREADABLE:
        luz.sends(content)
    await clinic.settle()

    sentence = clinic.says("message.cannot_read", language=language)
    assert texts(luz).count(sentence) == 3 + len(UNREADABLE)
    assert luz.last.labels == (clinic.says("safety.button", language=language),)
    rows = await clinic.messages_of(luz)
    assert {row.kind for row in rows} == {"sticker", "location", "voice", *UNREADABLE}
    assert {row.screening for row in rows} == {"unscreened"}
    assert all(word is None for word in await clinic.words(luz))  # where she was is not kept


@BOTH
async def test_somebody_else_s_words_are_kept_like_her_own_with_an_honest_receipt(clinic: Ward, language: str) -> None:
    luz = await _luz(clinic, language)

    luz.forwards("My sister says hello")
    await clinic.settle()

    assert luz.last.text == clinic.says("message.kept", language=language, clinician="Dr Cole")
    assert await clinic.words(luz) == ["My sister says hello"]


@BOTH
async def test_a_thumb_up_is_answered_by_nothing_and_a_group_is_left_without_a_word(
    clinic: Ward, language: str
) -> None:
    luz = await _luz(clinic, language)
    before = texts(luz)
    thumb = {"type": "emoji", "emoji": "\N{THUMBS UP SIGN}"}
    reaction = {"chat": luz.chat.wire, "message_id": luz.last.message_id, "user": luz.user, "date": 1}
    clinic.sandbox.inject({"message_reaction": {**reaction, "old_reaction": [], "new_reaction": [thumb]}})
    group = clinic.sandbox.group("Family")
    group.adds_bot(luz)
    group.writes(luz, "/mydata")
    group.writes(luz, "/goals Walk alone")
    await clinic.settle()

    assert texts(luz) == before
    assert not any(shown.from_bot for shown in group.screen)
    assert len(clinic.sandbox.ledger.calls("leaveChat", chat_id=group.chat_id)) >= 1
    await clinic.writes(luz, "/goals")
    assert "Walk alone" not in luz.last.text


@BOTH
async def test_a_deleted_account_is_noticed_and_the_same_person_goes_on_on_a_new_telephone(
    clinic: Ward, language: str
) -> None:
    luz = await _luz(clinic, language)
    await clinic.writes(luz, "/goals Dormir")
    luz.deactivates()
    await clinic.until(madrid(3, 3, "08:01"))
    assert "Cannot be reached: 1" in clinic.cole.last.text

    new = clinic.sandbox.person("Luz again", language)
    new.opens((await clinic.invite(Role.PATIENT, "OLMO-01")).link)
    await clinic.settle()
    assert new.last.text == clinic.says("enrolled.moved", language=language)
    await clinic.writes(new, "/goals")
    assert "1. Dormir" in new.last.text
    await clinic.until(madrid(3, 5, "09:00"))

    assert new.last.labels[-1] == clinic.says("safety.button", language=language)
    assert (await clinic.person("OLMO-01")).blocked_at is None


async def _luz(clinic: Ward, language: str) -> OnThePhone:
    luz = clinic.sandbox.person("Luz", language)
    invited = await clinic.invite(Role.PATIENT, "OLMO-01", name="Luz", clinician="COLE", language=language)
    yes, right = (YES, "Yes") if language == ENGLISH else ("Sí, quiero participar", "Sí")
    await clinic.enrol(luz, invited.link, yes=yes, right=right)
    return luz
