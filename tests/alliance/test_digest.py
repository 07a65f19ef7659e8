"""What a clinician is told once a day: the most urgent first, each possible rupture with its reason."""

from dataclasses import replace
from datetime import date

import pytest

from alliance import digest_words as words
from alliance.acting_presses import FlagStep, Step
from alliance.digest import Acted, Numbers, Point, arrange
from alliance.flags import FlagAction
from alliance.presses import ActOnFlag, ShowWords
from tests.alliance.one_digest import (
    A_FALL,
    A_SILENCE,
    AN_ALERT,
    EN,
    MORNING,
    NO_NUMBERS,
    QUIET_DAY,
    TODAY,
    a_writer,
    card,
    presses,
    sent,
    whole,
)

MORE = FlagStep(flag_id=1, digest_id=5, step=Step.MORE)

# --- the summary


def test_a_day_without_anything_still_brings_one_warm_message() -> None:
    messages = sent(QUIET_DAY)

    assert len(messages) == 1
    assert messages[0].text == (
        "Digest, Tuesday 3 March 2026\n"
        f"{EN('digest.nothing')}\n"
        "\n"
        "Check-ins since 2 March 08:03\n"
        "14 of 18 check-ins answered, 2 without a reply, 2 still open. "
        "No reply is unknown, never fine.\n"
        "24 patients take part.\n"
        "\n"
        "This digest may be wrong and may miss things. It does not replace your own impression."
    )


@pytest.mark.parametrize("ours", ["undeliverable", "uncertain", "missed"])
def test_a_day_on_which_we_failed_to_ask_is_not_wished_to_be_a_good_one(ours: str) -> None:
    text = whole(sent(replace(QUIET_DAY, numbers=replace(QUIET_DAY.numbers, **{ours: 1}))))

    assert EN("digest.nothing") not in text


def test_silence_alone_is_told_and_spoils_no_quiet_day() -> None:
    silent = replace(NO_NUMBERS, asked=3, unanswered=3)

    text = whole(sent(replace(QUIET_DAY, numbers=silent)))

    assert EN("digest.nothing") in text
    assert "3 without a reply" in text


def test_a_day_with_one_flag_does_not_say_that_nothing_stands_out() -> None:
    text = whole(sent(replace(QUIET_DAY, flags=(A_FALL,))))

    assert EN("digest.nothing") not in text


def test_the_most_urgent_comes_first() -> None:
    digest = replace(
        QUIET_DAY,
        alerts=(AN_ALERT,),
        flags=(A_FALL, A_SILENCE),
        wrote=(a_writer(9, "WILLOW-15"),),
        undeliverable=("PINE-09",),
        left=("ASH-04",),
        rules_approved=False,
    )

    text = sent(digest)[0].text

    told = (
        "Alerts: 1",
        "HAZEL-02: open since 3 March 08:03, nobody has it yet",
        "Possible ruptures: 1 (1 new)",
        "Gone quiet: 1 (1 new)",
        "WILLOW-15: 1 message",
        "That can be a sign in itself",
        "PINE-09",
        "ASH-04",
        "14 of 18 check-ins answered",
        "may be wrong and may miss",
        "not yet been approved by your clinic",
    )
    assert [text.index(each) for each in told] == sorted(text.index(each) for each in told)


def test_approved_rules_carry_no_warning() -> None:
    assert "approved" not in whole(sent(QUIET_DAY))


def test_what_no_rule_could_read_is_named() -> None:
    text = whole(sent(replace(QUIET_DAY, wrote=(a_writer(1, "OAK-12", messages=2, unscreened=1),))))

    assert "OAK-12: 2 messages, 1 could not be screened" in text


def test_what_was_read_is_not_called_unscreened() -> None:
    assert "screened" not in whole(sent(replace(QUIET_DAY, wrote=(a_writer(1, "OAK-12"),))))


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        pytest.param(NO_NUMBERS, "No check-in fell due.", id="nothing fell due"),
        pytest.param(
            replace(NO_NUMBERS, asked=3, unanswered=3),
            "0 of 3 check-ins answered, 3 without a reply. No reply is unknown, never fine.",
            id="all silent",
        ),
        pytest.param(
            replace(NO_NUMBERS, asked=1, answered=1),
            "1 of 1 check-in answered. No reply is unknown, never fine.",
            id="all answered",
        ),
        pytest.param(
            replace(NO_NUMBERS, asked=4, answered=1, partly=1, uncertain=1, missed=1),
            "1 of 4 check-ins answered, 1 answered in part, 1 may or may not have arrived, "
            "1 not asked in time, by our own fault. No reply is unknown, never fine.",
            id="our own failures are not the patient's",
        ),
    ],
)
def test_the_numbers_name_what_is_unknown(numbers: Numbers, told: str) -> None:
    assert words.numbers(replace(QUIET_DAY, numbers=numbers), wording=EN) == told


@pytest.mark.parametrize("cause", ["suicide", "self_harm", "abuse"])
def test_telegram_is_not_told_what_an_alert_is_about(cause: str) -> None:
    text = whole(sent(replace(QUIET_DAY, alerts=(replace(AN_ALERT, cause=cause),))))

    assert words.cause(replace(AN_ALERT, cause=cause), wording=EN) not in text
    assert cause not in text


# --- the cards


def test_a_card_says_who_what_why_and_what_to_say() -> None:
    saying = card(A_FALL, wrote=True)

    assert saying.text == (
        "BIRCH-07: possible withdrawal\n"
        "Relationship 3 of 7, usually 6 (range 5 to 7 over 9 replies), since 21 February.\n"
        "Lower than is usual for this person; a strong sign.\n"
        "\n"
        "What you could say\n"
        "• “I have the impression that something between us has changed, and I may have a part in it. "
        "How is it for you?”\n"
        "• “Was there a moment last time when you felt I did not quite get it?”\n"
        "• “You need not spare me. What is hard to say about how we work is often what helps us most.”\n"
        "\n"
        "Rule: drop/1. It may be wrong.\n"
        "New since the last digest."
    )
    assert saying.protected
    assert presses(saying) == [
        *(ActOnFlag(flag_id=1, digest_id=5, action=action) for action in FlagAction),
        ShowWords(digest_id=5, patient_id=7),
        MORE,
    ]


def test_a_patient_who_wrote_nothing_has_no_words_to_show() -> None:
    assert not any(isinstance(press, ShowWords) for press in presses(card(A_FALL)))


def test_the_first_answer_is_not_compared_with_a_usual_that_nobody_knows() -> None:
    newcomer = replace(A_FALL, signal="floor", usual=None, usual_low=None, usual_high=None, usual_count=0)

    text = card(newcomer).text

    assert "Relationship 3 of 7, since 21 February. Too few replies yet to know what is usual." in text


def test_a_date_of_another_year_carries_its_year() -> None:
    assert "since 28 December 2025" in card(replace(A_FALL, since_on=date(2025, 12, 28))).text


@pytest.mark.parametrize(
    ("answered", "told"),
    [
        pytest.param([1, 1, 1, 1], "answers nearly all of them", id="always"),
        pytest.param([1, 0, 1, 1], "answers most of them", id="mostly"),
        pytest.param([1, 0, 0, 1], "leaves one unanswered", id="half"),
        pytest.param([1, 1, 1], "since 21 February.\n", id="too new to have a habit"),
    ],
)
def test_a_silence_is_told_beside_the_habit(answered: list[int], told: str) -> None:
    silent = [0] * A_SILENCE.unanswered
    trend = tuple(Point(on=TODAY, fractions={"bond": 1.0} if yes else {}) for yes in answered + silent)

    text = card(replace(A_SILENCE, trend=trend)).text

    assert "4 check-ins in a row without a reply, since 21 February." in text
    assert told in text


@pytest.mark.parametrize(
    ("state", "acted", "told", "left"),
    [
        pytest.param("raised", None, "New since the last digest.", list(FlagAction), id="untouched"),
        pytest.param(
            "acknowledged",
            Acted(action="reviewed", at=MORNING, by=None),
            "Reviewed by you, 3 March 08:03.",
            [FlagAction.RAISE_AT_VISIT, FlagAction.NOT_A_RUPTURE],
            id="reviewed",
        ),
        pytest.param(
            "acknowledged",
            Acted(action="raise", at=MORNING, by="DR-DAY"),
            "DR-DAY will raise it at the visit; noted 3 March 08:03.",
            [FlagAction.NOT_A_RUPTURE],
            id="a colleague will raise it",
        ),
        pytest.param(
            "resolved",
            Acted(action="not", at=MORNING, by=None),
            "Not a rupture, in your view, 3 March 08:03.",
            [],
            id="dismissed",
        ),
        pytest.param("acknowledged", None, "Reviewed.", list(FlagAction)[1:], id="by nobody we remember"),
    ],
)
def test_a_card_shows_where_its_flag_stands(state: str, acted: Acted | None, told: str, left: list[FlagAction]) -> None:
    saying = card(replace(A_FALL, state=state, acted=acted))

    assert saying.text.endswith(told)
    more = [] if state == "resolved" else [MORE]
    assert presses(saying) == [*(ActOnFlag(flag_id=1, digest_id=5, action=action) for action in left), *more]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", ["withdrawal", "confrontation"])
@pytest.mark.parametrize("domain", ["goal", "task", "bond", None])
def test_every_card_speaks_of_a_possibility_and_has_three_prompts(language: str, kind: str, domain: str | None) -> None:
    flag = replace(A_FALL, kind=kind, domain=domain)

    text = card(flag, language=language).text

    assert "possible" in text or "posible" in text
    assert text.count("\n• ") == 3


def test_a_word_of_a_newer_version_costs_no_digest() -> None:
    strange = replace(A_FALL, kind="stalemate", domain="hope", signal="omen", state="acknowledged")
    odd_alert = replace(AN_ALERT, state="parked", cause="flood")

    text = whole(sent(replace(QUIET_DAY, flags=(strange,), alerts=(odd_alert,))))

    assert "BIRCH-07: possible rupture" in text
    assert "HAZEL-02" in text


def test_new_falls_come_before_new_silences_and_old_ones_last() -> None:
    old = replace(A_FALL, flag_id=9, is_new=False, strength=1.0)
    weaker = replace(A_FALL, flag_id=8, strength=0.1)

    ordered = arrange([old, A_SILENCE, weaker, A_FALL])

    assert [flag.flag_id for flag in ordered] == [1, 8, 2, 9]
