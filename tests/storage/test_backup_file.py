"""Backups have names that say when they were made, are never overwritten, and are thinned out with time."""

from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from storage.backup_file import MANIFEST, CannotBackUp, place_for, thin_out, to_keep, unfinished_beside

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def test_a_backup_in_a_folder_gets_the_name_of_its_moment(tmp_path: Path, moment: datetime) -> None:
    assert place_for(tmp_path, now=moment, suffix=".dump") == tmp_path / "checkin-20260302T080000Z.dump"
    assert place_for(tmp_path / "mine", now=moment, suffix=".dump") == tmp_path / "mine"


def test_a_backup_takes_no_other_file_s_place(tmp_path: Path, moment: datetime) -> None:
    (tmp_path / "mine").write_text("x")

    with pytest.raises(CannotBackUp, match="there already"):
        place_for(tmp_path / "mine", now=moment, suffix="")
    with pytest.raises(CannotBackUp, match="no folder"):
        place_for(tmp_path / "nowhere" / "mine", now=moment, suffix="")


@pytest.mark.parametrize(
    ("ages", "kept"),
    [
        pytest.param([0 * MINUTES, 4 * MINUTES, 56 * MINUTES], 3, id="of the last hour all"),
        pytest.param([70 * MINUTES, 74 * MINUTES, 78 * MINUTES], 1, id="of an hour of this day the last"),
        pytest.param([2 * DAYS, 2 * DAYS + 3 * HOURS], 1, id="of a day of this month the last"),
        pytest.param([2 * DAYS, 3 * DAYS, 30 * DAYS], 3, id="of each day one"),
        pytest.param([32 * DAYS], 0, id="of earlier months none"),
        pytest.param([-5 * MINUTES], 1, id="a clock that was set back costs none"),
    ],
)
def test_backups_are_thinned_out_with_time(moment: datetime, ages: list[timedelta], kept: int) -> None:
    made = [moment - age for age in ages]

    found = to_keep(made, now=moment)

    assert len(found) == kept
    assert found <= set(made)
    if kept:
        assert max(made) in found  # the last one always stays


def test_a_day_and_a_month_of_backups_every_four_minutes_are_few_and_never_far_apart(moment: datetime) -> None:
    kept: set[datetime] = set()
    for step in range(40 * 24 * 15):
        now = moment + step * 4 * MINUTES
        kept = to_keep({*kept, now}, now=now)
    ordered = sorted(kept)

    gaps = [later - earlier for earlier, later in pairwise(ordered)]
    assert len(kept) < 80
    assert max(gaps) <= DAYS
    assert ordered[-1] - ordered[0] >= 30 * DAYS


def test_only_its_own_backups_are_thrown_away_with_their_manifests(tmp_path: Path, moment: datetime) -> None:
    old = place_for(tmp_path, now=moment - 40 * DAYS, suffix=".sqlite3")
    new = place_for(tmp_path, now=moment, suffix=".sqlite3")
    mine = tmp_path / "checkin-before-the-move.sqlite3"
    for file in (old, new, mine):
        file.write_text("x")
        file.with_name(file.name + MANIFEST).write_text("{}")

    assert thin_out(tmp_path, now=moment) == 1

    assert {file.name for file in tmp_path.iterdir()} == {
        name + end for name in (new.name, mine.name) for end in ("", MANIFEST)
    }


def test_a_backup_that_fails_leaves_nothing_behind_and_one_that_was_killed_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "mine.unfinished").write_text("of one that was killed")

    with pytest.raises(KeyError):
        _fail(tmp_path / "mine")

    assert list(tmp_path.iterdir()) == []


def _fail(file: Path) -> None:
    with unfinished_beside(file) as unfinished:
        assert unfinished.read_bytes() == b""
        assert unfinished.stat().st_mode & 0o777 == 0o600
        Path(f"{unfinished}-wal").write_text("x")
        raise KeyError
