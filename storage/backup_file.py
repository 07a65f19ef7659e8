"""A backup on disk: the file, and beside it a manifest that says what must be in it."""

import hashlib
import json
import os
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from storage.trouble import Trouble

ONLY_THE_OWNER = 0o600  # what patients said is sealed in it, their code names are not
NAMED = "checkin-%Y%m%dT%H%M%SZ"
MANIFEST = ".manifest.json"


class CannotBackUp(Trouble):
    """No backup was made, and the database was left as it is."""


class CannotRestore(Trouble):
    """Nothing was restored, and the database is as it was."""


class NoBackup(Trouble):
    """This is no complete backup, so nothing was restored: take a file made by `checkin backup`, with its
    manifest beside it. A plain copy of a running database lacks what its write-ahead log holds.
    """


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """What a backup holds: as of when, of which kind, and how many rows of each table."""

    made_at: datetime
    kind: str  # sqlite or postgresql
    revision: str
    rows: Mapping[str, int]
    sha256: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """A backup that is complete and was verified."""

    file: Path
    manifest: Manifest


def place_for(target: Path, *, now: datetime, suffix: str) -> Path:
    """Where a backup goes: into a folder under a name of its own, or where the name says. Never over a file."""
    file = target / f"{now.astimezone(UTC):{NAMED}}{suffix}" if target.is_dir() else target
    if file.exists():
        raise CannotBackUp(because=f"{file} is there already")
    if not file.parent.is_dir():
        raise CannotBackUp(because=f"there is no folder {file.parent}")
    return file


@contextmanager
def unfinished_beside(file: Path) -> Generator[Path]:
    """An empty file that only its owner can read, gone again with all beside it when the backup fails."""
    unfinished = file.with_name(file.name + ".unfinished")
    _discard(unfinished)  # of a backup that was killed
    os.close(os.open(unfinished, os.O_RDWR | os.O_CREAT | os.O_EXCL, ONLY_THE_OWNER))
    try:
        yield unfinished
    except BaseException:
        _discard(unfinished)
        raise


def finish(
    unfinished: Path, file: Path, *, made_at: datetime, kind: str, revision: str, rows: Mapping[str, int]
) -> Backup:
    """Give a verified copy its name, with its manifest; before this it has no name that restore would take."""
    manifest = Manifest(made_at=made_at, kind=kind, revision=revision, rows=dict(rows), sha256=checksum(unfinished))
    on_disk(unfinished)
    paper = manifest_of(file)
    descriptor = os.open(paper, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_THE_OWNER)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
        json.dump(asdict(manifest) | {"made_at": made_at.isoformat()}, writing, indent=1, sort_keys=True)
    on_disk(paper)
    unfinished.rename(file)
    on_disk(file.parent)
    return Backup(file=file, manifest=manifest)


def read(file: Path) -> Backup:
    """A backup with its manifest, its content compared with the checksum. Raises NoBackup."""
    try:
        found = json.loads(manifest_of(file).read_text(encoding="utf-8"))
        made_at = datetime.fromisoformat(found.pop("made_at"))
        manifest = Manifest(made_at=made_at, **found)
    except FileNotFoundError as error:
        raise NoBackup(because=f"{Path(error.filename).name} is not there") from None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        raise NoBackup(because="its manifest cannot be read") from None
    if not file.is_file():
        raise NoBackup(because=f"{file.name} is not there")
    if checksum(file) != manifest.sha256:
        raise NoBackup(because="its content is not what its manifest says")
    return Backup(file=file, manifest=manifest)


def manifest_of(file: Path) -> Path:
    """The manifest beside a backup."""
    return file.with_name(file.name + MANIFEST)


def checksum(file: Path) -> str:
    """The SHA-256 of a file, in hexadecimal digits."""
    with file.open("rb") as reading:
        return hashlib.file_digest(reading, "sha256").hexdigest()


def on_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def thin_out(folder: Path, *, now: datetime) -> int:
    """Throw away those of a folder's own backups that ``to_keep`` does not name; how many."""
    found = {made_at: file for file in folder.iterdir() if (made_at := _made_at(file)) is not None}
    gone = found.keys() - to_keep(found, now=now)
    for made_at in gone:
        found[made_at].unlink()
        manifest_of(found[made_at]).unlink(missing_ok=True)
    return len(gone)


def to_keep(made: Iterable[datetime], *, now: datetime) -> set[datetime]:
    """Of an hour's backups all, of a day's the last of each hour, of a month's the last of each day."""
    last: dict[tuple[str, str], datetime] = {}
    for made_at in sorted(made):
        age = now - made_at
        if age <= timedelta(hours=1):
            last["each", made_at.isoformat()] = made_at
        elif age <= timedelta(days=1):
            last["hour", f"{made_at:%Y%m%d%H}"] = made_at
        elif age <= timedelta(days=31):
            last["day", f"{made_at:%Y%m%d}"] = made_at
    return set(last.values())


def _discard(unfinished: Path) -> None:
    for log in ("", "-wal", "-shm", "-journal"):
        Path(f"{unfinished}{log}").unlink(missing_ok=True)


def _made_at(file: Path) -> datetime | None:
    """When a backup was made, by its name; None for any other file."""
    try:
        return datetime.strptime(file.stem, NAMED).replace(tzinfo=UTC)
    except ValueError:
        return None
