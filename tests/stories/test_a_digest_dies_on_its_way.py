"""The process dies where a digest's picture or e-mail is taken up or written down, and the next one goes on from there.

Dying is an exception that nobody handles, at the places where kill tests end the process: before a commit nothing of
it is kept, after it all of it is. What was being sent to a mail server then may have arrived; a copy has the same
Message-ID, so that a mailbox knows it for one.
"""

import pytest

from alliance.places import MailContent
from bot.draughtsman import Draughtsman
from storage import crash_points
from storage.crash_points import AFTER, BEFORE
from tests.bot.receivers import Post
from tests.stories.test_story_of_places import (
    _ana_rates_low,
    _by_mail,
    _cole_has_an_address,
    _letters,
    _mails,
    draughtsman,
    port,
    post,
)
from tests.stories.ward import Ward, madrid, texts

__all__ = ["draughtsman", "port", "post"]


class Died(BaseException):
    """The process is no more."""


def _dies_once_at(monkeypatch: pytest.MonkeyPatch, place: str) -> list[str]:
    died: list[str] = []

    def reached(when: str, what: str) -> None:
        if f"{when}:{what}" == place and not died:
            died.append(place)
            raise Died(place)

    monkeypatch.setattr(crash_points, "reached", reached)
    return died


@pytest.mark.parametrize("when", [BEFORE, AFTER])
async def test_a_picture_comes_once_whenever_the_process_dies(
    ward: Ward, draughtsman: Draughtsman, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    await ward.restart(draughtsman=draughtsman)
    await _ana_rates_low(ward)
    died = _dies_once_at(monkeypatch, f"{when}:picture")

    with pytest.raises(Died):
        await ward.until(madrid(3, 3, "08:02"))
    await ward.restart(draughtsman=draughtsman)
    await ward.until(madrid(3, 3, "12:00"))

    assert len(died) == 1
    assert len([shown for shown in ward.cole.screen if shown.photo is not None]) == 1
    assert sum(text.startswith("Digest, Tuesday") for text in texts(ward.cole)) == 1


@pytest.mark.parametrize("what", ["claim_mail", "record_mail"])
@pytest.mark.parametrize("when", [BEFORE, AFTER])
async def test_a_mail_arrives_whenever_the_process_dies_and_a_copy_is_known_for_one(
    ward: Ward, post: Post, port: int, monkeypatch: pytest.MonkeyPatch, when: str, what: str
) -> None:
    ward.settings = _by_mail(ward, port, MailContent.MINIMAL)
    await _cole_has_an_address(ward)
    await ward.restart(draughtsman=Draughtsman())
    await _ana_rates_low(ward)
    await ward.until(madrid(3, 3, "07:59"))
    died = _dies_once_at(monkeypatch, f"{when}:{what}")

    with pytest.raises(Died):
        await ward.until(madrid(3, 3, "08:02"))
    await ward.restart(draughtsman=Draughtsman())
    await ward.until(madrid(3, 3, "09:30"))

    letters = _letters(post)
    assert len(died) == 1
    assert len({letter["Message-ID"] for letter in letters}) == 1
    assert len(letters) <= (2 if (when, what) == (BEFORE, "record_mail") else 1)
    assert await _mails(ward) == ["sent"]
