"""Crisis messages are found however they are written, near misses are not, and every hit says why."""

import random
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.resources import files

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from alliance.crisis import BrokenRules, CrisisClass, Degree, Hit, hits, parse_rules, screen
from alliance.crisis_rules import Example, Rule
from alliance.normalise import normalise
from alliance.phrase_file import FEWEST_RULES

LANGUAGES = ("en", "es")
TEXTS = {
    language: (files("alliance") / "phrases" / f"crisis_{language}.toml").read_text(encoding="utf-8")
    for language in LANGUAGES
}
WEIGHTS = (files("alliance") / "weights" / "crisis.json").read_text(encoding="utf-8")
RULES = parse_rules(TEXTS, weights=WEIGHTS)
POSITIVE = [example for rule in RULES.rules for example in rule.examples if not example.is_near_miss]


def degree_of(text: str) -> Degree | None:
    hit = screen(text, RULES)
    return hit.degree if hit else None


def broken(changed: Mapping[str, str]) -> BrokenRules:
    with pytest.raises(BrokenRules) as refused:
        parse_rules({**TEXTS, **changed}, weights=WEIGHTS)
    return refused.value


def english(old: str, new: str) -> dict[str, str]:
    assert old in TEXTS["en"]
    return {"en": TEXTS["en"].replace(old, new, 1)}


# ---- the reviewed sentences ----


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_example_of_a_rule_gets_what_the_list_says(rule: Rule) -> None:
    expected = {example.text: example.expected for example in rule.examples}

    found = {example.text: degree_of(example.text) for example in rule.examples}

    assert found == expected


@pytest.mark.parametrize("rule", RULES.rules, ids=lambda rule: rule.id)
def test_every_positive_example_is_found_by_its_own_rule(rule: Rule) -> None:
    own = [example.text for example in rule.examples if not example.is_near_miss]

    missed = [text for text in own if rule.id not in {hit.rule for hit in hits(text, RULES)}]

    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_language_has_sixty_rules_and_every_class(language: str) -> None:
    own = [rule for rule in RULES.rules if rule.id.startswith(f"{language}.")]

    assert len(own) >= 60
    assert {rule.crisis_class for rule in own} == set(CrisisClass)


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        pytest.param("I attempted last year and failed", Degree.REVIEW_NOW, id="an attempt, unnamed, long ago"),
        pytest.param("I attempted last night", Degree.NOW, id="an attempt, unnamed, just now"),
        pytest.param("I attempted the stairs last night", None, id="an attempt at the stairs"),
        pytest.param("Lo intenté el año pasado y fracasé", Degree.REVIEW_NOW, id="long ago, Spanish"),
        pytest.param("Lo intenté el año pasado y fracasé con la dieta", None, id="at a diet, Spanish"),
        pytest.param("I'm done. I love you all", Degree.NOW, id="done, and love, across a full stop"),
        pytest.param("I love you all\nI'm done", Degree.NOW, id="love, and done, across a line end"),
        pytest.param("I'm done", None, id="done with the questions"),
        pytest.param("I love you all", None, id="love alone"),
        pytest.param("I'm done. I love the new room", None, id="done, and love for a room"),
        pytest.param("He terminado. Os quiero a todos", Degree.NOW, id="done, and love, Spanish"),
        pytest.param("He terminado. Os quiero pedir otra cita", None, id="done, and a request, Spanish"),
    ],
)
def test_a_sentence_once_missed_is_found_and_its_harmless_twin_is_not(text: str, degree: Degree | None) -> None:
    found = degree_of(text)

    assert found == degree


# ---- disguises ----


def between(text: str, joint: str) -> str:
    """Each word's letters with a joint between them, the words further apart."""
    return "  ".join(joint.join(word.replace("'", "")) for word in text.split())


def with_lookalikes(text: str) -> str:
    return text.translate(str.maketrans("aeopcxyi", "\u0430\u0435\u043e\u0440\u0441\u0445\u0443\u0456"))


def stretched(text: str) -> str:
    """One vowel of each word held: "I waaaant to diiiie"."""
    return " ".join(next((w.replace(v, v * 4, 1) for v in "aeiou" if v in w), w) for w in text.split())


def with_leet(text: str) -> str:
    """Vowels as digits, in words long enough to stay words."""
    digits = str.maketrans("oiea", "0134")
    return " ".join(word.translate(digits) if len(word) > 2 else word for word in text.lower().split())


DISGUISES: dict[str, Callable[[str], str]] = {
    "zero-width": "\u200b".join,
    "soft hyphens": "\u00ad".join,
    "fullwidth": lambda text: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text),
    "bold script": lambda text: "".join(chr(0x1D41A + ord(c) - 97) if "a" <= c <= "z" else c for c in text.lower()),
    "struck out": "\u0336".join,
    "spaced": lambda text: between(text, " "),
    "dotted": lambda text: between(text, "."),
    "leet": with_leet,
    "stretched": stretched,
    "lookalikes": with_lookalikes,
    "capitals": str.upper,
    "curly apostrophes": lambda text: text.replace("'", "\u2019"),
    "no apostrophes": lambda text: text.replace("'m ", " am ").replace("n't", "nt"),
    "no accents": lambda text: text.translate(str.maketrans("áéíóúñü¿", "aeiounu ")),
}
RECALL = 0.95  # of the positive examples, under each disguise


@pytest.mark.parametrize("disguise", DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguise_does_not_silence_the_screen(disguise: Callable[[str], str]) -> None:
    disguised = [disguise(example.text) for example in POSITIVE]

    missed = [text for text in disguised if screen(text, RULES) is None]

    assert len(missed) <= (1 - RECALL) * len(disguised), missed


def test_letters_typed_with_equal_gaps_throughout_are_still_read() -> None:
    hit = screen("I w a n t t o d i e", RULES)

    assert hit is not None
    assert (hit.rule, hit.span) == ("en.suicide.want_to_die", (0, 19))


# ---- what lowers, and what never does ----


@pytest.mark.parametrize(
    ("text", "degree"),
    [
        pytest.param("I want to kill myself", Degree.NOW, id="said plainly"),
        pytest.param("I am not going to kill myself", Degree.REVIEW_NOW, id="denied"),
        pytest.param("I would never kill myself", Degree.REVIEW_NOW, id="denied for ever"),
        pytest.param("No, I want to kill myself", Degree.NOW, id="a no before a comma denies nothing"),
        pytest.param("I can not stop thinking of killing myself", Degree.NOW, id="not being able to stop"),
        pytest.param("I don't know why I want to kill myself", Degree.NOW, id="not knowing why"),
        pytest.param("she would kill myself", Degree.REVIEW_NOW, id="somebody else"),
        pytest.param("I tried to kill myself ten years ago", Degree.REVIEW_NOW, id="long ago"),
        pytest.param("I tried to kill myself last night", Degree.NOW, id="last night is not long ago"),
        pytest.param("I want to kill myself lol", Degree.REVIEW_NOW, id="laughed off"),
        pytest.param("this traffic makes me want to die", Degree.REVIEW_NOW, id="idiom"),
        pytest.param("this pain makes me want to die", Degree.NOW, id="pain is no idiom"),
        pytest.param("I never lie. I want to die", Degree.NOW, id="never in another sentence"),
        pytest.param("no quiero morir", Degree.REVIEW_NOW, id="denied, Spanish"),
        pytest.param("no, quiero morir", Degree.NOW, id="a no before a comma, Spanish"),
        pytest.param("he perdido las ganas de vivir", Degree.NOW, id="Spanish he is not English he"),
        pytest.param("I would never hurt anyone. I want to die", Degree.NOW, id="the most urgent counts"),
    ],
)
def test_a_cue_beside_a_hit_lowers_it_and_never_silences_it(text: str, degree: Degree) -> None:
    found = degree_of(text)

    assert found == degree


def test_a_lowered_hit_says_why_it_was_lowered() -> None:
    hit = screen("I would never kill myself", RULES)

    assert hit == Hit(
        crisis_class=CrisisClass.SUICIDE,
        degree=Degree.REVIEW_NOW,
        span=(14, 25),
        rule="en.suicide.kill_myself",
        why="Speaks of killing themselves; less urgent because the words before it deny it.",
    )


def test_an_everyday_phrase_is_silent_and_hides_nothing_beside_it() -> None:
    alone = screen("I shot myself in the foot", RULES)
    beside = screen("I shot myself in the foot, now I will hang myself", RULES)

    assert alone is None
    assert beside is not None
    assert beside.rule == "en.suicide.method"


def test_all_languages_are_tried_on_every_message() -> None:
    mixed = screen("sorry for the late answer, me quiero morir", RULES)

    assert mixed is not None
    assert mixed.rule == "es.suicide.want_to_die"


def test_the_most_urgent_hit_comes_first_whatever_the_order_in_the_text() -> None:
    found = hits("I feel hopeless, my skin is yellow and I took all my tablets at once", RULES)

    awaited = ["en.suicide.attempt_tablets", "en.reaction.liver", "en.suicide.hopeless"]
    assert [hit.rule for hit in found if hit.rule in awaited] == awaited
    assert (found[0].crisis_class, found[0].degree) == (CrisisClass.SUICIDE, Degree.NOW)


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "👍", "5", "fine thank you", "." * 5_000])
def test_nothing_said_is_no_hit(text: str) -> None:
    hit = screen(text, RULES)

    assert hit is None


# ---- any text at all, in linear work ----

PIECES = st.one_of(
    st.sampled_from([example.text for example in POSITIVE]),
    st.sampled_from(["not ", "never ", ". ", "\u200b", "\ud800", "years ago ", "\x00", "ﷺ", " lol"]),
    st.text(st.characters(), max_size=8),
)


@given(st.lists(PIECES, max_size=12).map("".join))
@example("I don't want to be here any more")  # its last word is read as one and as two
def test_the_screen_never_raises_and_its_span_lies_inside_the_text(text: str) -> None:
    found = hits(text, RULES)

    assert all(0 <= hit.span[0] < hit.span[1] <= len(text) for hit in found)
    assert screen(text, RULES) == (found[0] if found else None)


@given(st.sampled_from(POSITIVE), st.text(st.characters(), max_size=40))
def test_words_in_another_sentence_hide_no_hit(example: Example, noise: str) -> None:
    hit = screen(f"{noise}\n{example.text}", RULES)

    assert hit is not None


class CountedSteps(dict[str, int]):
    """A row of the matcher's table that counts how often it is asked."""

    asked = 0

    def get(self, word: str, default: int | None = None, /) -> int | None:  # type: ignore[override]  # one signature is used
        type(self).asked += 1
        return super().get(word, default)


def work(text: str) -> int:
    CountedSteps.asked = 0
    counted = replace(RULES.matcher, steps=tuple(CountedSteps(row) for row in RULES.matcher.steps))
    screen(text, replace(RULES, matcher=counted))
    return CountedSteps.asked


SEEDED = random.Random(20261122)  # noqa: S311  # a test that repeats itself, no secret
VOCABULARY = sorted(RULES.matcher.lexicon.words)


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param("i want to ", id="a beginning without an end"),
        pytest.param("no ", id="nothing but denial"),
        pytest.param("since the new tablets rash after ", id="gaps that keep opening"),
        pytest.param("want to die ", id="nothing but hits"),
        pytest.param("k.il-l!x ", id="broken words"),
        pytest.param("su*c*de ", id="starred words"),
        pytest.param(" ".join(SEEDED.choices(VOCABULARY, k=200)) + " ", id="words of the list at random"),
    ],
)
def test_twice_the_text_is_twice_the_work(unit: str) -> None:
    once, twice = unit * 50, unit * 100

    work_once, work_twice = work(once), work(twice)

    assert work_twice <= 2 * work_once + 50
    assert work_twice <= 8 * len(normalise(twice, RULES.matcher.lexicon).words)


# ---- a list that cannot be trusted is refused ----


def test_the_shipped_list_is_read_and_not_yet_approved() -> None:
    described = (RULES.languages, RULES.approved_by, RULES.approved_on, len(RULES) >= 120, len(RULES.version))

    assert described == (("en", "es"), "", "", True, 12)


def test_a_list_counts_as_approved_only_when_every_language_is_signed() -> None:
    signed = {
        language: text.replace('approved_by = ""', f'approved_by = "Dr {name}"').replace(
            'approved_on = ""', f'approved_on = "2026-11-2{day}"'
        )
        for (language, text), name, day in zip(TEXTS.items(), ("Day", "Cole"), (2, 1), strict=True)
    }

    one, both = parse_rules({**TEXTS, "en": signed["en"]}, weights=WEIGHTS), parse_rules(signed, weights=WEIGHTS)

    assert (one.approved_by, one.approved_on) == ("", "")
    assert (both.approved_by, both.approved_on) == ("Dr Cole, Dr Day", "2026-11-21")


def test_the_version_changes_with_the_words_and_only_then() -> None:
    reworded = english("Says they want to die", "Says that they want to die")

    again, changed = parse_rules(TEXTS, weights=WEIGHTS), parse_rules({**TEXTS, **reworded}, weights=WEIGHTS)

    assert again.version == RULES.version
    assert changed.version != RULES.version


def test_no_list_at_all_is_refused() -> None:
    with pytest.raises(BrokenRules, match="is missing"):
        parse_rules({}, languages=(), weights=WEIGHTS)


def test_a_lost_language_is_refused_by_the_name_of_its_file() -> None:
    with pytest.raises(BrokenRules, match="is missing") as refused:
        parse_rules({"en": TEXTS["en"]}, weights=WEIGHTS)

    assert refused.value.file == "crisis_es.toml"


def test_a_clinic_of_one_language_may_say_so() -> None:
    rules = parse_rules({"en": TEXTS["en"]}, languages=["en"], weights=WEIGHTS)

    assert rules.languages == ("en",)


def test_a_language_more_than_expected_is_screened_too() -> None:
    rules = parse_rules(TEXTS, languages=["en"], weights=WEIGHTS)

    assert rules.languages == ("en", "es")


@pytest.mark.parametrize("crisis_class", list(CrisisClass))
def test_a_shrunken_class_is_refused(crisis_class: CrisisClass) -> None:
    header, *rules = TEXTS["en"].split("[[rule]]\n")
    others = [rule for rule in rules if f'class = "{crisis_class}"' not in rule or "[[cue]]" in rule]

    refused = broken({"en": "[[rule]]\n".join([header, *others])})

    assert f"for {crisis_class}, at least {FEWEST_RULES[crisis_class]} are expected" in refused.what


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param('class = "suicide"', 'class = "sadness"', "no such class", id="unknown class"),
        pytest.param('degree = "now"', 'degree = "later"', "no such class or degree", id="unknown degree"),
        pytest.param('"{think} (dying|being dead)"', '"{thonk} dying"', "no slot called thonk", id="unknown slot"),
        pytest.param('"{think} (dying|being dead)"', '"(dying|being dead"', "left open", id="open bracket"),
        pytest.param('"{think} (dying|being dead)"', '"(dying]"', "pair up", id="wrong bracket"),
        pytest.param('"{think} (dying|being dead)"', '"[dying] [dead]"', "no word at all", id="all optional"),
        pytest.param('"{think} (dying|being dead)"', '"i ..9 die"', "gap over", id="gap too wide"),
        pytest.param('"{think} (dying|being dead)"', '"i (die $|go)"', "very end", id="end mark in the middle"),
        pytest.param('"{think} (dying|being dead)"', '"..2 die"', "empty stretch", id="gap first"),
        pytest.param("en.suicide.not_want_to_live", "en.suicide.want_to_die", "used once", id="id twice"),
        pytest.param("en.suicide.want_to_die", "es.suicide.want_to_die", "begins with its language", id="foreign id"),
        pytest.param('"none: I am dying to see', '"nothing: I am dying to see', "near miss begins", id="no result"),
        pytest.param("examples = [", "exmples = [", "unknown key exmples", id="misspelt key"),
        pytest.param('language = "en"', 'language = "fr"', "another language", id="wrong language"),
        pytest.param('kind = "negation"', 'kind = "mood"', "no such kind of cue", id="unknown cue"),
        pytest.param("before = 0\n", "", "a cue needs before or after", id="cue without a side"),
        pytest.param('why = "Says they want to die', 'why = ""\nnote = "', "unknown key note", id="stray key"),
    ],
)
def test_a_broken_list_is_refused_with_what_is_wrong(old: str, new: str, says: str) -> None:
    refused = broken(english(old, new))

    assert refused.file == "crisis_en.toml"
    assert says in str(refused)


def test_a_broken_pattern_is_named_with_its_line() -> None:
    line = TEXTS["en"][: TEXTS["en"].index('"{think} (dying|being dead)"')].count("\n") + 1

    refused = broken(english('"{think} (dying|being dead)"', '"(dying|being dead"'))

    assert refused.line == line


def test_text_that_is_not_toml_is_refused_with_its_line() -> None:
    refused = broken({"en": 'language = "en"\napproved_by = \n'})

    assert refused.line == 2


def test_a_rule_without_enough_examples_is_refused() -> None:
    refused = broken(english('examples = ["I want to die", ', 'examples = ["I want to die"]\nunread = ['))

    assert refused.line is not None


@pytest.mark.parametrize("text", ["I feel hopeless. With every day more", "No, me duele el pecho"])
def test_an_everyday_phrase_does_not_run_past_an_answer_or_a_full_stop(text: str) -> None:
    assert screen("I feel hopeless with computers", RULES) is None
    assert screen(text, RULES) is not None


def test_what_lowers_a_spanish_hit_is_told_in_spanish() -> None:
    hit = screen("hace años quería morirme", RULES)

    assert hit is not None
    assert hit.why.startswith("Dice que quiere morir; menos urgente porque ")


def test_a_long_text_is_not_read_to_its_end_once_nothing_can_be_more_urgent() -> None:
    crisis = "I want to die. "
    long = crisis + "The weather was fine. " * 1_000

    assert screen(long, RULES) == hits(long, RULES)[0]
    assert screen("The weather was fine. " * 1_000 + crisis, RULES) is not None
