"""Rupture-language files, read with suspicion: phrase rules, word lists and the model's numbers."""

import hashlib
import re
from collections.abc import Mapping, Sequence

from alliance.concern_model import BrokenModel, ConcernModel, read_model
from alliance.concern_words import WordLists, word_lists
from alliance.items import Domain
from alliance.kind import RuptureKind
from alliance.language_rules import Harmless, LanguageRule, LanguageRules, Meaning, Sign, Silencer
from alliance.phrase_pattern import PatternReader
from alliance.phrase_weaver import Weaver
from alliance.rule_file import BrokenRules, PhraseFile, RuleFile, Table, signed_off
from alliance.spelling import Lexicon

RULES, WORDS, MODEL = "language", "concern_words", "concern.json"  # language_en.toml, concern_words_en.toml
SHIPPED = ("en", "es")
FEWEST_RULES = 30  # a language; a list that lost this much was cut by accident
FEWEST_EXAMPLES, FEWEST_NEAR_MISSES = 4, 4
_KEYS = {"language", "approved_by", "approved_on", "sources", "slots", "rule", "silencer", "harmless"}


def parse_language(texts: Mapping[str, str]) -> LanguageRules:
    """Read the files, given as their text by file name ("language_en.toml", "concern_words_en.toml", "concern.json").

    Raises BrokenRules, naming the file and where possible the line, for a file that is missing, unreadable, shrunken,
    or holds something unknown, doubled or unproven by examples.
    """
    languages = sorted({*SHIPPED, *(_language_of(name) for name in texts if name.startswith(f"{RULES}_"))})
    reader, weaver = PatternReader(), Weaver[Meaning]()
    phrases = [_Phrases(*_given(texts, f"{RULES}_{language}.toml"), language) for language in languages]
    rules = [rule for file in phrases for rule in file.rules(reader, weaver)]
    words = tuple(_words(RuleFile(*_given(texts, f"{WORDS}_{language}.toml")), language) for language in languages)
    approved_by, approved_on = signed_off([*phrases])
    fingerprint = hashlib.sha256(repr(sorted(texts.items())).encode("utf-8", "backslashreplace"))
    return LanguageRules(
        version=fingerprint.hexdigest()[:12],
        languages=tuple(languages),
        approved_by=approved_by,
        approved_on=approved_on,
        rules=tuple(rules),
        matcher=weaver.matcher(Lexicon.of(weaver.words)),
        words=words,
        model=_model(texts),
    )


def _language_of(name: str) -> str:
    return name.removeprefix(f"{RULES}_").removesuffix(".toml")


def _given(texts: Mapping[str, str], name: str) -> tuple[str, str]:
    if name not in texts:
        raise BrokenRules(file=name, what="it is missing, so nobody who writes in its language would be understood")
    return name, texts[name]


def _model(texts: Mapping[str, str]) -> ConcernModel:
    if MODEL not in texts:
        raise BrokenRules(file=MODEL, what="it is missing, so no message would be weighed")
    try:
        return read_model(texts[MODEL])
    except BrokenModel as broken:
        raise BrokenRules(file=MODEL, what=broken.what, line=broken.line) from broken


def _words(file: RuleFile, language: str) -> WordLists:
    file.only(file.top, {"language", "common", "lists"})
    file.is_in(language)
    entries: dict[str, Sequence[str]] = {}
    for name, table in file.table(file.top.get("lists"), "lists").items():
        listed = file.table(table, name)
        file.only(listed, {"about", "words"}, at=f"lists.{name}")
        entries[name] = _between_commas(file.text_of(listed, "words", at=name))
    common = _between_commas(file.text_of(file.top, "common"))
    try:
        return word_lists(language, entries, common=common)
    except ValueError as wrong:
        entry = re.search(r"'(.+)'", str(wrong))
        raise file.broken(str(wrong), at=entry[1] if entry else None) from wrong


def _between_commas(text: str) -> list[str]:
    return [entry.strip() for entry in " ".join(text.split()).split(",") if entry.strip()]


class _Phrases(PhraseFile):
    """One language's phrase rules on their way into the weaver."""

    def rules(self, reader: PatternReader, weaver: Weaver[Meaning]) -> list[LanguageRule]:
        """Every rule of this file, its patterns, silencers and harmless phrases handed to the weaver."""
        self.only(self.top, _KEYS)
        self.read_slots(reader)
        rules = [self._rule(table, weaver) for table in self.tables("rule")]
        self.each_once((rule.id for rule in rules), language=self.language)
        if len(rules) < FEWEST_RULES:
            raise self.broken(f"only {len(rules)} rules, at least {FEWEST_RULES} are expected")
        for table in self.tables("silencer"):
            self.weave(table, self._silencer(table), weaver)
        for table in self.tables("harmless"):
            self.only(table, {"patterns"})
            self.weave(table, Harmless(language=self.language), weaver)
        return rules

    def _rule(self, table: Table, weaver: Weaver[Meaning]) -> LanguageRule:
        name = self.text_of(table, "id")
        keys = {"id", "kind", "domain", "sign", "whole", "patterns", "why", "examples", "near_misses"}
        self.only(table, keys, at=name)
        kind, domain, sign = (self.text_of(table, key, at=name) for key in ("kind", "domain", "sign"))
        if kind not in tuple(RuptureKind) or domain not in tuple(Domain) or sign not in tuple(Sign):
            raise self.broken(f"{name}: no such kind, domain or sign", at=name)
        rule = LanguageRule(
            id=name,
            language=self.language,
            kind=RuptureKind(kind),
            domain=Domain(domain),
            sign=Sign(sign),
            why=self.text_of(table, "why", at=name),
            is_whole=table.get("whole") is True,
            examples=self.strings(table, "examples", at=name),
            near_misses=self.strings(table, "near_misses", at=name),
        )
        if len(set(rule.examples)) < FEWEST_EXAMPLES or len(set(rule.near_misses)) < FEWEST_NEAR_MISSES:
            wanted = f"{FEWEST_EXAMPLES} examples and {FEWEST_NEAR_MISSES} near misses"
            raise self.broken(f"{name}: needs {wanted}", at=name)
        self.weave(table, rule, weaver)
        return rule

    def _silencer(self, table: Table) -> Silencer:
        self.only(table, {"before", "after", "patterns", "why"})
        before, after = self.beside(table, "silencer", at=self.text_of(table, "why"))
        return Silencer(language=self.language, before=before, after=after)
