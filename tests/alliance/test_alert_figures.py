"""Tests of alliance.alert_figures: what took how long, and which rule was right how often."""

from datetime import timedelta

import pytest

from alliance.alert_figures import Precision, Spread, Verdict, precision_by_rule, spread


def seconds(*numbers: float) -> list[timedelta]:
    return [timedelta(seconds=number) for number in numbers]


@pytest.mark.parametrize(
    ("durations", "expected"),
    [
        pytest.param(seconds(7), (7, 7, 7), id="one"),
        pytest.param(seconds(9, 1), (1, 9, 9), id="two, in any order"),
        pytest.param(seconds(*range(10, 0, -1)), (5, 9, 10), id="ten"),
        pytest.param(seconds(*range(1, 12)), (6, 10, 11), id="eleven"),
    ],
)
def test_a_spread_names_durations_that_were_measured(durations: list[timedelta], expected: tuple[int, ...]) -> None:
    p50, p90, longest = seconds(*expected)

    assert spread(durations) == Spread(count=len(durations), p50=p50, p90=p90, longest=longest)


def test_nothing_measured_has_no_spread() -> None:
    assert spread([]) is None


def test_a_rule_is_as_right_as_people_said_and_the_worst_comes_first() -> None:
    verdicts = [
        Verdict(rule=rule, rules_version="v1", resolution=resolution)
        for rule, resolution in (
            ("en.good", "contact_made"),
            ("en.bad", "not_a_crisis"),
            ("en.good", "contact_made"),
            ("en.good", "not_a_crisis"),
            ("en.bad", "not_a_crisis"),
            ("en.bad", "superseded"),
            ("en.new", None),
        )
    ]

    found = precision_by_rule(verdicts)

    assert found == (
        Precision(rule="en.bad", rules_version="v1", held=0, false=2, unsettled=1),
        Precision(rule="en.good", rules_version="v1", held=2, false=1, unsettled=0),
        Precision(rule="en.new", rules_version="v1", held=0, false=0, unsettled=1),
    )
    assert [rule.share for rule in found] == [0, pytest.approx(2 / 3), None]


def test_two_versions_of_a_rule_are_two_rules() -> None:
    verdicts = [Verdict(rule="en.one", rules_version=version, resolution="contact_made") for version in ("v1", "v2")]

    assert [rule.held for rule in precision_by_rule(verdicts)] == [1, 1]


def test_no_alert_has_no_figures() -> None:
    assert precision_by_rule([]) == ()
