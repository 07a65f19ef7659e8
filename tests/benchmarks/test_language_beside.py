"""The page clinicians review is the rules as they are."""

from benchmarks.language.beside import PAGE, beside
from benchmarks.language.read import rules


def test_the_page_for_review_shows_the_rules_as_they_are() -> None:
    assert PAGE.read_text(encoding="utf-8") == beside(rules())


def test_every_rule_stands_there_once_with_both_languages() -> None:
    sections = beside(rules()).split("\n## ")[1:]

    assert len(sections) * 2 == len(rules())
    assert all("| en | es |" in section for section in sections)
