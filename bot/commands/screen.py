"""`checkin screen`: what the rules make of messages, one on each line, so that a safety officer can try phrases."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, BinaryIO

import typer

from alliance.crisis import BrokenRules, CrisisRules, Hit
from alliance.crisis import screen as screened
from alliance.language import LanguageMarker, read
from bot.phrases import shipped_language, shipped_phrases

LONGEST_LINE = 1_048_576  # bytes; a book is no message, and what is read must fit into memory
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One message; `problem` says in a sentence why it may not be what was meant."""

    text: str
    problem: str | None


def screen(
    lang: Annotated[
        str | None, typer.Option(help="The patient's language; a hit in any other counts all the same.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="One JSON object for each line.")] = False,
) -> None:
    """Read messages on standard input, one a line, and say what the crisis screen makes of each, and why.

    Exit status 1 if a line could not be read as it is, 2 if there is nothing to screen with.
    """
    if lang is not None and not _LANGUAGE.fullmatch(lang):
        raise _given_up(f"--lang takes a language such as en or es, not {lang!r}")
    try:
        rules, _ = shipped_phrases(), shipped_language()
    except BrokenRules as broken:
        raise _given_up(str(broken)) from None
    language = (lang or "en").partition("-")[0]
    unscreened = lang is not None and lang.partition("-")[0] not in rules.languages
    if unscreened:
        _complain(f"there are no rules for {lang}: its messages are read by people only; tried in all other languages")
    problems = 0
    try:
        for line in _lines(sys.stdin.buffer):
            problems += line.problem is not None
            if json_:
                said = json.dumps(_answer(line, rules, language=language, unscreened=unscreened))
            else:
                said = _in_words(line, rules, language=language)
            sys.stdout.write(f"{said}\n")
            sys.stdout.flush()  # somebody may be typing
    except BrokenPipeError:  # whoever read has seen enough
        sys.stderr.close()
    raise typer.Exit(1 if problems else 0)


def _lines(stream: BinaryIO) -> Iterator[Line]:
    """The stream's lines, never more than one in memory; only the beginning of a line that is a book."""
    while raw := stream.readline(LONGEST_LINE + 1):
        problem = None
        if len(raw) > LONGEST_LINE and not raw.endswith(b"\n"):
            problem = f"longer than {LONGEST_LINE} bytes: only the beginning was screened"
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            text = raw.decode("utf-8", "replace")
            problem = problem or "not UTF-8: what could be read of it was screened"
        yield Line(text=text.removesuffix("\n").removesuffix("\r"), problem=problem)


def _answer(line: Line, rules: CrisisRules, *, language: str, unscreened: bool) -> dict[str, object]:
    """What the rules say about one message, for programs. Everything said about a message is put together here."""
    hit, reading = screened(line.text, rules), read(line.text, shipped_language(), language=language)
    answer: dict[str, object] = {
        "text": line.text,
        "crisis": hit and _crisis(hit),
        "markers": [_marker(marker) for marker in reading.markers],
        "scores": {domain: round(score, 4) for domain, score in reading.scores.items()},
    }
    if unscreened:
        answer["unscreened"] = True
    if line.problem:
        answer["problem"] = line.problem
    return answer


def _crisis(hit: Hit) -> dict[str, object]:
    return {
        "class": hit.crisis_class,
        "degree": hit.degree,
        "span": list(hit.span),
        "rule": hit.rule,
        "why": hit.why,
    }


def _marker(marker: LanguageMarker) -> dict[str, object]:
    return {
        "kind": marker.kind,
        "domain": marker.domain,
        "span": list(marker.span),
        "rule": marker.rule,
        "why": marker.why,
    }


def _in_words(line: Line, rules: CrisisRules, *, language: str) -> str:
    """One line for people: class, degree, the words that were found, the rule, and why; then signs of a rupture."""
    hit = screened(line.text, rules)
    said = "nothing found"
    if hit:
        first, beyond = hit.span
        words = "".join(map(_shown, line.text[first:beyond]))
        said = f'{hit.crisis_class}  {hit.degree}  "{words}"  {hit.rule}  {hit.why}'
    for marker in read(line.text, shipped_language(), language=language).markers:
        words = "".join(map(_shown, line.text[slice(*marker.span)]))
        said += f' | possible {marker.kind}, {marker.domain}  "{words}"  {marker.rule}  {marker.why}'
    return f"{said}  ({line.problem})" if line.problem else said


def _shown(character: str) -> str:
    """What steers a terminal or turns writing round is named, never obeyed."""
    return character if character.isprintable() else f"\\u{ord(character):04x}"


def _complain(why: str) -> None:
    sys.stderr.write(f"checkin: {why}\n")


def _given_up(why: str) -> typer.Exit:
    _complain(why)
    return typer.Exit(2)
