"""A digest as messages: a summary first, then one card for each flag, nothing cut and nothing twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from alliance import about_you_words, acting_words, calendar_words, explained_words, heard_words
from alliance import digest_words as words
from alliance.acting_presses import FlagStep, Step
from alliance.buttons import encode
from alliance.digest import Digest, FlagLine, Wrote
from alliance.flags import FlagAction, FlagState
from alliance.marker import Signal
from alliance.names_on_display import shown
from alliance.presses import ActOnFlag, ShowWords
from alliance.saying import LONGEST, Button, Emphasis, Saying, utf16_length
from alliance.wording import Wording

MOST_BUTTONS = 40  # in one message; Telegram takes 100, but a keyboard of more hides its own text
BUTTONS_IN_A_ROW = 2  # on a phone a third one has no room for its words


@dataclass(frozen=True, kw_only=True, slots=True)
class _Line:
    """One line and the buttons that belong to it; a bold line stays with the one below."""

    text: str
    bold: bool = False
    buttons: tuple[Button, ...] = ()


_Section = tuple[_Line, ...]
_BLANK = _Line(text="")


def as_messages(digest: Digest, *, digest_id: int, wording: Wording) -> tuple[Saying, ...]:
    """One clinician's day in messages that Telegram takes: each at most 4,096 UTF-16 units.

    The summary comes first and in as many parts as it needs, then a card for each flag in the order of
    the digest. There are code names and numbers, never a patient's words, and no mark-up: bold stretches
    are told by their place. Also when there is nothing to say there is one message.
    """
    sections = [section for section in _summary(digest, digest_id=digest_id, wording=wording) if section]
    again = _heading(wording("digest.continued", date=words.long_day(digest.on, wording=wording)))
    writing = {line.patient_id for line in digest.wrote}
    cards = (
        flag_card(
            flag,
            digest_id=digest_id,
            on=digest.on,
            zone=digest.zone,
            # whom a flag came to because nobody had looked may act on it, and reads no words
            wrote=not flag.is_escalated and (flag.patient_id in writing or bool(flag.heard)),
            wording=wording,
        )
        for flag in digest.flags
    )
    return (*_packed(sections, again=again), *cards)


def flag_card(flag: FlagLine, *, digest_id: int, on: date, zone: str, wrote: bool, wording: Wording) -> Saying:
    """One possible rupture with its numbers, its reason, words to start with, and what can be pressed.

    ``on`` is the digest's day and ``zone`` the clinician's; ``wrote`` says whether there are words to
    show. After a press the same card is made again from the flag in its new state.
    """
    standing = words.standing(flag, on=on, zone=zone, wording=wording)
    lines = [
        _heading(words.title(flag, wording=wording)),
        _Line(text=words.change(flag, on=on, wording=wording)),
        *(_Line(text=more) for say in (words.also, words.own_view) if (more := say(flag, wording=wording))),
        *(_Line(text=reason) for reason in heard_words.told(flag, on=on, zone=zone, wording=wording)),
        *(_Line(text=more) for more in explained_words.beside_flag(flag.explained, on=on, wording=wording)),
        _Line(text=words.sureness(flag, wording=wording)),
        *(_Line(text=more) for more in acting_words.beside_flag(flag, on=on, zone=zone, wording=wording)),
        _BLANK,
        _heading(wording("digest.prompt.heading")),
        *(_Line(text=f"• {prompt}") for prompt in words.prompts(flag, wording=wording)),
        _BLANK,
        _Line(text=words.rule(flag, wording=wording)),
        _Line(text=standing, bold=flag.state != FlagState.RAISED),
    ]
    buttons = [
        Button(
            label=wording(f"digest.button.{action}"),
            press=encode(ActOnFlag(flag_id=flag.flag_id, digest_id=digest_id, action=action)),
        )
        for action in still_possible(flag)
    ]
    if wrote:
        buttons.append(_words_button(flag.code_name, flag.patient_id, digest_id=digest_id, wording=wording))
    if flag.state != FlagState.RESOLVED:
        more = FlagStep(flag_id=flag.flag_id, digest_id=digest_id, step=Step.MORE)
        buttons.append(Button(label=wording("acting.button.more"), press=encode(more)))
    return _saying(lines, buttons)


def still_possible(flag: FlagLine) -> tuple[FlagAction, ...]:
    """What one press can still do about a flag."""
    if flag.state == FlagState.RESOLVED:
        return ()
    done: set[str] = {FlagAction.NOT_A_RUPTURE} if flag.signal == Signal.CONTESTED else set()  # no rule to be wrong
    if flag.state != FlagState.RAISED:
        done |= {FlagAction.REVIEWED, flag.acted.action} if flag.acted else {FlagAction.REVIEWED}
    return tuple(action for action in FlagAction if action not in done)


def _summary(digest: Digest, *, digest_id: int, wording: Wording) -> Iterator[_Section]:
    """The sections of the summary, the most urgent first; one without content is empty."""
    yield _opening(digest, wording=wording)
    alerts = [words.alert(line, digest=digest, wording=wording) for line in digest.alerts]
    yield _list(wording("digest.alerts", count=len(alerts)), alerts)
    yield _counts(digest, wording=wording)
    for heading, waiting in acting_words.who_waits(digest, wording=wording):
        yield _with_buttons(heading, waiting)
    why = explained_words.said_why(digest, wording=wording)
    yield _list(wording("digest.explained.title", count=len(why)), why)
    about_you = about_you_words.lines(digest, wording=wording)
    yield _list(wording("digest.about_you.title"), about_you, why=wording("digest.about_you.why"))
    given = about_you_words.given(digest, wording=wording)
    yield _list(wording("digest.about_you.given"), given, why=wording("digest.about_you.given_why"))
    yield _wrote(digest, digest_id=digest_id, wording=wording)
    for heading, followed in acting_words.followed(digest, wording=wording):
        yield _list(heading, followed)
    unreachable = [shown(name) for name in digest.undeliverable]
    yield _list(
        wording("digest.unreachable", count=len(unreachable)),
        unreachable,
        why=wording("digest.unreachable_why"),
    )
    yield _unscreened(digest, digest_id=digest_id, wording=wording)
    left = [shown(name) for name in digest.left]
    yield _list(wording("digest.left", count=len(left)), left, why=wording("digest.left_why"))
    for section in calendar_words.sections(digest, wording=wording):
        yield _list(section.heading, section.entries, why=section.why)
    yield _closing(digest, wording=wording)


def _opening(digest: Digest, *, wording: Wording) -> _Section:
    whose = calendar_words.whose(digest, wording=wording)
    opening = (_heading(calendar_words.title(digest, wording=wording)), *((_Line(text=whose),) if whose else ()))
    if digest.erased:
        return (*opening, _Line(text=wording("digest.erased", count=digest.erased)))
    return (*opening, _Line(text=wording("digest.nothing"))) if digest.has_nothing_to_say else opening


def _counts(digest: Digest, *, wording: Wording) -> _Section:
    """How many cards follow; who they are about is said there, once."""
    lines: list[_Line] = []
    quiet = [flag for flag in digest.flags if flag.is_silence]
    contested = [flag for flag in digest.flags if flag.signal == Signal.CONTESTED]
    ruptures = [flag for flag in digest.flags if not flag.is_silence and flag.signal != Signal.CONTESTED]
    counted = (("digest.contested", contested), ("digest.ruptures", ruptures), ("digest.quiet", quiet))
    for key, flags in counted:
        if flags:
            new = sum(1 for flag in flags if flag.is_new)
            lines.append(_heading(wording(key, count=len(flags), new=new)))
    return (*lines, _Line(text=wording("digest.below"))) if lines else ()


def _with_buttons(heading: str, entries: Sequence[tuple[str, Button]]) -> _Section:
    """A list in which each line has a button of its own."""
    if not entries:
        return ()
    return (_heading(heading), *(_Line(text=f"• {text}", buttons=(button,)) for text, button in entries))


def _wrote(digest: Digest, *, digest_id: int, wording: Wording) -> _Section:
    read = [line for line in digest.wrote if not line.unscreened]
    return _writers(wording("digest.wrote", count=len(read)), read, digest_id=digest_id, wording=wording)


def _unscreened(digest: Digest, *, digest_id: int, wording: Wording) -> _Section:
    """Whose messages nobody but a person can read; they stand here and not among the others."""
    unread = [line for line in digest.wrote if line.unscreened]
    return _writers(wording("acting.unscreened", count=len(unread)), unread, digest_id=digest_id, wording=wording)


def _writers(heading: str, writers: Sequence[Wrote], *, digest_id: int, wording: Wording) -> _Section:
    entries = [
        (
            words.wrote(line, wording=wording),
            _words_button(line.code_name, line.patient_id, digest_id=digest_id, wording=wording),
        )
        for line in writers
    ]
    return _with_buttons(heading, entries)


def _closing(digest: Digest, *, wording: Wording) -> _Section:
    since = words.moment(digest.covers_from, zone=digest.zone, beside=digest.on, wording=wording)
    lines = [
        _heading(wording("digest.check_ins", when=since)),
        _Line(text=words.numbers(digest, wording=wording)),
        _Line(text=wording("digest.caseload", count=digest.caseload)),
        _BLANK,
        _Line(text=wording("digest.may_err")),
    ]
    if not digest.rules_approved:
        lines.append(_Line(text=wording("digest.unapproved")))
    return tuple(lines)


def _list(heading: str, entries: Sequence[str], *, why: str | None = None) -> _Section:
    if not entries:
        return ()
    reason = (_Line(text=why),) if why else ()
    return (_heading(heading), *reason, *(_Line(text=f"• {entry}") for entry in entries))


def _heading(text: str) -> _Line:
    return _Line(text=text, bold=True)


def _words_button(code_name: str, patient_id: int, *, digest_id: int, wording: Wording) -> Button:
    return Button(
        label=wording("digest.button.words", name=shown(code_name)),
        press=encode(ShowWords(digest_id=digest_id, patient_id=patient_id)),
    )


@dataclass(kw_only=True, slots=True)
class _Part:
    """A message being filled."""

    lines: list[_Line] = field(default_factory=list[_Line])
    units: int = 0
    buttons: int = 0

    def takes(self, lines: Sequence[_Line]) -> bool:
        """Whether these lines with their buttons still fit."""
        units = sum(utf16_length(line.text) + 1 for line in lines)  # and the line break
        buttons = sum(len(line.buttons) for line in lines)
        return self.units + units <= LONGEST and self.buttons + buttons <= MOST_BUTTONS

    def add(self, lines: Sequence[_Line]) -> None:
        """Put these lines at the end."""
        self.lines += lines
        self.units += sum(utf16_length(line.text) + 1 for line in lines)
        self.buttons += sum(len(line.buttons) for line in lines)


def _packed(sections: Sequence[_Section], *, again: _Line) -> Iterator[Saying]:
    """The sections in as few messages as hold them, parted between sections, else between lines."""
    part = _Part()
    for section in sections:
        spaced = (_BLANK, *section) if part.lines else section
        if part.takes(spaced):
            part.add(spaced)
            continue
        for piece in _pieces(section):
            gap = (_BLANK,) if piece[0].bold else ()
            if not part.takes((*gap, *piece)):
                yield _saying(part.lines, [button for line in part.lines for button in line.buttons])
                part = _Part()
                part.add((again,))
                gap = () if piece[0] == _BLANK else (_BLANK,)
            part.add((*gap, *piece))
    yield _saying(part.lines, [button for line in part.lines for button in line.buttons])


def _pieces(section: _Section) -> Iterator[_Section]:
    """A section line by line, a heading or a blank line together with the line below it."""
    held: _Section = ()
    for line in section:
        if line.bold or line == _BLANK:
            held = (*held, line)
        else:
            yield (*held, line)
            held = ()
    if held:
        yield held


def _saying(lines: Sequence[_Line], buttons: Sequence[Button]) -> Saying:
    emphasis: list[Emphasis] = []
    offset = 0
    for line in lines:
        length = utf16_length(line.text)
        if line.bold:
            emphasis.append(Emphasis(offset=offset, length=length))
        offset += length + 1  # and the line break
    rows = (buttons[n : n + BUTTONS_IN_A_ROW] for n in range(0, len(buttons), BUTTONS_IN_A_ROW))
    return Saying(
        text="\n".join(line.text for line in lines),
        rows=tuple(tuple(row) for row in rows),
        emphasis=tuple(emphasis),
        protected=True,
    )
