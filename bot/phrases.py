"""The phrases as they are shipped, read from their files: those of danger, and those of the working alliance."""

from functools import cache
from importlib.resources import files

from alliance.approval import Part, Text, fingerprint
from alliance.crisis import CrisisRules, parse_rules
from alliance.language import LanguageRules, parse_language

_HOUSE = files("alliance")
_LANGUAGE = ("language_", "concern_words_")
_CRISIS_WEIGHTS, _WEIGHTS = "crisis.json", "concern.json"


@cache  # the files are part of the program, and to read them takes most of a start
def shipped_phrases() -> CrisisRules:
    """Every language's list of danger together; raises BrokenRules with the file and line that is wrong."""
    return parse_rules(
        {
            name.removeprefix("crisis_").removesuffix(".toml"): text
            for name, text in _phrase_files().items()
            if name.startswith("crisis_")
        },
        weights=_weights(_CRISIS_WEIGHTS),
    )


@cache
def shipped_language() -> LanguageRules:
    """The rules of withdrawal and confrontation with their word lists and weights; raises BrokenRules as above."""
    texts = {name: text for name, text in _phrase_files().items() if name.startswith(_LANGUAGE)}
    return parse_language({**texts, _WEIGHTS: _weights(_WEIGHTS)})


@cache
def phrases_to_approve() -> tuple[Text, ...]:
    """Both kinds of rules in each language as a clinic signs them off; the weights belong to every language."""
    texts = _phrase_files()
    languages = sorted(name.removeprefix("crisis_").removesuffix(".toml") for name in texts if "crisis_" in name)
    return tuple(
        Text(part=part, language=language, sha256=fingerprint(files))
        for part, kinds, weights in (
            (Part.CRISIS_RULES, ("crisis_",), _CRISIS_WEIGHTS),
            (Part.LANGUAGE_RULES, _LANGUAGE, _WEIGHTS),
        )
        for language in languages
        if (
            files := {f"{kind}{language}.toml": texts[f"{kind}{language}.toml"] for kind in kinds}
            | {weights: _weights(weights)}
        )
    )


def _weights(name: str) -> str:
    return (_HOUSE / "weights" / name).read_text(encoding="utf-8")


def _phrase_files() -> dict[str, str]:
    found = [entry for entry in (_HOUSE / "phrases").iterdir() if entry.name.endswith(".toml")]
    return {entry.name: entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda entry: entry.name)}
