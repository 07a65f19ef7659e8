"""The disk is lost and yesterday's backup comes back: what it cannot know is not held against anybody.

Ana has answered after the backup was made. That answer is gone, and nothing may call her silent for it.
"""

from pathlib import Path

from sqlalchemy import select

from alliance.checkin import CheckinState
from storage import backup
from storage.database import vault_of
from storage.tables import Flag
from storage.vault import Vault
from tests.stories.ward import Ward, madrid, texts


async def test_a_check_in_answered_after_the_backup_is_uncertain_and_no_silence(ward: Ward, tmp_path: Path) -> None:
    await ward.until(madrid(3, 5, "09:01"))
    kept = await _backed_up(ward, tmp_path)
    flags = await _flags(ward)
    await ward.taps(ward.ana, "6", "6", "6")

    await _lost_and_restored(ward, kept, at="14:00", day=6)
    await ward.looks_at_what_is_due()

    assert await ward.states() == [CheckinState.EXPIRED, CheckinState.UNCERTAIN]  # Monday's was silence, this is not
    assert await _flags(ward) == flags


async def test_life_goes_on_after_it(ward: Ward, tmp_path: Path) -> None:
    await ward.until(madrid(3, 5, "09:01"))
    kept = await _backed_up(ward, tmp_path)
    await ward.writes(ward.ana, "This is lost")

    await _lost_and_restored(ward, kept, at="12:00", day=5)
    asked = len(texts(ward.ana))
    await ward.writes(ward.ana, "This is not")
    await ward.taps(ward.ana, "6")

    assert await ward.words(ward.ana) == ["This is not"]
    assert len(texts(ward.ana)) > asked
    assert list((await ward.answers()).values()) == [6]


async def test_what_waited_at_telegram_meanwhile_is_taken_in_once(ward: Ward, tmp_path: Path) -> None:
    kept = await _backed_up(ward, tmp_path)
    ward.ana.writes("I wrote while you were away")

    await _lost_and_restored(ward, kept, at="18:00", day=2)
    await ward.settle()
    await ward.settle()

    assert await ward.words(ward.ana) == ["I wrote while you were away"]


async def test_an_alert_that_was_taken_on_after_the_backup_is_paged_again_at_once(ward: Ward, tmp_path: Path) -> None:
    await ward.writes(ward.ana, "I want to kill myself")
    kept = await _backed_up(ward, tmp_path)
    await ward.taps(ward.cole, "I have this")

    await _lost_and_restored(ward, kept, at="12:00", day=2)
    await ward.looks_at_what_is_due()

    assert ward.kim.last.text.startswith("Possible crisis: BIRCH-07")  # the next in order; Dr Cole was paged before
    assert "I have this" in ward.kim.last.labels


async def _vault(ward: Ward) -> Vault:
    async with ward.database.reading() as session:
        return vault_of(session)


async def _backed_up(ward: Ward, folder: Path) -> Path:
    await ward.settle()
    made = await backup.make(ward.database, await _vault(ward), folder / "kept.sqlite3", now=ward.clock.now())
    return made.file


async def _lost_and_restored(ward: Ward, kept: Path, *, at: str, day: int) -> None:
    vault = await _vault(ward)
    await ward.application.shutdown()
    await ward.database.close()
    ward.clock.move_to(madrid(3, day, at))
    await backup.restore(ward.database, vault, kept, now=ward.clock.now(), replace=True)
    await ward.application.initialize()
    await ward.restart()


async def _flags(ward: Ward) -> list[tuple[str, str]]:
    async with ward.database.reading() as session:
        return [(flag.signal, flag.state) for flag in await session.scalars(select(Flag))]
