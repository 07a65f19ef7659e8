"""When a page goes out, at labelled times of day: danger at once, and what is to be looked at soon within five minutes.

Both are chased every two minutes, up the order, to everybody, and then by the second channel as well, for ever.
"""

from collections.abc import Mapping
from datetime import timedelta

import pytest

from tests.stories.crisis import HARD_TO_CARRY, WORDS, paged_after, pages
from tests.stories.ward import Ward, madrid

AT_ONCE = timedelta(seconds=5)
SOON = timedelta(minutes=5)  # in waking hours, for what is not danger right now

TIMES = [
    pytest.param((3, 2, "09:00"), SOON, id="a weekday morning"),
    pytest.param((3, 2, "20:59"), SOON, id="the last waking minute"),
    pytest.param((3, 2, "21:00"), AT_ONCE, id="quiet hours begin"),
    pytest.param((3, 3, "03:30"), AT_ONCE, id="in the night"),
    pytest.param((3, 3, "07:59"), AT_ONCE, id="the last quiet minute"),
    pytest.param((3, 3, "08:00"), SOON, id="quiet hours end"),
    pytest.param((3, 7, "12:00"), SOON, id="a Saturday"),
    pytest.param((3, 29, "02:30"), AT_ONCE, id="the night the clocks go forward"),
]


@pytest.mark.parametrize(("at", "within"), TIMES)
async def test_what_is_hard_to_carry_pages_soon_by_day_and_at_once_by_night(
    ward: Ward, at: tuple[int, int, str], within: timedelta
) -> None:
    await ward.until(madrid(*at))
    start = ward.clock.now()

    await ward.writes(ward.ana, HARD_TO_CARRY)
    await ward.later(minutes=8)

    assert [alert.degree for alert in await ward.alerts()] == ["review_now"]
    first = min(pages(ward, ward.cole))
    assert first - start <= within
    assert paged_after(ward, ward.kim, first) == [2, 4, 6, 8][: len(pages(ward, ward.kim))]
    assert len(pages(ward, ward.kim)) >= 2


@pytest.mark.parametrize(
    "at", [pytest.param((3, 2, "12:00"), id="by day"), pytest.param((3, 3, "03:30"), id="by night")]
)
async def test_danger_pages_at_once_by_day_and_by_night(ward: Ward, at: tuple[int, int, str]) -> None:
    await ward.until(madrid(*at))
    start = ward.clock.now()

    await ward.writes(ward.ana, WORDS)

    assert min(pages(ward, ward.cole)) - start <= AT_ONCE


async def test_after_everybody_was_paged_the_second_channel_is_told_with_every_page(ward: Ward) -> None:
    mails: list[Mapping[str, object]] = []

    async def tell(page: Mapping[str, object]) -> bool:
        mails.append(page)
        return True

    await ward.restart(tell=tell)
    start = ward.clock.now()
    await ward.writes(ward.ana, WORDS)
    await ward.until(start + timedelta(minutes=3))
    assert mails == []  # Cole and Kim, one after the other

    await ward.until(start + timedelta(minutes=9))
    assert len(mails) == 3  # at minutes 4, 6 and 8
    assert "nobody has pressed" in str(mails[0]["text"])
    assert not any(WORDS in str(mail) for mail in mails)

    await ward.taps(ward.kim, "I have this")
    await ward.later(hours=1)
    assert len(mails) == 3
