"""A quiet day's digest, a fall, a silence and an alert to build others from, and how they are read."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import alliance
from alliance.buttons import decode
from alliance.digest import AlertLine, Digest, FlagLine, Numbers, Wrote
from alliance.digest_messages import as_messages, flag_card
from alliance.saying import Saying
from alliance.wording import parse_wordings

TODAY = date(2026, 3, 3)
MORNING = datetime(2026, 3, 3, 7, 3, tzinfo=UTC)
MADRID = "Europe/Madrid"
LOCALES = Path(alliance.__path__[0]) / "locales"
WORDINGS = parse_wordings(
    {lang: {file.name: file.read_text("utf-8") for file in (LOCALES / lang).glob("*.toml")} for lang in ("en", "es")}
)
EN = WORDINGS.in_language("en")

A_FALL = FlagLine(
    flag_id=1,
    patient_id=7,
    code_name="BIRCH-07",
    kind="withdrawal",
    domain="bond",
    signal="drop",
    strength=0.8,
    since_on=date(2026, 2, 21),
    rating=3,
    usual=6.0,
    usual_low=5.0,
    usual_high=7.2,
    usual_count=9,
    highest=7,
    unanswered=0,
    is_new=True,
    state="raised",
    rule="drop/1",
)
A_SILENCE = replace(
    A_FALL, flag_id=2, domain=None, signal="silence", rating=None, usual=None, unanswered=4, rule="silence/1"
)
NO_NUMBERS = Numbers(asked=0, answered=0, partly=0, still_open=0, unanswered=0, undeliverable=0, uncertain=0, missed=0)
QUIET_DAY = Digest(
    clinician="DR-COLE",
    on=TODAY,
    zone=MADRID,
    covers_from=MORNING - timedelta(days=1),
    caseload=24,
    alerts=(),
    flags=(),
    wrote=(),
    undeliverable=(),
    left=(),
    numbers=replace(NO_NUMBERS, asked=18, answered=14, still_open=2, unanswered=2),
    rules_approved=True,
)
AN_ALERT = AlertLine(
    alert_id=3, code_name="HAZEL-02", cause="suicide", raised_at=MORNING, state="raised", acknowledged_by=None
)


def a_writer(patient_id: int, name: str, *, messages: int = 1, unscreened: int = 0) -> Wrote:
    return Wrote(patient_id=patient_id, code_name=name, messages=messages, unscreened=unscreened, message_rows=())


def sent(digest: Digest) -> tuple[Saying, ...]:
    return as_messages(digest, digest_id=2**62 - 1, wording=EN)


def whole(sayings: tuple[Saying, ...]) -> str:
    return "\n".join(saying.text for saying in sayings)


def presses(saying: Saying) -> list[object]:
    return [decode(button.press) for row in saying.rows for button in row]


def card(flag: FlagLine, *, wrote: bool = False, language: str = "en") -> Saying:
    return flag_card(flag, digest_id=5, on=TODAY, zone=MADRID, wrote=wrote, wording=WORDINGS.in_language(language))
