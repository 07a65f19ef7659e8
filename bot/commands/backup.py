"""`checkin backup` and `checkin restore`: what is kept, kept twice."""

import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Annotated

import structlog
import typer

from bot import logs
from bot.checks import in_words
from bot.clock import SystemClock
from bot.commands.session import BadInput, run_async
from bot.keys import open_vault
from bot.lock import only_one
from bot.settings import Settings, read_settings
from bot.wiring import opened
from storage import backup as backups
from storage import backup_file
from storage.backup import Backup, Restored
from storage.trouble import Trouble

KEYS_ARE_ELSEWHERE = (
    "The encryption keys are not in it: without CHECKIN_ENCRYPTION_KEYS nobody can read it, you included."
)

log = structlog.get_logger()

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def backup(
    target: Annotated[Path | None, typer.Argument(help="A folder, or a file that is not there yet.")] = None,
    repeat: Annotated[
        bool, typer.Option("--repeat", help="Again every CHECKIN_BACKUP_EVERY_MINUTES, until stopped; old ones go.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Back the database up while the bot goes on, and verify the backup. Without a target: CHECKIN_BACKUP_DIR."""
    settings = read_settings()
    where = target or settings.backup_dir
    if where is None:
        raise BadInput("Say where the backup goes, or set CHECKIN_BACKUP_DIR.")
    if repeat:
        if not where.is_dir():
            raise BadInput(f"{where} is not a folder; --repeat needs one.")
        logs.set_up(settings.log_level)
        run_async(_repeat(settings, where))
        return
    made = run_async(_make(settings, where))
    sys.stdout.write(_as_json(made) if as_json else _for_people(made))


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `checkin backup` has made.")],
    replace: Annotated[bool, typer.Option("--replace", help="Keep the present database aside.")] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the database. The bot must be stopped."""
    restored = run_async(_restore(read_settings(), file, replace=replace))
    sys.stdout.write(_restored_as_json(restored) if as_json else _restored_for_people(restored))


async def _make(settings: Settings, where: Path) -> Backup:
    async with opened(settings) as database:
        now = SystemClock().now()
        made = await backups.make(database, open_vault(settings), where, now=now)
        try:
            await backups.note(database, now=now)
        except Trouble as error:  # the backup stands all the same
            log.warning("backup_not_noted", cause=type(error).__name__)
    return made


async def _repeat(settings: Settings, folder: Path) -> None:
    stopping = asyncio.Event()
    for wish in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(wish, stopping.set)
    while not stopping.is_set():
        clock = SystemClock()
        began = clock.monotonic()
        try:
            made = await _make(settings, folder)
            gone = await asyncio.to_thread(backup_file.thin_out, folder, now=made.manifest.made_at)
            rows, seconds = sum(made.manifest.rows.values()), round(clock.monotonic() - began, 1)
            log.info("backup_made", rows=rows, seconds=seconds, thrown_away=gone)
        except (Trouble, OSError) as error:  # the next one is tried in its time; the watchdog tells of its age
            log.error("backup_failed", cause=type(error).__name__)
        rest = settings.backup_every_minutes * 60 - (clock.monotonic() - began)
        try:
            async with asyncio.timeout(max(rest, 1.0)):
                await stopping.wait()
        except TimeoutError:
            continue


async def _restore(settings: Settings, file: Path, *, replace: bool) -> Restored:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with only_one(settings.data_dir):
        async with opened(settings) as database:
            now = SystemClock().now()
            return await backups.restore(database, open_vault(settings), file, now=now, replace=replace)


def _for_people(made: Backup) -> str:
    rows, size = sum(made.manifest.rows.values()), made.file.stat().st_size
    said = f"{made.file}: {rows} rows, {size / 2**20:.1f} MiB, verified. Keep its manifest with it."
    return f"{said}\n{KEYS_ARE_ELSEWHERE}\n"


def _as_json(made: Backup) -> str:
    manifest = made.manifest
    return (
        json.dumps(
            {
                "file": str(made.file),
                "manifest": str(backup_file.manifest_of(made.file)),
                "made_at": manifest.made_at.isoformat(),
                "bytes": made.file.stat().st_size,
                "revision": manifest.revision,
                "rows": dict(manifest.rows),
            }
        )
        + "\n"
    )


def _restored_for_people(restored: Restored) -> str:
    manifest, right = restored.backup.manifest, restored.put_right
    lost = in_words(SystemClock().now() - manifest.made_at)
    lines = [
        f"Restored as of {manifest.made_at:%Y-%m-%d %H:%M:%S} UTC: {sum(manifest.rows.values())} rows, all there.",
        f"What happened in the {lost} since is not in it: whoever left, paused or took on an alert has to do it again.",
        f"Perhaps sent already, so sent once more at most: {right.perhaps_sent}. Too old to be sent: {right.too_old}.",
        f"Check-ins that ran out meanwhile, counted as uncertain and not as silence: {right.answers_unknown}.",
    ]
    if restored.aside:
        lines.append(f"What was there before is kept: {restored.aside}")
    return "\n".join([*lines, "Now `checkin check`, then `checkin run`.", ""])


def _restored_as_json(restored: Restored) -> str:
    right = restored.put_right
    return (
        json.dumps(
            {
                "made_at": restored.backup.manifest.made_at.isoformat(),
                "rows": dict(restored.backup.manifest.rows),
                "perhaps_sent": right.perhaps_sent,
                "too_old": right.too_old,
                "answers_unknown": right.answers_unknown,
                "aside": restored.aside,
            }
        )
        + "\n"
    )
