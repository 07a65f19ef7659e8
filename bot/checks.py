"""The self-test: what is right, what a person should look at, and what is wrong."""

import shutil
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass
from datetime import timedelta
from enum import StrEnum

from telegram.error import InvalidToken, TelegramError

from alliance.approval import Part, Signed, Standing
from alliance.contacts import EXPIRES_SOON
from alliance.delivery import Lane
from alliance.places import MailContent
from bot import alarm_file
from bot.approval_words import say_standing
from bot.clinic import read_clinic
from bot.clock import SystemClock
from bot.findings import STALLED_AFTER, Severity
from bot.outages import WRITTEN_EVERY
from bot.rounds import LITTLE_DISK, too_old_after
from bot.second_channel import Reader, second_channel
from bot.settings import Settings
from bot.telegram_api import make_bot
from bot.timers import TICKS
from bot.wiring import UNKNOWN_BOT, opened
from storage import heartbeats, inbox, keys, outbox, reach, rota, schema, synthetic
from storage.database import Database, check_durability
from storage.figures import BACKUP
from storage.pooler import check_no_pool_between
from storage.trouble import Trouble
from workflows.approve_rules import standing
from workflows.synthetic_crisis import SENTENCES
from workflows.unit import Clinic

NEVER = timedelta(0)
MOST_NAMED = 5  # sentences that are not translated; scripts/catalogues --check names them all
EVERY = {tick.name: tick.every for tick in TICKS} | {
    heartbeats.TELEGRAM: WRITTEN_EVERY
}  # one that asks hourly is not stalled


class Level(StrEnum):
    """How a finding is to be taken."""

    RIGHT = "ok"
    LOOK = "look"
    WRONG = "wrong"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """One thing that was looked at."""

    level: Level
    what: str
    says: str

    def as_dict(self) -> dict[str, str]:
        """For programs."""
        return {key: str(value) for key, value in asdict(self).items()}


async def all_findings(settings: Settings, *, offline: bool, should_run: bool) -> list[Finding]:
    """Look at everything; only broken settings and files raise, because nothing can be tested then."""
    found = [_right("settings", "readable")]
    clinic = read_clinic(settings, bot_username=UNKNOWN_BOT)
    found.append(_right("questions", f"{clinic.instrument.name}, {', '.join(sorted(clinic.instrument.languages))}"))
    found += _wording(clinic)
    found += _crisis_contacts(settings)
    found.append(_right("crisis phrases", f"{len(clinic.crisis_rules)} rules"))
    async with aclosing(_database(settings, clinic, should_run=should_run)) as findings:
        found += [finding async for finding in findings]
    found += _disk(settings)
    found += _alarms(settings)
    if not offline:
        found.append(await _token(settings))
    return found


def _wording(clinic: Clinic) -> list[Finding]:
    """Which sentences people would read in English because nobody has translated them."""
    spoken = {language: clinic.wordings.in_language(language) for language in clinic.wordings.languages}
    missing = {language: sorted(wording.untranslated) for language, wording in spoken.items() if wording.untranslated}
    if not missing:
        return [_right("wording", f"complete in {', '.join(spoken)}")]
    return [
        _look("wording", f"{len(keys)} sentences of {language} are said in English: {', '.join(keys[:MOST_NAMED])}")
        for language, keys in missing.items()
    ]


def _crisis_contacts(settings: Settings) -> list[Finding]:
    found: list[Finding] = []
    if not settings.emergency_number:
        found.append(
            _look(
                "safety message",
                "NO EMERGENCY NUMBER is set, so it names the local emergency services in words only; "
                "set CHECKIN_EMERGENCY_NUMBER, CHECKIN_CRISIS_LINE and CHECKIN_CLINIC_CONTACT.",
            )
        )
    until = settings.crisis_contacts_valid_until
    today = SystemClock().now().date()
    if settings.emergency_number and until is None:
        found.append(_look("safety message", "nobody has said until when the contacts are checked."))
    elif until is not None and until < today:
        found.append(_look("safety message", f"THE CONTACTS EXPIRED on {until}; have them checked today."))
    elif until is not None and until < today + EXPIRES_SOON:
        found.append(_look("safety message", f"the contacts are valid until {until}; have them checked soon."))
    elif settings.emergency_number:
        found.append(_right("safety message", f"names {settings.emergency_number}, valid until {until}"))
    return found


def _approvals(texts: Sequence[Signed]) -> list[Finding]:
    """What staff read as not yet approved, with the reason; `checkin rules approve` is how it is signed."""
    waiting = [one for one in texts if one.standing is not Standing.APPROVED]
    if not waiting:
        return [_right("approval", f"{len(texts)} lists of rules and wording are as they were signed")]
    return [
        _look(f"approval of {part.replace('_', ' ')}", "; ".join(lines))
        for part in Part
        if (lines := [f"{one.text.language}: {say_standing(one)}" for one in waiting if one.text.part is part])
    ]


async def _database(settings: Settings, clinic: Clinic, *, should_run: bool) -> AsyncGenerator[Finding]:
    try:
        async with opened(settings) as database:
            await check_no_pool_between(database)
            await schema.check(database)
            await check_durability(database)
            async with database.reading() as session:
                await keys.check(session)
                signed = await standing(session, clinic.to_approve)
            for finding in _approvals(signed):
                yield finding
            yield _right("database", database.url_for_humans)
            async for finding in _inside(database, settings, should_run=should_run):
                yield finding
    except Trouble as trouble:
        yield Finding(level=Level.WRONG, what="database", says=str(trouble))


async def _inside(database: Database, settings: Settings, *, should_run: bool) -> AsyncGenerator[Finding]:
    async with database.reading() as session:
        dead = await inbox.dead(session)
        waiting = await inbox.count_waiting(session)
        mails = await outbox.counts(session, lane=Lane.MAIL)
        rejected = (await outbox.counts(session)).get("rejected", 0) - mails["rejected"]
        addresses = await reach.count_emails(session)
        ages = await heartbeats.ages(session, SystemClock().now())
        order = await rota.on_call_now(session, now=SystemClock().now())
    backup_age = ages.pop(BACKUP, None)
    for name in (synthetic.BEGUN, *(synthetic.SYNTHETIC + language for language in SENTENCES)):
        ages.pop(name, None)  # the watchdog says when one is missing
    yield _look("inbox", f"{dead} dead letters") if dead else _right("inbox", f"{waiting} waiting, no dead letter")
    if rejected:
        yield _look("outbox", f"Telegram refused {rejected} messages: a mistake of this program; please report it")
    for finding in _mail(settings, mails, addresses):
        yield finding
    stalled = sorted(loop for loop, age in ages.items() if age > STALLED_AFTER + EVERY.get(loop, NEVER))
    if stalled:
        level = Level.WRONG if should_run else Level.LOOK
        yield Finding(level=level, what="running", says=f"not heard of for too long: {', '.join(stalled)}")
    elif not ages and should_run:
        yield Finding(level=Level.WRONG, what="running", says="has never run on this database")
    elif ages:
        yield _right("running", "every loop goes round")
    yield _backup(settings, backup_age)
    if not order:
        yield _look(
            "on call", "nobody is on call now: alerts go to the patient's clinician, then to coordinators and leads"
        )


def _mail(settings: Settings, mails: Mapping[str, int], addresses: int) -> list[Finding]:
    """Whether digests go by e-mail, and what became of them; nothing where they never did."""
    what = "digests by e-mail"
    if settings.digest_email is MailContent.OFF:
        says = f"{addresses} clinicians have an address, but CHECKIN_DIGEST_EMAIL is off"
        return [_look(what, says)] if addresses else []
    found = [_right(what, f"{settings.digest_email}, to {addresses} clinicians, {mails['sent']} taken so far")]
    if not addresses:
        found = [_look(what, "nobody has an address; see `checkin email --help`")]
    if mails["rejected"]:
        found.append(_look(what, f"{mails['rejected']} refused for good; see `digest_mailed` in the log for the code"))
    if mails["expired"]:
        found.append(_look(what, f"{mails['expired']} not taken within a day; look at the mail server"))
    if mails["uncertain"]:
        found.append(_look(what, f"of {mails['uncertain']} nobody can know whether they arrived"))
    return found


def _backup(settings: Settings, age: timedelta | None) -> Finding:
    if age is None:
        return _look("backup", "there has never been one; see `checkin backup --help`")
    words = f"the last one is {in_words(age)} old"
    is_too_old = settings.backup_dir is not None and age > too_old_after(settings)
    return _look("backup", words) if is_too_old else _right("backup", words)


def in_words(passed: timedelta) -> str:
    """A length of time for people, in its largest unit that says enough."""
    minutes = round(passed.total_seconds() / 60)
    for size, unit in ((24 * 60, "days"), (60, "hours")):
        if minutes >= 2 * size:
            return f"{minutes // size} {unit}"
    return f"{minutes} minutes"


def _alarms(settings: Settings) -> list[Finding]:
    """What the running bot's watchdog has found, and whether it could tell anybody."""
    try:
        content = alarm_file.read(settings.data_dir)
    except (OSError, ValueError):
        return [Finding(level=Level.WRONG, what="watchdog", says=f"{alarm_file.NAME} cannot be read")]
    found = [
        Finding(
            level=Level.WRONG if one["severity"] == Severity.RED else Level.LOOK,
            what="watchdog",
            says=f"{one['says']} (since {one['since']})",
        )
        for one in (content or {"findings": []})["findings"]
    ]
    if not second_channel(settings).ways(Reader.OPERATOR):
        says = (
            "none is set: nobody is told when the bot stands still; set CHECKIN_SMTP_URL or CHECKIN_ALARM_WEBHOOK_URL"
        )
        found.append(_look("second channel", says))
    return found


def _disk(settings: Settings) -> list[Finding]:
    if not settings.data_dir.exists():
        return []
    free = shutil.disk_usage(settings.data_dir).free
    words = f"{free // 2**20} MiB free in {settings.data_dir}"
    return [_right("disk", words) if free > LITTLE_DISK else _look("disk", f"only {words}")]


async def _token(settings: Settings) -> Finding:
    token = settings.bot_token.get_secret_value()
    if not token:
        return Finding(level=Level.WRONG, what="token", says="CHECKIN_BOT_TOKEN is empty")
    bot = make_bot(token, settings.telegram_api_url)
    try:
        await bot.initialize()
    except InvalidToken:
        return Finding(level=Level.WRONG, what="token", says="Telegram does not know this token")
    except TelegramError:
        return Finding(level=Level.WRONG, what="token", says="Telegram cannot be reached")
    else:
        return _right("token", f"this is @{bot.username}")
    finally:
        await bot.shutdown()


def _right(what: str, says: str) -> Finding:
    return Finding(level=Level.RIGHT, what=what, says=says)


def _look(what: str, says: str) -> Finding:
    return Finding(level=Level.LOOK, what=what, says=says)
