"""A flag in sentences, the same ones that the digest and the chat say."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance import acting_words, digest_words, explained_words, heard_words
from alliance.digest import FlagLine
from alliance.digest_messages import still_possible
from alliance.flags import FlagAction, FlagState
from alliance.local_time import local_day
from console.doors import Asking


@dataclass(frozen=True, kw_only=True, slots=True)
class FlagView:
    """One flag as a card says it."""

    id: int
    patient_id: int
    name: str
    of_whom: str
    title: str
    lines: tuple[str, ...]
    prompts: tuple[str, ...]
    rule: str
    standing: str
    is_new: bool
    actions: tuple[FlagAction, ...]


def flag_views(asking: Asking, lines: Sequence[FlagLine]) -> tuple[FlagView, ...]:
    """These flags in their order."""
    return tuple(_view(asking, line) for line in lines)


def _view(asking: Asking, flag: FlagLine) -> FlagView:
    say, zone = asking.say, asking.me.person.zone
    on = local_day(asking.unit.now, zone)
    told = (
        digest_words.change(flag, on=on, wording=say),
        digest_words.also(flag, wording=say),
        digest_words.own_view(flag, wording=say),
        *heard_words.told(flag, on=on, zone=zone, wording=say),
        *explained_words.beside_flag(flag.explained, on=on, wording=say),
        digest_words.sureness(flag, wording=say),
        *acting_words.beside_flag(flag, on=on, zone=zone, wording=say),
    )
    return FlagView(
        id=flag.flag_id,
        patient_id=flag.patient_id,
        name=flag.code_name,
        of_whom=flag.of_whom or "",
        title=digest_words.kind(flag, wording=say),
        lines=tuple(line for line in told if line),
        prompts=tuple(digest_words.prompts(flag, wording=say)),
        rule=digest_words.rule(flag, wording=say),
        standing=digest_words.standing(flag, on=on, zone=zone, wording=say),
        is_new=flag.state == FlagState.RAISED,
        actions=still_possible(flag),
    )
