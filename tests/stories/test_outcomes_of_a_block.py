"""Ana blocks the bot, or her account is gone: not an error line but news for Dr Cole.

She reads it in the next digest, once and as what it is. What was due in the meantime does not pour out afterwards,
and whoever writes again can be reached again, whatever Telegram has told us of it.
"""

from tests.stories.ward import Ward, madrid, texts


async def test_who_blocks_the_bot_is_named_in_the_digest_and_gets_nothing_late(ward: Ward) -> None:
    ward.ana.blocks()
    await ward.until(madrid(3, 3, "08:01"))
    assert "Cannot be reached: 1" in ward.cole.last.text
    assert "• BIRCH-07" in ward.cole.last.text
    assert "1 could not be delivered" in ward.cole.last.text
    assert await ward.states() == ["undeliverable"]
    before = texts(ward.ana)

    ward.ana.unblocks()
    await ward.until(madrid(3, 4, "12:00"))
    assert texts(ward.ana) == before
    await ward.until(madrid(3, 5, "09:00"))

    assert ward.ana.last.text.startswith("Check-in, 1 of 3")
    assert "Cannot be reached" not in ward.cole.last.text


async def test_an_account_that_is_gone_is_noticed_at_the_first_message(ward: Ward) -> None:
    ward.ana.deactivates()

    await ward.until(madrid(3, 6, "12:00"))

    assert await ward.states() == ["undeliverable", "undeliverable"]
    assert (await ward.person("BIRCH-07")).blocked_at is not None
    sends = ward.sandbox.ledger.calls("sendMessage", chat_id=ward.ana.user_id)
    assert [entry.status for entry in sends].count(403) == 1


async def test_blocking_before_the_first_answer_is_told_as_such_and_not_as_silence_too(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))

    ward.ana.blocks()
    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["undeliverable"]
    assert "1 could not be delivered" in ward.cole.last.text
    assert "without a reply" not in ward.cole.last.text


async def test_blocking_in_the_middle_of_a_check_in_keeps_what_was_given(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "09:00"))
    await ward.taps(ward.ana, "6")

    ward.ana.blocks()
    await ward.until(madrid(3, 3, "08:01"))

    assert await ward.states() == ["expired"]
    assert await ward.answers() == {"goal1": 6}
    assert "1 answered in part" in ward.cole.last.text


async def test_an_unblock_that_was_lost_is_mended_by_the_next_message(ward: Ward) -> None:
    ward.ana.blocks()
    await ward.settle()
    ward.ana.unblocks()
    ward.sandbox.world.queue.clear()  # and Telegram never tells

    await ward.writes(ward.ana, "I am back")

    assert (await ward.person("BIRCH-07")).blocked_at is None
    assert ward.ana.last.text == ward.says("message.kept", clinician="Dr Cole")
    await ward.until(madrid(3, 2, "09:00"))
    assert ward.ana.last.text.startswith("Check-in, 1 of 3")


async def test_the_news_of_a_block_does_not_count_as_a_message(ward: Ward) -> None:
    ward.ana.blocks()
    await ward.settle()
    since = (await ward.person("BIRCH-07")).blocked_at
    assert since is not None

    await ward.later(minutes=5)
    ward.ana.blocks()  # told once more
    await ward.until(madrid(3, 2, "12:00"))

    assert (await ward.person("BIRCH-07")).blocked_at == since
    assert await ward.states() == ["undeliverable"]
