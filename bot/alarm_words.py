"""What an operator reads when something is wrong: each symptom with what it means and what to do about it."""

from collections.abc import Sequence
from datetime import datetime

from bot.announcer import Announcement
from bot.findings import Finding, Symptom
from bot.second_channel import Notice, Reader

_MEANS = {
    Symptom.LOOP_STALLED: "The loop {about} stands still; what it does for patients and staff waits.",
    Symptom.EVENT_LOOP_WEDGED: "The bot hangs: nothing is received, handled or sent.",
    Symptom.WATCHDOG_STOPPED: "The bot's watchdog has stopped; nobody would be told of the next trouble.",
    Symptom.DATABASE_REFUSES: "The database refuses; new messages wait at Telegram, and nothing else is handled.",
    Symptom.TELEGRAM_UNREACHABLE: "Telegram cannot be reached; messages wait on both sides.",
    Symptom.ANOTHER_POLLER: "Somebody else asks Telegram for this bot's messages and takes some of them.",
    Symptom.FOREIGN_WEBHOOK: "Somebody has told Telegram to bring this bot's messages to another address.",
    Symptom.TOKEN_REFUSED: "Telegram does not know the bot's token any more; nothing is received or sent.",
    Symptom.STAFF_UNREACHABLE: "Pages in Telegram do not reach the people on call.",
    Symptom.NOBODY_ON_CALL: "There is nobody to page: an alert would reach no one.",
    Symptom.SECOND_CHANNEL_DEAD: "Nobody could be told by the second channel.",
    Symptom.SECOND_WAY_FAILED: "The second channel does not work by {about}.",
    Symptom.SYNTHETIC_CRISIS_MISSING: "A crisis made up as a test did not come through; a real one may not either.",
    Symptom.DIGEST_MISSING: "A digest is late; a clinician may take it for a quiet day.",
    Symptom.DIGEST_NOT_MAILED: "Digests that no mail server took: {count}; in Telegram they are not affected.",
    Symptom.DEAD_LETTERS: "There are messages that the bot could not handle.",
    Symptom.DISK_NEARLY_FULL: "The disk is nearly full; when it is, no message can be stored.",
    Symptom.BACKUP_TOO_OLD: "The last backup is too old.",
    Symptom.CLOCK_STEPPED: "The machine's clock was changed by much; check-ins may come at a wrong time.",
    Symptom.CONTACTS_EXPIRED: "The contacts in the safety message have not been checked in time.",
}
_DO = {
    Symptom.LOOP_STALLED: "Look at the last lines of the log; if they say nothing of use, start the bot again.",
    Symptom.EVENT_LOOP_WEDGED: "Start the bot again; nothing that was received is lost.",
    Symptom.WATCHDOG_STOPPED: "Start the bot again.",
    Symptom.DATABASE_REFUSES: "Look for a full disk, a stopped server, or a program that holds the database.",
    Symptom.TELEGRAM_UNREACHABLE: "Look at the network of this machine. If it goes on, tell the clinic.",
    Symptom.ANOTHER_POLLER: "Find the second process. If there is none of yours, revoke the token with @BotFather.",
    Symptom.FOREIGN_WEBHOOK: "If that was none of yours, revoke the token with @BotFather.",
    Symptom.TOKEN_REFUSED: "Get the token from @BotFather, set CHECKIN_BOT_TOKEN and start the bot again.",
    Symptom.STAFF_UNREACHABLE: "Call the people on call, and have them unblock the bot.",
    Symptom.NOBODY_ON_CALL: "Set an order with `checkin oncall set`, of people who use the bot.",
    Symptom.SECOND_CHANNEL_DEAD: "Look at the mail server and the webhook; `checkin check` names their settings.",
    Symptom.SECOND_WAY_FAILED: "Look at its settings and at the server behind it.",
    Symptom.SYNTHETIC_CRISIS_MISSING: "Tell the clinic now, and look for synthetic_crisis in the log.",
    Symptom.DIGEST_MISSING: "Print it with `checkin digest` and hand it over; then look at the log.",
    Symptom.DIGEST_NOT_MAILED: "See `checkin check` and `digest_mailed` in the log: settings, server or an address.",
    Symptom.DEAD_LETTERS: "See `checkin deadletters`, have them read today, and retry or close them.",
    Symptom.DISK_NEARLY_FULL: "Make room on the disk that holds CHECKIN_DATA_DIR.",
    Symptom.BACKUP_TOO_OLD: "Run `checkin backup` and see why the planned one did not run.",
    Symptom.CLOCK_STEPPED: "Look at the time service of this machine.",
    Symptom.CONTACTS_EXPIRED: "Have the numbers checked, then set CHECKIN_CRISIS_CONTACTS_VALID_UNTIL.",
}


def says(finding: Finding) -> str:
    """What a finding means, in one sentence."""
    return _MEANS[finding.symptom].format(about=finding.about, count=finding.count)


def advice(finding: Finding) -> str:
    """What to do about it."""
    return _DO[finding.symptom]


def as_dict(finding: Finding) -> dict[str, str]:
    """A finding for programs: /healthz, the alarm file, the webhook."""
    return {
        "symptom": finding.symptom,
        "about": finding.about,
        "since": finding.since.isoformat(),
        "severity": finding.symptom.severity,
        "says": says(finding),
        "do": advice(finding),
    }


def notice(announcement: Announcement, *, at: datetime) -> Notice:
    """The message to the operator about what is wrong and what is over."""
    lines = [f"{_since(finding)}: {says(finding)}\n  {advice(finding)}" for finding in announcement.present]
    lines += [f"Over: {says(finding)} ({_since(finding)})" for finding in announcement.over]
    if not announcement.present:
        lines.append("Nothing else is wrong.")
    return Notice(
        reader=Reader.OPERATOR,
        kind="alarm" if announcement.present else "over",
        subject=_subject(announcement.present),
        text="\n".join(lines),
        at=at,
        details={
            "findings": [as_dict(finding) for finding in announcement.present],
            "over": [as_dict(finding) for finding in announcement.over],
        },
    )


def _subject(present: Sequence[Finding]) -> str:
    if not present:
        return "Check-in bot: all is well again"
    names = ", ".join(dict.fromkeys(finding.symptom.replace("_", " ") for finding in present))
    return f"Check-in bot: {names}"


def _since(finding: Finding) -> str:
    return f"Since {finding.since:%Y-%m-%d %H:%M:%S} UTC"
