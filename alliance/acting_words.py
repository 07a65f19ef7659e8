"""What a digest says about what was done: on a flag's card, and of patients who wait, improve or are with others."""

from collections.abc import Iterator
from datetime import date

from alliance import digest_words as words
from alliance import explained_words
from alliance.acting_presses import ContactWith
from alliance.buttons import encode
from alliance.digest import Digest, FlagLine, Recovered
from alliance.flags import FlagState, Resolution
from alliance.followed import Followed, Waiting, WithColleague
from alliance.saying import Button
from alliance.wording import Wording

_TOLD_STAGES = frozenset({"improving", Resolution.REPAIRED, Resolution.UNREPAIRED})  # the others are in the standing


def beside_flag(flag: FlagLine, *, on: date, zone: str, wording: Wording) -> tuple[str, ...]:
    """What a card says beside the sign itself: whose it is, its age, who waits, and how a repair goes."""
    lines: list[str] = []
    if flag.of_whom is not None:
        key = "acting.card.escalated" if flag.is_escalated else "acting.card.handed"
        lines.append(wording(key, who=words.shown(flag.of_whom)))
    if flag.came_back_on is not None:
        lines.append(_came_back(flag, flag.came_back_on, on=on, zone=zone, wording=wording))
    if flag.raised_on is not None and flag.state == FlagState.RAISED and not flag.is_new:
        lines.append(wording("acting.card.age", count=max(0, (on - flag.raised_on).days)))
    if flag.waits_days:
        lines.append(wording("acting.card.waits", count=flag.waits_days))
    if flag.put_off_until is not None:
        lines.append(
            wording("acting.card.put_off_until", day=words.day(flag.put_off_until, beside=on, wording=wording))
        )
    if flag.acted is not None and flag.state == FlagState.RAISED:
        lines.append(words.done(flag.acted, on=on, zone=zone, wording=wording))
    if flag.stage in _TOLD_STAGES:
        lines.append(wording(f"acting.card.stage.{flag.stage}"))
    return tuple(lines)


def who_waits(digest: Digest, *, wording: Wording) -> Iterator[tuple[str, list[tuple[str, Button]]]]:
    """Headings with lines: who would like to be called, and who waits for somebody to get in touch, longest first.

    Each line has the button that says that somebody did.
    """
    asked = [line for line in digest.explained if line.wants_contact]
    told = explained_words.wants_contact(digest, wording=wording)
    yield (
        wording("digest.explained.contact", count=len(asked)),
        [(text, _reached(line.code_name, line.patient_id, wording)) for line, text in zip(asked, told, strict=True)],
    )
    yield (
        wording("acting.waiting.title", count=len(digest.waiting)),
        [
            (waiting(line, on=digest.on, wording=wording), _reached(line.code_name, line.patient_id, wording))
            for line in digest.waiting
        ],
    )


def followed(digest: Digest, *, wording: Wording) -> Iterator[tuple[str, list[str]]]:
    """Headings with lines: what became of flags that somebody has acted on, and whose flag a colleague has."""
    back = [recovered(line, digest=digest, wording=wording) for line in digest.recovered]
    yield wording("digest.recovered.title", count=len(back)), back
    better = [improving(line, digest=digest, wording=wording) for line in digest.improving]
    yield wording("acting.improving.title", count=len(better)), better
    still_there = [not_repaired(line, digest=digest, wording=wording) for line in digest.not_repaired]
    yield wording("acting.not_repaired.title", count=len(still_there)), still_there
    away = [with_colleague(line, on=digest.on, wording=wording) for line in digest.with_colleagues]
    yield wording("acting.colleagues.title", count=len(away)), away


def waiting(line: Waiting, *, on: date, wording: Wording) -> str:
    """Who waits for somebody to get in touch, and for how many days."""
    since = words.day(line.since_on, beside=on, wording=wording)
    told = wording("acting.waiting.line", name=words.shown(line.code_name), count=line.days, day=since)
    return wording("acting.waiting.asked", line=told) if line.wants_contact else told


def recovered(line: Recovered, *, digest: Digest, wording: Wording) -> str:
    """Who is back to the usual, and what was last done before that; whether it was why, nobody knows."""
    told = words.recovered(line, wording=wording)
    if line.acted is None:
        return told
    what = words.done(line.acted, on=digest.on, zone=digest.zone, wording=wording)
    return wording("acting.recovered.before", line=told, what=what)


def improving(line: Followed, *, digest: Digest, wording: Wording) -> str:
    """Who is on the way back to the usual, and what was last done before that."""
    return _followed("acting.improving.line", line, digest, wording)


def not_repaired(line: Followed, *, digest: Digest, wording: Wording) -> str:
    """Who is not back to the usual although somebody has acted."""
    return _followed("acting.not_repaired.line", line, digest, wording)


def with_colleague(line: WithColleague, *, on: date, wording: Wording) -> str:
    """Whose flag a colleague has, and since when."""
    since = words.day(line.since_on, beside=on, wording=wording)
    return wording(
        "acting.colleagues.line", name=words.shown(line.code_name), who=words.shown(line.colleague), day=since
    )


def _followed(key: str, line: Followed, digest: Digest, wording: Wording) -> str:
    about = words.domain(line.domain, wording=wording) if line.domain else wording("digest.recovered.replies")
    told = wording(key, name=words.shown(line.code_name), domain=about, count=line.days)
    if line.acted is None:
        return told
    what = words.done(line.acted, on=digest.on, zone=digest.zone, wording=wording)
    return wording("acting.recovered.before", line=told, what=what)


def _came_back(flag: FlagLine, raised_on: date, *, on: date, zone: str, wording: Wording) -> str:
    day = words.day(raised_on, beside=on, wording=wording)
    if flag.before is None:
        return wording("acting.card.came_back", day=day)
    what = words.done(flag.before, on=on, zone=zone, wording=wording)
    return wording("acting.card.came_back_acted", day=day, what=what)


def _reached(name: str, patient_id: int, wording: Wording) -> Button:
    label = wording("acting.button.reached", name=words.shown(name))
    return Button(label=label, press=encode(ContactWith(patient_id=patient_id)))
