"""The catalogues are in step with their templates, and a translator can begin, finish and keep a language."""

import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po, write_po

from alliance.wording import Wording, parse_wordings

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "scripts" / "catalogues"


def catalogues(*words: str, folder: Path | None = None) -> tuple[int, str]:
    """The status of the command and what it said."""
    where = ("--folder", str(folder)) if folder else ()
    ran = subprocess.run([sys.executable, SCRIPT, *words, *where], capture_output=True, text=True, check=False)
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the templates and of Spanish, of the smaller parts only."""
    for name in ("en/checkin.pot", "es/checkin.po", "en/own.pot", "es/own.po"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(ROOT / "alliance" / "locales" / name, tmp_path / name)
    return tmp_path


def spoken(folder: Path, language: str) -> Wording:
    """The language as the program would read it."""
    languages = [path for path in folder.iterdir() if path.is_dir()]
    files = {path.name: {file.name: file.read_text("utf-8") for file in path.iterdir()} for path in languages}
    return parse_wordings(files).in_language(language)


def translate(file: Path) -> None:
    """Fill in every sentence, as a translator's program does it: it leaves its own layout and header behind."""
    catalog = read_po(StringIO(file.read_text("utf-8")))
    for message in catalog:
        if isinstance(message.id, str):
            message.string = message.string if not message.id else f"Ż{message.id}"
        else:
            message.string = tuple(f"{form}{message.id[1]}" for form in range(catalog.num_plurals))
    with file.open("wb") as written:
        write_po(written, catalog, width=60)


def test_ours_are_in_step_and_complete() -> None:
    assert catalogues("--check") == (0, "en, es: in step and complete\n")


def test_a_language_is_added_translated_and_complete(folder: Path) -> None:
    begun = catalogues("--add", "pl", folder=folder)
    checked = catalogues("--check", folder=folder)
    for file in (folder / "pl").iterdir():
        translate(file)
    kept = catalogues(folder=folder)

    assert begun[0] == 0
    assert (checked[0], "pl: own.pause.days is not translated, and is said in en" in checked[1]) == (1, True)
    assert kept[0] == 0
    assert catalogues("--check", folder=folder) == (0, "en, es, pl: in step and complete\n")
    polish = spoken(folder, "pl-PL")
    assert polish("own.title") == "ŻWhat you can decide"
    assert [polish("own.pause.days", count=count)[0] for count in (1, 2, 5, 22, 25)] == ["0", "1", "2", "1", "2"]


def test_a_changed_source_leaves_the_translation_to_be_looked_at(folder: Path) -> None:
    template = folder / "en" / "own.pot"
    template.write_text(template.read_text("utf-8").replace('msgid "Yes, delete everything"', 'msgid "Yes, delete it"'))

    stale = catalogues("--check", folder=folder)
    catalogues(folder=folder)
    updated = catalogues("--check", folder=folder)

    assert stale[0] == 1
    assert "es/own.po is out of step" in stale[1]
    assert updated == (1, "es: own.forget.yes is not translated, and is said in en\n")
    assert spoken(folder, "es")("own.forget.yes") == "Yes, delete it"
    spanish = (folder / "es" / "own.po").read_text("utf-8")
    assert '#, fuzzy\nmsgctxt "own.forget.yes"' in spanish
    assert 'msgstr "Sí, borrar todo"' in spanish


def test_a_sentence_keeps_its_translation_when_it_moves_and_loses_it_when_it_goes(folder: Path) -> None:
    checkin, own = folder / "en" / "checkin.pot", folder / "en" / "own.pot"
    entry = '#. Read by: patients\nmsgctxt "own.forget.no"\nmsgid "No, keep it"\nmsgstr ""\n'
    own.write_text(own.read_text("utf-8").replace(entry, ""))
    checkin.write_text(f"{checkin.read_text('utf-8')}\n{entry}")
    gone = 'msgctxt "own.forget.yes"\nmsgid "Yes, delete everything"\nmsgstr ""\n'
    own.write_text(own.read_text("utf-8").replace(gone, ""))

    catalogues(folder=folder)

    assert catalogues("--check", folder=folder)[0] == 0
    assert 'msgid "No, keep it"\nmsgstr "No, guardarlo"' in (folder / "es" / "checkin.po").read_text("utf-8")
    assert "own.forget.yes" not in (folder / "es" / "own.po").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        pytest.param(("--add", "es"), "File exists", id="there already"),
        pytest.param(("--add", "klingon"), "klingon", id="no plural forms known"),
    ],
)
def test_what_cannot_be_begun_is_said_in_one_line(folder: Path, words: tuple[str, ...], why: str) -> None:
    status, said = catalogues(*words, folder=folder)

    assert (status, said.count("\n"), why in said) == (2, 1, True)


def test_a_broken_file_is_named_with_its_line(folder: Path) -> None:
    file = folder / "es" / "own.po"
    file.write_text(file.read_text("utf-8").replace('msgstr "Sí, borrar todo"', "msgstr Sí"))

    status, said = catalogues("--check", folder=folder)

    assert status == 2
    assert said.startswith("catalogues: es/own.po, line ")
