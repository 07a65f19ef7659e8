"""Who reads what a patient says about the relationship and in free words: said truthfully, and chosen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from alliance.audience import USUAL, Audience, Choice, Routing, Subject, Whom
from alliance.saying import Button, Saying, headed
from alliance.wording import Wording

Row = tuple[Button, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Everybody a page can speak of: the patient's own clinician, and whoever else can be chosen, by id."""

    clinic: str
    clinician_id: int
    clinician: str
    offered: Mapping[int, str]
    former: Mapping[int, str]  # chosen before, and not on offer now

    @property
    def team(self) -> str:
        """The whole team by name."""
        return ", ".join((self.clinician, *self.offered.values()))

    def reader(self, audience: Audience, wording: Wording) -> str:
        """Whoever reads, as they stand in a sentence."""
        match audience.whom:
            case Whom.CLINICIAN:
                return self.clinician
            case Whom.TEAM:
                return wording("readers.team")
            case Whom.PERSON:
                return {**self.former, **self.offered}[audience.reader_id or 0]

    def shown(self, audience: Audience) -> Audience:
        """The audience as a page tells it: somebody chosen by name may have become the own clinician since."""
        return USUAL if audience.reader_id == self.clinician_id else audience

    def is_gone(self, audience: Audience) -> bool:
        """Whether the chosen person cannot read at the moment."""
        return self.shown(audience).whom is Whom.PERSON and audience.reader_id not in self.offered


def is_usual(routing: Routing, *, at: datetime) -> bool:
    """Whether everything goes to the own clinician, as it does until somebody is chosen."""
    return all(routing.audience(subject, at=at) == USUAL for subject in Subject)


def who_reads_what(wording: Wording, names: Names, routing: Routing, *, at: datetime) -> str:
    """Who gets what from now on, for somebody who has chosen."""
    lines = [wording("readers.others.text", clinician=names.clinician)]
    lines += [_line(wording, names, subject, routing.audience(subject, at=at)) for subject in Subject]
    if routing.audience(Subject.BOND, at=at) != routing.audience(Subject.REMARKS, at=at):
        lines.append(wording("readers.others.both", clinician=names.clinician))
    return "\n\n".join((*lines, wording("readers.summary")))


def readers_page(
    wording: Wording,
    names: Names,
    subject: Subject,
    standing: Choice | None,
    *,
    chosen_on: str | None,
    choices: Mapping[str, str],
    back: Row,
    is_new: bool = False,
) -> Saying:
    """To whom it goes and who could be chosen; ``choices`` are presses by the word of each audience."""
    audience = standing.audience if standing else USUAL
    told = [wording("readers.kept")] if is_new else []
    told.append(_line(wording, names, subject, audience))
    if chosen_on and not is_new:
        told.append(wording("readers.since", when=chosen_on))
    title = wording(f"readers.{subject}.button", clinician=names.clinician)
    if not names.offered and audience == USUAL:
        told.append(wording("readers.nobody", clinic=names.clinic, clinician=names.clinician))
        return headed(title, "\n" + "\n\n".join(told), rows=(back,))
    if names.offered:
        told.append(wording("readers.others.team", names=names.team))
    told.append(wording("readers.holds", clinician=names.clinician))
    if not is_new:
        told.append(wording(f"readers.{subject}.ask", clinician=names.clinician))
    rows = _choices(wording, names, audience, choices)
    return headed(title, "\n" + "\n\n".join(told), rows=(*rows, back))


def _line(wording: Wording, names: Names, subject: Subject, audience: Audience) -> str:
    reader, whom = names.reader(audience, wording), names.shown(audience).whom
    line = wording(f"readers.{subject}.now.{whom}", clinician=names.clinician, reader=reader, names=names.team)
    return f"{line} {wording('readers.gone', reader=reader)}" if names.is_gone(audience) else line


def _choices(wording: Wording, names: Names, now: Audience, choices: Mapping[str, str]) -> Sequence[Row]:
    """Everybody who could be chosen instead of whom it goes to now."""
    persons = [Audience(whom=Whom.PERSON, reader_id=reader_id) for reader_id in names.offered]
    team = [Audience(whom=Whom.TEAM)] if names.offered else []
    return [
        (Button(label=_label(wording, names, one), press=choices[one.word]),)
        for one in (USUAL, *persons, *team)
        if one != now
    ]


def _label(wording: Wording, names: Names, audience: Audience) -> str:
    return wording(f"readers.choose.{audience.whom}", reader=names.reader(audience, wording))
