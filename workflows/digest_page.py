"""The digest as a page: one self-contained HTML file, with the patients' own words and small pictures."""

import base64
import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from alliance import about_you_words, acting_words, calendar_words, explained_words, heard_words
from alliance import digest_words as say
from alliance.digest import Digest, FlagLine, HeardLine, Wrote
from alliance.digest_picture import legend, picture
from alliance.excerpt import excerpt
from alliance.names_on_display import shown
from alliance.wording import Wording

# Written out so that they are seen; the text itself stays as it is. C1 controls, and the bidirectional
# embeddings, overrides and isolates, each in a bdi of its own, where it can turn nothing around.
_ODD = re.compile(r"[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
_UNPRINTABLE = {
    **{code: 0x2400 + code for code in range(0x20) if chr(code) not in "\t\n"},  # pictures of C0 controls
    0x7F: 0x2421,
}
NO_GOALS: Mapping[int, Sequence[str]] = MappingProxyType({})
_LONE_SURROGATE = re.compile(r"[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Quote:
    """What a patient wrote at that (aware) moment, exactly as written; whether it was changed later."""

    at: datetime
    words: str
    edited: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Quoted:
    when: str
    words: Markup
    edited: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class _Heard:
    """What a rule heard, beside the words themselves if they are still kept."""

    why: str
    rule: str
    before: Markup = field(default_factory=Markup)
    phrase: Markup = field(default_factory=Markup)
    after: Markup = field(default_factory=Markup)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Sign:
    """One flag in sentences."""

    kind: str
    short: str
    change: str
    explained: tuple[str, ...]
    sureness: str
    standing: str
    is_settled: bool
    rule: str
    heard: tuple[_Heard, ...] = ()
    unread: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Patient:
    """Everything about one patient, in one place."""

    anchor: str
    name: str
    quotes: tuple[_Quoted, ...]
    signs: tuple[_Sign, ...] = ()
    prompts: tuple[str, ...] = ()
    trend: Markup = field(default_factory=Markup)
    legend: str = ""
    unscreened: str = ""
    wrote: str = ""
    goals: tuple[Markup, ...] = ()


def render_page(
    digest: Digest,
    *,
    words: Mapping[int, Sequence[Quote]],
    phrases: Mapping[int, str] | None = None,  # None: nobody has opened them
    wording: Wording,
    clinic_name: str,
    goals: Mapping[int, Sequence[str]] = NO_GOALS,
) -> str:
    """The whole page, ready to be written as UTF-8; it runs nothing and fetches nothing.

    ``words`` holds the messages of each patient by id, ``goals`` their own goals; those of patients whom the
    digest does not name are left out. ``phrases`` holds by row the messages in which something was heard: a
    little of each stands beside the flag that it explains; of a message that is not there only the reason does.
    All of it stands on the page exactly as written, except that a C0 control other than tab and line break is
    shown as its picture (U+2400 and following), a carriage return as a line break, and a lone surrogate, which
    UTF-8 cannot carry, as its code point in angle brackets.
    """
    style = _file("digest.css")
    return _template().render(
        say=wording,
        style=Markup(style),  # noqa: S704  # our own file
        policy=page_policy(),
        clinic=shown(clinic_name),
        clinician=shown(digest.clinician),
        date=say.long_day(digest.on, wording=wording),
        since=say.moment(digest.covers_from, zone=digest.zone, beside=digest.on, wording=wording),
        digest=digest,
        whose=calendar_words.whose(digest, wording=wording),
        calendar=list(calendar_words.sections(digest, wording=wording, with_reason=True)),
        alerts=[
            (say.alert(line, digest=digest, wording=wording), say.cause(line, wording=wording))
            for line in digest.alerts
        ],
        contact=explained_words.wants_contact(digest, wording=wording),
        said_why=explained_words.said_why(digest, wording=wording),
        about_you=about_you_words.lines(digest, wording=wording),
        about_colleagues=about_you_words.given(digest, wording=wording),
        unreachable=[shown(name) for name in digest.undeliverable],
        waiting=[acting_words.waiting(line, on=digest.on, wording=wording) for line in digest.waiting],
        followed=[(title, lines) for title, lines in acting_words.followed(digest, wording=wording) if lines],
        left=[shown(name) for name in digest.left],
        numbers=say.numbers(digest, wording=wording),
        **_patients(digest, words, phrases, goals, wording),
    )


def page_policy() -> str:
    """What a browser may do with the page: show it with its own style, and nothing else."""
    fingerprint = base64.b64encode(hashlib.sha256(_file("digest.css").encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{fingerprint}'; base-uri 'none'; form-action 'none'"


def _patients(
    digest: Digest,
    words: Mapping[int, Sequence[Quote]],
    phrases: Mapping[int, str] | None,
    goals: Mapping[int, Sequence[str]],
    wording: Wording,
) -> dict[str, list[_Patient]]:
    """Patients under the heading that says most about them; each of them once."""
    by_patient: dict[int, list[FlagLine]] = {}
    for flag in digest.flags:
        by_patient.setdefault(flag.patient_id, []).append(flag)
    writing = {line.patient_id: line for line in digest.wrote}
    found: dict[str, list[_Patient]] = {"ruptures": [], "quiet": [], "wrote": []}
    for patient_id, flags in by_patient.items():
        quotes = _quotes(words.get(patient_id, ()), digest, wording)
        signs = tuple(_sign(flag, digest, phrases, wording) for flag in flags)
        patient = _flagged(flags, signs, quotes, writing.get(patient_id), digest, wording)
        patient = replace(patient, goals=_all_as_written(goals.get(patient_id, ())))
        found["quiet" if all(flag.is_silence for flag in flags) else "ruptures"].append(patient)
    for line in digest.wrote:
        if line.patient_id not in by_patient:
            found["wrote"].append(
                _Patient(
                    anchor=f"patient-{line.patient_id}",
                    name=say.named(line, wording=wording),
                    quotes=_quotes(words.get(line.patient_id, ()), digest, wording),
                    unscreened=say.unscreened(line, wording=wording) if line.unscreened else "",
                    wrote=say.messages(line, wording=wording),
                    goals=_all_as_written(goals.get(line.patient_id, ())),
                )
            )
    return found


def _flagged(
    flags: Sequence[FlagLine],
    signs: tuple[_Sign, ...],
    quotes: tuple[_Quoted, ...],
    wrote: Wrote | None,
    digest: Digest,
    wording: Wording,
) -> _Patient:
    prompts = dict.fromkeys(prompt for flag in flags for prompt in say.prompts(flag, wording=wording))
    return _Patient(
        anchor=f"patient-{flags[0].patient_id}",
        name=say.named(flags[0], wording=wording),
        quotes=quotes,
        signs=signs,
        prompts=tuple(prompts),
        # drawn by our own code, which escapes every text in it
        trend=Markup(picture(flags, on=digest.on, wording=wording)),  # noqa: S704
        legend=legend(flags, wording=wording),
        wrote=say.messages(wrote, wording=wording) if wrote else "",
        unscreened=say.unscreened(wrote, wording=wording) if wrote and wrote.unscreened else "",
    )


def _sign(flag: FlagLine, digest: Digest, phrases: Mapping[int, str] | None, wording: Wording) -> _Sign:
    return _Sign(
        kind=say.kind(flag, wording=wording),
        short=say.short_change(flag, wording=wording),
        change=" ".join(
            filter(
                None,
                (
                    say.change(flag, on=digest.on, wording=wording),
                    say.also(flag, wording=wording),
                    say.own_view(flag, wording=wording),
                ),
            )
        ),
        explained=(
            *explained_words.beside_flag(flag.explained, on=digest.on, wording=wording),
            *acting_words.beside_flag(flag, on=digest.on, zone=digest.zone, wording=wording),
        ),
        sureness=say.sureness(flag, wording=wording),
        standing=say.standing(flag, on=digest.on, zone=digest.zone, wording=wording),
        is_settled=flag.acted is not None,
        rule=say.rule(flag, wording=wording),
        heard=tuple(_heard(line, digest, phrases, wording) for line in flag.heard),
        unread=wording("digest.heard.unread") if flag.is_unread else "",
    )


def _heard(line: HeardLine, digest: Digest, phrases: Mapping[int, str] | None, wording: Wording) -> _Heard:
    if phrases is not None and line.message_row not in phrases:
        line = replace(line, said_at=None)  # the digest was made while it was still kept
    why = heard_words.reason(line, on=digest.on, zone=digest.zone, wording=wording)
    found = excerpt((phrases or {}).get(line.message_row, ""), (line.first, line.last))
    if found is None:
        return _Heard(why=why, rule=line.rule)
    before, phrase, after = map(_as_written, (found.before, found.phrase, found.after))
    return _Heard(why=why, rule=line.rule, before=before, phrase=phrase, after=after)


def _quotes(quotes: Sequence[Quote], digest: Digest, wording: Wording) -> tuple[_Quoted, ...]:
    return tuple(
        _Quoted(
            when=say.moment(quote.at, zone=digest.zone, beside=digest.on, wording=wording),
            words=_as_written(quote.words),
            edited=quote.edited,
        )
        for quote in quotes
    )


def _all_as_written(goals: Sequence[str]) -> tuple[Markup, ...]:
    return tuple(_as_written(goal) for goal in goals)


def _as_written(words: str) -> Markup:
    """A patient's words, escaped, whatever they contain."""
    words = words.replace("\r\n", "\n").replace("\r", "\n").translate(_UNPRINTABLE)
    words = _LONE_SURROGATE.sub(lambda found: f"<U+{ord(found[0]):04X}>", words)
    shown = Markup()
    start = 0
    for odd in _ODD.finditer(words):
        code = f"U+{ord(odd[0]):04X}"
        shown += Markup.escape(words[start : odd.start()])
        shown += Markup('<bdi class="odd" data-code="{}">{}</bdi>').format(code, odd[0])
        start = odd.end()
    return shown + Markup.escape(words[start:])


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_file("digest.html.j2"))


@cache
def _file(name: str) -> str:
    return files("workflows").joinpath("templates", name).read_text(encoding="utf-8")
