"""The benchmark of backup and restore measures a real one, and would notice a message that is missing."""

from pathlib import Path

import pytest

from benchmarks.backup import run as measured
from benchmarks.backup.run import p99, run
from storage import backup_sqlite

pytestmark = pytest.mark.crash


async def test_a_small_clinic_comes_back_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measured, "QUIET", 0.2)

    times = await run(tmp_path, messages=30)

    assert (times.messages, times.missing) == (30, 0)
    assert times.stored_during_backup > 0
    assert len(times.store_during) == times.stored_during_backup
    assert min(times.backup, times.restore, times.figures, times.megabytes) > 0
    assert not backup_sqlite.is_unused(tmp_path / "clinic.sqlite3")


@pytest.mark.parametrize(
    ("seconds", "found"),
    [
        pytest.param([], 0.0, id="nothing"),
        pytest.param([0.5], 0.5, id="one"),
        pytest.param([0.001] * 98 + [2.0] * 2, 2.0, id="two in a hundred"),
    ],
)
def test_the_slowest_one_in_a_hundred_is_not_lost(seconds: list[float], found: float) -> None:
    assert p99(seconds) == pytest.approx(found)
