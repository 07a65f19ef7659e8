"""What the columns of an export mean: the codebook that lies beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from alliance.checkin import CheckinState
from alliance.items import Domain, Instrument

MOMENT = "ISO 8601 in UTC"


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column of one file: what it means, which values it takes, and in which unit."""

    name: str
    means: str
    values: str
    unit: str = ""


_PATIENT = Column(name="patient", means="the patient, by code name", values="text")
_CHECKIN = Column(name="checkin", means="number of the check-in, the same in every file", values="whole number")

ANSWERS: Sequence[Column] = (
    _PATIENT,
    _CHECKIN,
    Column(name="local_date", means="day of the check-in on the patient's own clock", values="ISO 8601", unit="day"),
    Column(name="slot", means="time of day it was planned for, on that clock", values="HH:MM", unit="local time"),
    Column(name="instrument", means="questions and scale that were asked", values="id/version; rows of items below"),
    Column(name="form", means="wording of the questions where several take turns", values="text or empty"),
    Column(name="language", means="language in which it was read", values="language code"),
    Column(name="item", means="the question that was answered", values="id; rows of items below"),
    Column(name="domain", means="part of the working alliance the question is about", values=" | ".join(Domain)),
    Column(name="rating", means="what was tapped or typed", values="whole number; see the item", unit="points"),
    Column(
        name="fraction",
        means="the rating in the range of its scale, 1 is the good end",
        values="0 to 1",
        unit="of the range",
    ),
    Column(name="is_typed", means="typed as a number instead of tapped", values="0 | 1"),
    Column(name="about", means="the clinician whom a question about the bond meant", values="code name or empty"),
    Column(name="answered_at", means="when it was answered, the last time where it was changed", values=MOMENT),
)
CHECKINS: Sequence[Column] = (
    _PATIENT,
    _CHECKIN,
    Column(name="clinician", means="the patient's clinician then, by code name", values="text"),
    Column(name="local_date", means="day of the check-in on the patient's own clock", values="ISO 8601", unit="day"),
    Column(name="slot", means="time of day it was planned for, on that clock", values="HH:MM", unit="local time"),
    Column(name="zone", means="the patient's time zone now", values="IANA name"),
    Column(
        name="state",
        means="what became of it; only expired after it was delivered is a silence of the patient",
        values=" | ".join(CheckinState),
    ),
    Column(name="due_at", means="when it fell due", values=MOMENT),
    Column(name="delivered_at", means="when Telegram had taken it; empty: it was not, or nobody knows", values=MOMENT),
    Column(name="completed_at", means="when every question was answered or passed over", values=MOMENT),
    Column(name="answers", means="rows of it in answers.csv", values="whole number", unit="answers"),
)
WORDS: Sequence[Column] = (
    _PATIENT,
    Column(name="checkin", means="the check-in it belongs to; empty: written between two", values="whole number"),
    Column(name="received_at", means="when it came", values=MOMENT),
    Column(
        name="words",
        means="what the patient wrote, in the last version; a leading ' was added where a spreadsheet "
        "would have worked the cell out",
        values="text",
    ),
)
CODEBOOK: Sequence[str] = ("file", "column", "meaning", "values", "unit")


def codebook_of(file: str, columns: Sequence[Column]) -> list[tuple[str, ...]]:
    """The rows of the codebook for one file."""
    return [(file, column.name, column.means, column.values, column.unit) for column in columns]


def codebook_of_items(instruments: Sequence[Instrument], *, language: str) -> list[tuple[str, ...]]:
    """A row for each item: its question, and what the ends of its scale mean."""
    rows: list[tuple[str, ...]] = []
    for instrument in instruments:
        for item in instrument.items:
            words = item.words.get(language) or next(iter(item.words.values()))
            ends = f"{instrument.lowest} = {words.low}; {instrument.highest} = {words.high}"
            reverse = "; a high rating is a low agreement" if item.reverse else ""
            rows.append((f"item of {instrument.name}", item.id, words.question, f"{ends}{reverse}", item.domain))
    return rows
