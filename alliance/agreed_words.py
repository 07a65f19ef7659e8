"""What a digest says, quietly, of agreements: which were answered since the last one, and which are not yet."""

from collections.abc import Iterator, Sequence
from datetime import date

from alliance import digest_words as words
from alliance.agreement import WAITS_FOR, AgreementLine, AgreementState
from alliance.names_on_display import shown
from alliance.wording import Wording


def lines(agreements: Sequence[AgreementLine], *, on: date, wording: Wording) -> Iterator[str]:
    """A line for each, those that are agreed first, then the longest open one."""
    for line in sorted(agreements, key=lambda line: (line.state != AgreementState.AGREED, line.since_on)):
        who, days = shown(line.code_name), (on - line.since_on).days
        match line.state:
            case AgreementState.AGREED:
                day = words.day(line.since_on, beside=on, wording=wording)
                yield wording("visit.agreed.agreed", who=who, day=day)
            case AgreementState.PROPOSED:
                yield wording("visit.agreed.open", who=who, count=days)
            case _:
                yield wording("visit.agreed.unanswered", who=who, days=WAITS_FOR.days)
