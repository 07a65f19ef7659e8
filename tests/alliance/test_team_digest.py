"""What a lead reads: every line once in both languages, kept and read again, and nobody is ranked."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance.digest_json import BrokenDigest
from alliance.team_digest import ClinicianLine, TeamDigest, Times, by_code_name
from alliance.team_digest_json import as_json, from_json
from alliance.team_digest_words import as_saying
from alliance.week import Week
from tests.alliance.one_digest import EN, WORDINGS

COLE = ClinicianLine(
    code_name="COLE",
    patients=60,
    untouched=2,
    oldest_days=3,
    in_hand=1,
    back_on=None,
    is_away=False,
    reader=None,
    last_lost=False,
    is_out_of_reach=False,
)
DAY = replace(COLE, code_name="DAY", untouched=0, oldest_days=None, in_hand=0)
QUIET = TeamDigest(
    lead="LEE",
    on=date(2026, 3, 9),
    zone="Europe/Madrid",
    covers_from=datetime(2026, 3, 6, 7, tzinfo=UTC),
    clinicians=(COLE, DAY),
    flags_raised=0,
    looked_at=None,
    contact=None,
    alerts_raised=0,
    alerts_open=0,
    alerts_in_hand=0,
    taken_on=None,
    without_team=(),
)
times = st.builds(
    Times, count=st.integers(1, 99), middle_minutes=st.integers(0, 90_000), longest_minutes=st.integers(0, 90_000)
)
counts = st.integers(0, 10_000)
digests = st.builds(
    TeamDigest,
    lead=st.text(max_size=20),
    on=st.dates(date(2020, 1, 1), date(2090, 1, 1)),
    zone=st.just("Europe/Madrid"),
    covers_from=st.datetimes(datetime(2020, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC)),
    clinicians=st.lists(
        st.builds(
            ClinicianLine,
            code_name=st.text(max_size=20),
            patients=counts,
            untouched=counts,
            oldest_days=st.none() | counts,
            in_hand=counts,
            back_on=st.none() | st.dates(date(2020, 1, 1), date(2090, 1, 1)),
            is_away=st.booleans(),
            reader=st.none() | st.text(max_size=20),
            last_lost=st.booleans(),
            is_out_of_reach=st.booleans(),
        ),
        max_size=5,
    ).map(tuple),
    flags_raised=counts,
    looked_at=st.none() | times,
    contact=st.none() | times,
    alerts_raised=counts,
    alerts_open=counts,
    alerts_in_hand=counts,
    taken_on=st.none() | times,
    without_team=st.lists(st.text(max_size=20), max_size=4).map(tuple),
    week=st.none()
    | st.builds(
        Week,
        since=st.just(date(2026, 3, 2)),
        until=st.just(date(2026, 3, 8)),
        asked=counts,
        answered=counts,
        judged=counts,
        dismissed=counts,
    ),
)


@given(digest=digests, language=st.sampled_from(["en", "es"]))
def test_whatever_it_holds_it_is_said_and_read_again_as_it_was_kept(digest: TeamDigest, language: str) -> None:
    assert from_json(as_json(digest)) == digest
    assert as_saying(digest, wording=WORDINGS.in_language(language)).text.strip()


def test_lines_stand_by_code_name_whatever_the_numbers_say() -> None:
    assert by_code_name([replace(DAY, code_name="day"), COLE]) == (COLE, replace(DAY, code_name="day"))


def test_who_is_away_and_whose_digest_was_lost_is_said() -> None:
    away = replace(COLE, is_away=True, back_on=date(2026, 3, 12), reader="DAY")
    alone = replace(COLE, is_away=True, last_lost=True)
    text = as_saying(replace(QUIET, clinicians=(away, alone, replace(DAY, is_out_of_reach=True))), wording=EN).text

    assert "2 flags nobody has looked at, the oldest for 3 days" in text
    assert "away, back on 12 March, DAY reads" in text
    assert "away, nobody reads; the last digest did not arrive" in text
    assert "DAY: 60 patients; cannot be reached in Telegram" in text


def test_a_quiet_team_is_told_without_what_there_is_not() -> None:
    text = as_saying(QUIET, wording=EN).text

    assert "Last week" not in text
    assert "no clinician any more" not in text
    assert EN("team.raised", count=0) in text
    assert EN("team.looked_at_none") not in text


def test_what_is_missing_from_a_kept_one_is_refused() -> None:
    kept = as_json(QUIET)
    del kept["lead"]

    with pytest.raises(BrokenDigest):
        from_json(kept)
