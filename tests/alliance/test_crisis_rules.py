"""How a phrase list is written: fillers, guarded words, signs, the manifest, and what the linter refuses."""

import tomllib
from collections.abc import Mapping
from importlib.resources import files

import pytest

from alliance.crisis import BrokenRules, CrisisRules, Degree, hits, parse_rules, screen
from alliance.normalise import normalise
from alliance.phrase_manifest import expected_rules
from alliance.spelling import Lexicon
from bot.phrases import shipped_phrases

TEXTS = {
    language: (files("alliance") / "phrases" / f"crisis_{language}.toml").read_text(encoding="utf-8")
    for language in ("en", "es")
}
WEIGHTS = (files("alliance") / "weights" / "crisis.json").read_text(encoding="utf-8")
RULES = shipped_phrases()
SIGNS = "en.suicide.signs_together"


def changed(old: str, new: str) -> Mapping[str, str]:
    assert old in TEXTS["en"]
    return {**TEXTS, "en": TEXTS["en"].replace(old, new, 1)}


def refused(texts: Mapping[str, str]) -> BrokenRules:
    with pytest.raises(BrokenRules) as broken:
        parse_rules(texts, weights=WEIGHTS)
    return broken.value


def with_first_pattern(pattern: str) -> Mapping[str, str]:
    return changed("patterns = [\n", f'patterns = [\n  "{pattern}",\n')


def rules_found(text: str, rules: CrisisRules = RULES) -> set[str]:
    return {hit.rule for hit in hits(text, rules)}


# ---- fillers and guarded words ----


@pytest.mark.parametrize(
    "text",
    [
        "I want to die",
        "I really just want to die",
        "honestly I literally fucking want to actually die",
        "i so want to die tbh",
    ],
)
def test_words_that_carry_no_meaning_part_no_phrase(text: str) -> None:
    hit = screen(text, RULES)

    assert hit is not None
    assert hit.rule == "en.suicide.want_to_die"


def test_a_filler_is_left_out_and_the_other_words_know_where_they_stood() -> None:
    lexicon = Lexicon.of(["want", "die"], fillers=["really"])

    reading = normalise("want really die", lexicon)

    assert (reading.words, reading.spans) == (("want", "die"), ((0, 4), (12, 15)))


@pytest.mark.parametrize("typed", ["sucide", "suciide", "suicied", "s*icide", "su*c*de", "suicidee"])
def test_a_guarded_word_is_known_misspelt_and_starred(typed: str) -> None:
    lexicon = Lexicon.of([], guarded=["suicide"])

    assert normalise(typed, lexicon).words == ("suicide",)


def test_a_misspelling_that_is_a_word_of_its_own_stays_one() -> None:
    lexicon = Lexicon.of(["attempts"], guarded=["attempt"])

    assert normalise("attempts", lexicon).words == ("attempts",)


def test_a_year_is_told_from_other_numbers_and_is_a_number_too() -> None:
    long_ago, soon = screen("I overdosed in 2015", RULES), screen("I will overdose in 20 minutes", RULES)

    assert long_ago is not None
    assert soon is not None
    assert (long_ago.degree, soon.degree) == (Degree.REVIEW_NOW, Degree.NOW)


# ---- signs ----


def test_signs_that_are_common_alone_mean_something_together() -> None:
    alone = screen("I feel so alone today", RULES)
    together = screen("I feel so alone today. I am such a failure and nothing will ever change.", RULES)

    assert alone is None
    assert together is not None
    assert (together.rule, together.degree) == (SIGNS, Degree.REVIEW_NOW)


def test_one_sign_said_often_is_one_sign() -> None:
    assert screen("so alone, all alone, I feel alone, being alone", RULES) is None


def test_the_words_of_a_sign_hit_reach_from_the_first_to_the_last_sign() -> None:
    text = "Hello. I am so tired of everything. Nobody cares and nothing ever changes. Bye"

    hit = next(hit for hit in hits(text, RULES) if hit.rule == SIGNS)

    assert text[hit.span[0] : hit.span[1]] == "I am so tired of everything. Nobody cares and nothing ever changes"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        pytest.param("signs = 4", "signs = 1", "signs of a weight", id="one sign is none"),
        pytest.param("signs = 4", 'signs = 4\npatterns = ["i want to die"]', "either patterns", id="both kinds"),
        pytest.param("weight = 3", "weight = 9", "a sign weighs", id="one sign outweighs all"),
    ],
)
def test_a_sign_that_would_speak_alone_is_refused(old: str, new: str, says: str) -> None:
    assert says in refused(changed(old, new)).what


# ---- what surrounds a hit ----


def test_an_everyday_ending_takes_a_phrase_back() -> None:
    assert screen("I'm hopeless", RULES) is not None
    assert screen("I'm hopeless with computers", RULES) is None


def test_a_phrase_inside_one_that_is_long_past_is_past_as_well() -> None:
    hit = screen("years ago I tried to kill myself", RULES)

    assert hit is not None
    assert hit.degree is Degree.REVIEW_NOW
    assert "less urgent because it seems to be in the past" in hit.why


def test_a_hit_of_today_beside_one_long_past_is_not_lowered() -> None:
    hit = screen("years ago I tried to kill myself. I want to die today", RULES)

    assert hit is not None
    assert (hit.rule, hit.degree) == ("en.suicide.want_to_die", Degree.NOW)


# ---- a list that lost something, or became too wide ----


def test_the_manifest_names_every_english_rule_and_no_other() -> None:
    shipped = {rule.id for rule in RULES.rules if rule.language == "en"}

    assert shipped == expected_rules("en")


@pytest.mark.parametrize("lost", ["en.suicide.rehearsal", "en.abuse.child_in_danger"])
def test_a_list_that_lost_one_rule_is_refused_by_its_name(lost: str) -> None:
    header, *rules = TEXTS["en"].split("[[rule]]\n")
    kept = [rule for rule in rules if f'id = "{lost}"' not in rule]

    broken = refused({**TEXTS, "en": "[[rule]]\n".join([header, *kept])})

    assert len(kept) == len(rules) - 1
    assert broken.what.startswith(f"{lost} was lost")


def test_a_clinics_own_rule_more_is_welcome() -> None:
    own = TEXTS["en"].replace(
        "[[rule]]\n",
        '[[rule]]\nid = "en.suicide.our_river"\nclass = "suicide"\ndegree = "now"\n'
        'patterns = ["down to our river tonight"]\nwhy = "Names the river."\n'
        'examples = ["down to our river tonight", "I go down to our river tonight", "Down to our river tonight"]\n'
        'near_misses = ["none: the river is cold", "none: our river is long"]\n\n[[rule]]\n',
        1,
    )

    rules = parse_rules({**TEXTS, "en": own}, weights=WEIGHTS)

    assert rules_found("I will go down to our river tonight", rules) >= {"en.suicide.our_river"}


@pytest.mark.parametrize(
    "pattern",
    [
        pytest.param("i am", id="two words of every message"),
        pytest.param("(die|the) ", id="one way too many"),
        pytest.param("i [want] [to] [die]", id="all that says something is optional"),
        pytest.param("od", id="two letters"),
    ],
)
def test_a_pattern_that_ordinary_messages_match_is_refused(pattern: str) -> None:
    broken = refused(with_first_pattern(pattern))

    assert pattern.strip() in str(broken)
    assert broken.line is not None


def test_a_pattern_that_says_something_is_taken() -> None:
    assert parse_rules(with_first_pattern("i want to float away tonight"), weights=WEIGHTS)


def test_every_rule_says_why_in_one_sentence_for_a_clinician() -> None:
    for language, text in TEXTS.items():
        for rule in tomllib.loads(text)["rule"]:
            assert rule["why"].endswith("."), (language, rule["id"])
            assert "\n" not in rule["why"]
