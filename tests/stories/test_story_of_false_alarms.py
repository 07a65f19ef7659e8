"""A false alarm costs attention: one tap says so, and on Monday the clinic reads which rule it was."""

from tests.stories.crisis import WORDS
from tests.stories.ward import ON_BOTH, Ward, ever, madrid

FIGURES = "Alerts from "


def figures(ward: Ward) -> list[str]:
    return [text for text in ever(ward, ward.kim) if text.startswith(FIGURES)]


@ON_BOTH
async def test_not_a_crisis_keeps_which_rule_of_which_version_was_wrong(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this", "Close: not a crisis")

    (alert,) = await ward.alerts()
    assert (alert.resolution, alert.acknowledged_by) == ("not_a_crisis", (await ward.person("COLE")).id)
    assert alert.rule.startswith("en.suicide.")
    assert alert.rules_version == ward.program.clinic.crisis_rules.version


@ON_BOTH
async def test_on_monday_the_coordinator_reads_how_often_each_rule_was_right_once(ward: Ward) -> None:
    await ward.writes(ward.ana, WORDS)
    await ward.taps(ward.cole, "I have this", "Close: not a crisis")
    (alert,) = await ward.alerts()
    await ward.later(hours=1)
    await ward.writes(ward.ana, "/help_now")
    await ward.taps(ward.cole, "I have this", "Close: contact made")

    await ward.until(madrid(3, 9, "07:59"))
    assert figures(ward) == []
    await ward.until(madrid(3, 9, "08:01"))
    await ward.restart()
    await ward.looks_at_what_is_due()
    await ward.until(madrid(3, 12, "12:00"))

    (text,) = figures(ward)
    rule = f"{alert.rule} ({alert.rules_version})"
    assert text.startswith(f"Alerts from Monday 2 March to Sunday 8 March: 2\n{rule}: 0 of 1 closed alerts held")
    assert "asked_for_help (" in text
    assert "1 of 1 closed alerts held; 0 not settled" in text
    assert not any(text.startswith(FIGURES) for person in (ward.cole, ward.ana) for text in ever(ward, person))


async def test_a_week_without_an_alert_is_told_as_well_and_the_first_day_tells_no_past(ward: Ward) -> None:
    await ward.until(madrid(3, 2, "12:00"))
    assert figures(ward) == []  # the clinic opened this morning

    await ward.until(madrid(3, 16, "08:01"))

    assert [text.partition("\n")[0] for text in figures(ward)] == [
        "Alerts from Monday 2 March to Sunday 8 March: 0",
        "Alerts from Monday 9 March to Sunday 15 March: 0",
    ]
    assert ward.says("precision.none") in figures(ward)[0]
