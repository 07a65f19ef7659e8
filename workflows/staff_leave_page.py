"""/away: a clinician, or a coordinator or lead for her, sets a leave and who reads in that time."""

from datetime import date, timedelta

from alliance.digest_words import shown
from alliance.local_time import local_day
from alliance.not_arranged import NotArranged
from alliance.pause_words import read_pause_end
from alliance.saying import Saying
from alliance.staff_pages import back_days, back_page, cover_page, leave_page
from alliance.staff_presses import NOBODY, EndLeave, NameCover, PlanLeave
from alliance.wording import FIRST_LANGUAGE
from storage import leaves, people
from storage.tables import Person, StaffLeave
from workflows.page import turn
from workflows.set_hours import find_staff
from workflows.set_leave import LeaveSet, end_leave, may_set_leave, name_cover, planned, set_leave, who_could_cover
from workflows.unit import Unit
from workflows.words import day_in_words

_TODAY = frozenset({"today", "hoy"})
_DAYS_OF_A_WEEK = 7
ONE_DAY = timedelta(days=1)


async def show(unit: Unit, reader: Person, words: str) -> None:
    """The page of one's own leaves, or of a colleague's who is named; two days behind it go straight to the cover.

    Raises NotArranged for a name that nobody has, and for days nobody can read.
    """
    parts = [part.strip() for part in words.split(",") if part.strip()]
    person = reader
    if parts and _day(reader, parts[0], unit) is None:
        person = await find_staff(unit, parts.pop(0))
    may_set_leave(unit, person)
    days = [_day(reader, part, unit) for part in parts]
    match days:
        case []:
            page = await _start(unit, reader, person)
        case [date() as start]:
            page = _back(unit, reader, person, PlanLeave(person_id=person.id, starts_on=start))
        case [date() as start, date() as back]:
            page = await _cover(unit, reader, person, PlanLeave(person_id=person.id, starts_on=start, back_on=back))
        case _:
            raise NotArranged("away.order", "The day of return comes after the first day away, within a year.")
    await turn(unit, reader, page, message_id=None)


async def plan(unit: Unit, reader: Person, pressed: PlanLeave, *, message_id: int) -> str | None:
    """The next step of a leave, or the leave itself; the key of the toast. Raises NotArranged."""
    person = await people.get(unit.session, pressed.person_id)
    may_set_leave(unit, person)
    if not pressed.has_end:
        await turn(unit, reader, _back(unit, reader, person, pressed), message_id=message_id)
        return None
    if pressed.cover_id is None:
        await turn(unit, reader, await _cover(unit, reader, person, pressed), message_id=message_id)
        return None
    cover = await people.get(unit.session, pressed.cover_id) if pressed.cover_id != NOBODY else None
    done = await set_leave(unit, person, starts_on=pressed.starts_on, back_on=pressed.back_on, cover=cover)
    await turn(unit, reader, await _saved(unit, done), message_id=message_id)
    return "toast.saved"


async def cover(unit: Unit, reader: Person, pressed: NameCover, *, message_id: int) -> str | None:
    """Who could read instead, or whoever was chosen; the key of the toast. Raises NotArranged."""
    leave = await _lasting(unit, pressed.leave_id)
    if leave is None:
        return "toast.no_longer_open"
    person = await people.get(unit.session, leave.person_id)
    may_set_leave(unit, person)
    if pressed.cover_id is None:
        start, back = _in_words(unit, leave.starts_on, leave.back_on)
        colleagues = {one.id: one.code_name for one in await who_could_cover(unit, person)}
        title = _title(unit, reader, person)
        page = cover_page(unit.wording(), pressed, colleagues, title=title, start=start, back=back)
        await turn(unit, reader, page, message_id=message_id)
        return None
    chosen = await people.get(unit.session, pressed.cover_id) if pressed.cover_id != NOBODY else None
    await turn(unit, reader, await _saved(unit, await name_cover(unit, leave, chosen)), message_id=message_id)
    return "toast.saved"


async def end(unit: Unit, reader: Person, pressed: EndLeave, *, message_id: int) -> str:
    """She is back, or does not go; the key of the toast. Raises NotArranged."""
    leave = await _lasting(unit, pressed.leave_id)
    if leave is None:
        return "toast.no_longer_open"
    person = await end_leave(unit, leave)
    text = unit.wording()("away.ended", who=shown(person.code_name))
    await turn(unit, reader, Saying(text=text), message_id=message_id)
    return "toast.saved"


async def _start(unit: Unit, reader: Person, person: Person) -> Saying:
    wording, today = unit.wording(), local_day(unit.now, person.zone)
    monday = today + timedelta(days=_DAYS_OF_A_WEEK - today.weekday())
    starts = [(wording("away.today"), today), (wording("away.tomorrow"), today + ONE_DAY)]
    starts += [
        (wording("away.monday", day=day_in_words(day, wording)), day)
        for day in (monday, monday + timedelta(days=_DAYS_OF_A_WEEK))
        if day > today + ONE_DAY
    ]
    lines = {leave.id: await _line(unit, leave) for leave in await planned(unit, person)}
    is_own = person.id == reader.id
    write = wording("away.write") if is_own else wording("away.write_other", who=shown(person.code_name))
    title = _title(unit, reader, person)
    return leave_page(wording, title=title, planned=lines, person_id=person.id, starts=starts, write=write)


def _back(unit: Unit, reader: Person, person: Person, pressed: PlanLeave) -> Saying:
    wording = unit.wording()
    days = {day: day_in_words(day, wording) for day in back_days(pressed.starts_on)}
    start = day_in_words(pressed.starts_on, wording)
    return back_page(wording, pressed, title=_title(unit, reader, person), start=start, days=days)


async def _cover(unit: Unit, reader: Person, person: Person, pressed: PlanLeave) -> Saying:
    start, back = _in_words(unit, pressed.starts_on, pressed.back_on)
    colleagues = {one.id: one.code_name for one in await who_could_cover(unit, person)}
    title = _title(unit, reader, person)
    return cover_page(unit.wording(), pressed, colleagues, title=title, start=start, back=back)


async def _saved(unit: Unit, done: LeaveSet) -> Saying:
    wording = unit.wording()
    start, back = _in_words(unit, done.leave.starts_on, done.leave.back_on)
    named = shown(done.cover.code_name) if done.cover else wording("away.nobody")
    lines = [wording("away.saved", start=start, back=back, cover=named)]
    if done.reads.person_id is None:
        lines.append(wording("away.reads_nothing"))
    elif done.cover is not None and done.reads.person_id != done.cover.id:
        reads = await people.get(unit.session, done.reads.person_id)
        lines.append(wording("away.reads_other", cover=named, reader=shown(reads.code_name)))
    return Saying(text="\n".join(lines))


async def _line(unit: Unit, leave: StaffLeave) -> str:
    start, back = _in_words(unit, leave.starts_on, leave.back_on)
    named = await people.get(unit.session, leave.cover_id) if leave.cover_id is not None else None
    wording = unit.wording()
    who = shown(named.code_name) if named else wording("away.nobody")
    return wording("away.planned", start=start, back=back, cover=who)


async def _lasting(unit: Unit, leave_id: int) -> StaffLeave | None:
    leave = await leaves.get(unit.session, leave_id)
    return leave if leave is not None and leave.ended_at is None else None


def _title(unit: Unit, reader: Person, person: Person) -> str:
    wording = unit.wording()
    is_own = person.id == reader.id
    return wording("away.title_own") if is_own else wording("away.title", who=shown(person.code_name))


def _in_words(unit: Unit, starts_on: date, back_on: date | None) -> tuple[str, str]:
    wording = unit.wording()
    return day_in_words(starts_on, wording), day_in_words(back_on, wording) if back_on else wording("away.day_unknown")


def _day(reader: Person, words: str, unit: Unit) -> date | None:
    today = local_day(unit.now, reader.zone)
    if words.casefold() in _TODAY:
        return today
    return read_pause_end(words, today=today, day_comes_first=reader.language != FIRST_LANGUAGE)
