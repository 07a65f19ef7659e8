"""A rule for flags is as right as clinicians say."""

from alliance.flag_figures import FlagJudged, FlagPrecision, flag_precision


def a_flag(rule: str, resolution: str | None, *, acted: bool = True, why: str | None = None) -> FlagJudged:
    return FlagJudged(rule=rule, resolution=resolution, was_acted_on=acted, why_not=why)


def test_a_rule_is_as_right_as_clinicians_say_and_the_worst_comes_first() -> None:
    seen = flag_precision(
        [
            a_flag("drop/1", "repaired"),
            a_flag("drop/1", "unrepaired"),
            a_flag("drop/1", None),
            a_flag("drop/1", "not_a_rupture", why="away"),
            a_flag("drop/1", "repaired", acted=False),
            a_flag("silence/1", "not_a_rupture", why="away"),
            a_flag("silence/1", "not_a_rupture", why="usual"),
            a_flag("silence/1", "not_a_rupture"),
        ]
    )

    assert seen == (
        FlagPrecision(rule="silence/1", held=0, not_a_rupture=3, unjudged=0, why_not={"away": 1, "usual": 1}),
        FlagPrecision(rule="drop/1", held=3, not_a_rupture=1, unjudged=1, why_not={"away": 1}),
    )
    assert [rule.share for rule in seen] == [0.0, 0.75]


def test_what_nobody_has_judged_says_nothing_of_a_rule() -> None:
    (rule,) = flag_precision([a_flag("drop/1", None, acted=False)])

    assert (rule.unjudged, rule.share) == (1, None)
