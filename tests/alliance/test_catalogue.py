"""A catalogue is read as Babel reads it, and what is not exactly one is refused with its line."""

from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import alliance
from alliance.catalogue import BrokenWording, read_catalogue
from tests.alliance.small_catalogues import TWO_FORMS, catalogue, hello

LOCALES = Path(alliance.__path__[0]) / "locales"
OURS = sorted((*LOCALES.glob("*/*.pot"), *LOCALES.glob("*/*.po")))


@pytest.mark.parametrize("path", OURS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_our_own_files_are_read_as_babel_reads_them(path: Path) -> None:
    text = path.read_text("utf-8")

    ours = [(entry.key, entry.source, entry.forms) for entry in read_catalogue(text, name=path.name).entries]

    theirs = [(one.context, one.id, one.string) for one in read_po(StringIO(text), abort_invalid=True) if one.id]
    as_tuples = [(key, *((part,) if isinstance(part, str) else part for part in parts)) for key, *parts in theirs]
    assert ours == as_tuples
    assert len(ours) > 30


def test_a_long_sentence_goes_on_over_lines_and_keeps_its_breaks() -> None:
    text = catalogue("es", '\nmsgctxt "a"\nmsgid ""\n"One \\"two\\"\\n"\n"\\tthree\\\\"\nmsgstr ""\n')

    assert read_catalogue(text, name="a.po").entries[0].source == ('One "two"\n\tthree\\',)


def test_what_is_obsolete_and_what_is_noted_counts_for_nothing() -> None:
    noted = '\n# by hand\n#. extracted\n#: code.py:3\n#| msgid "Hi"\n#~ msgid "old"\n#~ msgstr "viejo"\n'

    read = read_catalogue(catalogue("es", noted, hello("Hola {name}"), "\r\n"), name="a.po")

    assert [(entry.key, entry.is_translated) for entry in read.entries] == [("hello", True)]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        pytest.param(catalogue("es", "\nmsgstr Hola\n"), "line 7: this is no line", id="no quotes"),
        pytest.param(catalogue("es", '\nmsgid "a\n'), "line 7: this is no line", id="an open quote"),
        pytest.param(catalogue("es", '\nmsgid "a\\x"\n'), "line 7: this is no line", id="an unknown escape"),
        pytest.param(catalogue("es", '\nmsgid "a" extra\n'), "line 7: this is no line", id="something behind it"),
        pytest.param(catalogue("es", '\n"alone"\n'), "line 7: this is no whole entry", id="text alone"),
        pytest.param(catalogue("es", '\nmsgid "a"\nmsgid "b"\n'), "line 7: this is no whole entry", id="twice in one"),
        pytest.param(catalogue("es", '\nmsgid "a"\nmsgstr "b"\n'), "line 7: an entry needs its key", id="no key"),
        pytest.param(catalogue("es", '\nmsgctxt "k"\nmsgstr "b"\n'), "line 7: this is no whole entry", id="no source"),
        pytest.param(catalogue("es", '\nmsgctxt "k"\nmsgid "a"\n'), "line 7: this is no whole entry", id="no place"),
        pytest.param(
            catalogue("es", '\nmsgctxt "k"\nmsgid "a"\nmsgid_plural "b"\nmsgstr "c"\n'),
            r"line 7: k: msgid_plural and msgstr\[0\]",
            id="a plural without forms",
        ),
        pytest.param(
            catalogue("es", '\nmsgctxt "k"\nmsgid "a"\nmsgstr[0] "c"\n'),
            r"line 7: k: msgid_plural and msgstr\[0\]",
            id="forms without a plural",
        ),
        pytest.param(
            catalogue("es", '\nmsgctxt "k"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[1] "c"\nmsgstr[0] "d"\n'),
            r"line 7: k: msgstr\[0\], msgstr\[1\] and so on are out of order",
            id="forms out of order",
        ),
        pytest.param("# Nothing yet.\n", "line 2: this is no whole entry", id="empty"),
        pytest.param(hello("Hola"), "there is no header", id="no header"),
        pytest.param(catalogue("es") + "\n" + catalogue("es"), "line 7: an entry needs its key", id="two headers"),
    ],
)
def test_a_broken_file_is_refused_with_its_line(text: str, why: str) -> None:
    with pytest.raises(BrokenWording, match=rf"es/a\.po(, |: ){why}"):
        read_catalogue(text, name="es/a.po")


@pytest.mark.parametrize(
    ("plural", "why"),
    [
        pytest.param("", "the header has no Plural-Forms", id="none"),
        pytest.param("nplurals=2; plural=n != 1; import os", "the header has no Plural-Forms", id="more than a rule"),
        pytest.param("nplurals=2; plural=__import__('os');", "cannot be read", id="code"),
        pytest.param("nplurals=2; plural=n/0;", "cannot be read", id="no arithmetic"),
        pytest.param("nplurals=2; plural=n;", "leads to a form that nplurals=2", id="outside"),
    ],
)
def test_plural_forms_that_are_none_are_refused(plural: str, why: str) -> None:
    read = read_catalogue(catalogue("es", plural=plural), name="es/a.po")

    with pytest.raises(BrokenWording, match=rf"es/a\.po: .*{why}"):
        read.plural_rule()


def test_a_plural_rule_says_which_form_stands_for_one_number_alone() -> None:
    rule = read_catalogue(catalogue("en", plural=TWO_FORMS), name="a.pot").plural_rule()

    assert [rule.form_of(number) for number in (0, 1, 2)] == [1, 0, 1]
    assert [rule.may_leave_out_the_number(form) for form in (0, 1)] == [True, False]
