"""What becomes of a flag in the weeks after Dr Cole has looked at it.

"Not a rupture" is her judgement and holds: the same sign does not come back every Monday. It does not hold for ever
either; after two weeks a sign is news again. And when things had been put right and fall again, that is news at once.
"""

from tests.stories.ward import Ward, madrid, texts

GOOD, LOW = ("7", "7", "7"), ("7", "7", "1")


async def test_not_a_rupture_holds_for_two_weeks_and_not_for_ever(ward: Ward) -> None:
    await _answers(ward, (3, 2, GOOD), (3, 5, GOOD), (3, 9, GOOD), (3, 12, GOOD), (3, 16, LOW))
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Not a rupture")

    await _answers(ward, (3, 19, GOOD), (3, 23, GOOD), (3, 26, GOOD), (3, 30, LOW))  # thirteen days later
    assert [flag.resolution for flag in await ward.flags()] == ["not_a_rupture"]
    await _answers(ward, (4, 2, LOW))  # sixteen days later

    assert [(flag.signal, flag.state) for flag in await ward.flags()] == [("drop", "resolved"), ("drop", "raised")]
    await ward.until(madrid(4, 3, "08:01"))
    assert ward.cole.last.text.endswith(ward.says("digest.standing.new"))


async def test_another_sign_is_news_although_the_first_was_none(ward: Ward) -> None:
    await _answers(ward, (3, 2, GOOD), (3, 5, GOOD), (3, 9, GOOD), (3, 12, GOOD), (3, 16, LOW))
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Not a rupture")

    await ward.until(madrid(4, 10, "08:01"))  # and then she falls silent

    assert [(flag.signal, flag.state) for flag in await ward.flags()] == [("drop", "resolved"), ("silence", "raised")]


async def test_repaired_and_fallen_again_is_news_at_once(ward: Ward) -> None:
    await _answers(ward, (3, 2, GOOD), (3, 5, GOOD), (3, 9, GOOD), (3, 12, GOOD), (3, 16, LOW))
    await ward.until(madrid(3, 17, "08:01"))
    await ward.taps(ward.cole, "Will raise it")
    await _answers(ward, (3, 19, GOOD), (3, 23, GOOD))
    assert [(flag.state, flag.resolution) for flag in await ward.flags()] == [("resolved", "repaired")]

    await _answers(ward, (3, 26, LOW))

    assert [flag.state for flag in await ward.flags()] == ["resolved", "raised"]
    await ward.until(madrid(3, 27, "08:01"))
    assert ward.says("digest.ruptures", count=1, new=1) in "\n".join(texts(ward.cole)[-2:])


async def test_one_good_answer_repairs_nothing(ward: Ward) -> None:
    await _answers(ward, (3, 2, GOOD), (3, 5, GOOD), (3, 9, GOOD), (3, 12, GOOD), (3, 16, LOW))

    await _answers(ward, (3, 19, GOOD), (3, 23, LOW))

    (flag,) = await ward.flags()
    assert (flag.state, flag.resolution) == ("raised", None)


async def _answers(ward: Ward, *given: tuple[int, int, tuple[str, ...]]) -> None:
    """Ana answers at nine on these days, given as month, day and her three numbers."""
    for month, day, numbers in given:
        await ward.until(madrid(month, day, "09:00"))
        await ward.taps(ward.ana, *numbers, "Leave it at that")
