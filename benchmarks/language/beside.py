"""Both languages' rules beside each other, for clinicians to review; `python -m benchmarks.language.beside`."""

from collections.abc import Mapping

from alliance.language_rules import LanguageRule, LanguageRules
from benchmarks.language.read import rules
from benchmarks.report import ROOT

PAGE = ROOT / "docs" / "language_rules.md"
_HEAD = """# Rupture language, rule by rule

English and Spanish beside each other, for review; written from `alliance/phrases/language_*.toml` by
`python -m benchmarks.language.beside`. What a rule must find stands under *finds*, what no rule may find under *not*.
A clinic signs it off with `checkin rules approve`. How rules are used: [language.md](language.md).
"""


def beside(known: LanguageRules) -> str:
    """The page: a section a rule, a column a language."""
    by_name: dict[str, dict[str, LanguageRule]] = {}
    for rule in known.rules:
        by_name.setdefault(rule.id.partition(".")[2], {})[rule.language] = rule
    return "\n".join([_HEAD, *(_section(name, by_language) for name, by_language in by_name.items())])


def _section(name: str, by_language: Mapping[str, LanguageRule]) -> str:
    first = next(iter(by_language.values()))
    rows = [
        "| " + " | ".join(["", *by_language]) + " |",
        "|---" * (len(by_language) + 1) + "|",
        *(
            "| " + " | ".join([said, *("<br>".join(map(_plain, column)) for column in columns)]) + " |"
            for said, columns in (
                ("finds", [rule.examples for rule in by_language.values()]),
                ("not", [rule.near_misses for rule in by_language.values()]),
            )
        ),
    ]
    table = "\n".join(rows)
    return f"## {name}\n\n{first.kind}, {first.domain}, {first.sign.replace('_', ' ')}. {first.why}\n\n{table}\n"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    PAGE.write_text(beside(rules()), encoding="utf-8")
