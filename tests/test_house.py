"""What holds the house: names, docstrings, import directions, locks and words that stay out."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PACKAGES = tuple(PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
REQUIRED = (
    *("bot/__main__.py", "handlers/__init__.py", "storage/__init__.py", "tests", ".env.example"),
    *("pyproject.toml", "Dockerfile", "README.md", "LICENSE", "checkin", ".ci/run"),
)
LOCKS = ("requirements.lock", "requirements-bench.lock")
NAMELESS = frozenset({"utils", "helpers", "common", "models", "services"})
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|tmp|home|Users)\b(?!-)")


def house_files() -> list[Path]:
    """Every file that git tracks or would track; without git, every file that is not a by-product."""
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    asked = None
    if shutil.which("git"):
        asked = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=False)
    if asked is not None and asked.returncode == 0 and asked.stdout:
        named = [ROOT / name for name in asked.stdout.split("\0") if name]
    else:
        by_products = [".git", *(line.strip("/") for line in (ROOT / ".gitignore").read_text().split())]
        named = [file for file in ROOT.rglob("*") if not matches(inside(file).parts, by_products)]
    return sorted(file for file in named if file.is_file())


def modules(*folders: str) -> list[Path]:
    return [file for file in house_files() if file.suffix == ".py" and inside(file).parts[0] in folders]


def matches(parts: tuple[str, ...], patterns: list[str]) -> bool:
    return any(fnmatch(part, pattern) for part in parts for pattern in patterns)


def inside(file: Path) -> Path:
    return file.relative_to(ROOT)


def public_without_docstring(source: str, *, kinds: tuple[type[ast.AST], ...]) -> list[str]:
    return [
        node.name
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and isinstance(node, kinds)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]


def words_in_code(source: str) -> Iterator[str]:
    """Names, keyword arguments and strings, but no comment or docstring: those may say what is not done."""
    tree = ast.parse(source)
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=word) | ast.Attribute(attr=word) | ast.keyword(arg=str(word)) | ast.arg(arg=word):
                yield word
            case ast.Constant(value=str(word)) if id(node) not in prose:
                yield word
            case ast.Constant(value=bytes(raw)):
                yield raw.decode(errors="replace")
            case _:
                pass


def says(word: str, source: str) -> bool:
    return any(word in said for said in words_in_code(source))


def machine_paths(text: str) -> list[str]:
    return [found.group() for found in MACHINE_PATH.finditer(text)]


def locked(text: str) -> dict[str, str]:
    """Package and version of each entry of a lock; refuses what is not pinned, hashed and without address."""
    entries = re.sub(r"\\\n", " ", re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)).splitlines()
    pins: dict[str, str] = {}
    for entry in filter(None, (line.strip() for line in entries)):
        pin = re.fullmatch(r"([\w.\[\],-]+)==([\w.!+]+)( ; [^@:]+?)?((?:\s+--hash=sha256:[0-9a-f]{64})+)", entry)
        if pin is None:
            raise ValueError(entry)
        pins[canonicalize_name(pin[1].partition("[")[0])] = pin[2]
    return pins


def unlocked(wanted: Iterable[str], pins: dict[str, str]) -> list[str]:
    return [text for text in wanted if not is_locked(Requirement(text), pins)]


def is_locked(wanted: Requirement, pins: dict[str, str]) -> bool:
    pin = pins.get(canonicalize_name(wanted.name))
    return pin is not None and wanted.specifier.contains(pin, prereleases=True)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    call = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", call, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", REQUIRED)
def test_what_a_colleague_looks_for_first_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_no_file_has_a_name_that_says_nothing() -> None:
    assert [inside(file) for file in house_files() if NAMELESS & set(inside(file).with_suffix("").parts)] == []


def test_every_module_opens_by_saying_what_it_is_for() -> None:
    files = modules(*PACKAGES, "tests", "benchmarks")

    assert [inside(file) for file in files if not ast.get_docstring(ast.parse(file.read_text()))] == []


def test_everything_public_in_the_alliance_makes_its_promise() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)

    silent = {inside(file): public_without_docstring(file.read_text(), kinds=kinds) for file in modules("alliance")}

    assert {file: names for file, names in silent.items() if names} == {}


def test_every_public_function_of_storage_and_workflows_makes_its_promise() -> None:
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    files = [file for file in modules("storage", "workflows") if "migrations" not in file.parts]

    silent = {inside(file): public_without_docstring(file.read_text(), kinds=kinds) for file in files}

    assert {file: names for file, names in silent.items() if names} == {}


def test_a_public_name_without_a_docstring_is_noticed() -> None:
    source = 'def due(): return 1\ndef _private(): ...\ndef said():\n    """Says."""\nclass Flag: ...\n'

    assert public_without_docstring(source, kinds=(ast.FunctionDef,)) == ["due"]
    assert public_without_docstring(source, kinds=(ast.FunctionDef, ast.ClassDef)) == ["due", "Flag"]


@pytest.mark.parametrize(
    "word",
    [
        pytest.param("drop_pending_updates", id="throws patients' messages away"),
        pytest.param("parse_mode", id="one bad character loses the message; entities cannot fail so"),
    ],
)
def test_a_dangerous_option_of_telegram_is_said_nowhere(word: str) -> None:
    # the sandbox is Telegram's side: it must know what it refuses
    files = modules(*(package for package in PACKAGES if package != "sandbox"))

    assert [inside(file) for file in files if says(word, file.read_text())] == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        pytest.param("bot.start(parse_mode=HTML)", True, id="keyword"),
        pytest.param("body = {'parse_mode': 'HTML'}", True, id="key"),
        pytest.param('body = b\'{"parse_mode":"HTML"}\'', True, id="ready-made JSON"),
        pytest.param('"""Never with parse_mode."""  # parse_mode loses digests', False, id="prose"),
    ],
)
def test_a_dangerous_option_is_noticed_in_code_but_not_in_prose(source: str, found: bool) -> None:
    assert says("parse_mode", source) is found


def test_imports_point_one_way() -> None:
    looked = lint_imports(ROOT)

    assert looked.returncode == 0, looked.stdout + looked.stderr


def test_an_import_against_the_direction_is_noticed(tmp_path: Path) -> None:
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").touch()
    (tmp_path / "alliance" / "cadence.py").write_text("import storage\n")

    looked = lint_imports(tmp_path)

    assert looked.returncode == 1
    assert "Imports point one way BROKEN" in looked.stdout


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    texts = {inside(file): file.read_text(errors="replace") for file in house_files()}

    assert {file: found for file, text in texts.items() if (found := machine_paths(text))} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("open('/{}/notes')", True, id="quoted"),
        pytest.param("cd /{}", True, id="bare"),
        pytest.param("https://example.org/{}/page", False, id="part of an address"),
        pytest.param("docs/{}/page", False, id="relative"),
    ],
)
def test_a_place_on_a_machine_is_noticed(text: str, found: bool) -> None:
    assert bool(machine_paths(text.format("tmp"))) is found


def test_the_locks_hold_what_the_project_asks_for_and_agree() -> None:
    groups = PROJECT["dependency-groups"]
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["postgres"]]

    main, bench = (locked((ROOT / lock).read_text()) for lock in LOCKS)

    assert unlocked([*wanted, *groups["dev"]], main) == []
    assert unlocked(groups["bench"], bench) == []
    assert {name: version for name, version in bench.items() if main.get(name, version) != version} == {}


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param("tiny==1.0", id="no hash"),
        pytest.param("tiny>=1.0 --hash=sha256:" + "0" * 64, id="not pinned"),
        pytest.param("tiny @ https://example.org/tiny.whl --hash=sha256:" + "0" * 64, id="an address"),
        pytest.param("--index-url https://example.org/simple", id="an index"),
    ],
)
def test_a_lock_that_leaves_something_open_is_noticed(entry: str) -> None:
    with pytest.raises(ValueError, match=r"tiny|index"):
        locked(f"# via nobody\n{entry}\n")


def test_a_requirement_outside_the_lock_is_noticed() -> None:
    assert unlocked(["tiny>=2", "Tiny[fast]~=1.0", "huge"], {"tiny": "1.4"}) == ["tiny>=2", "huge"]


def test_the_image_holds_every_package_and_no_more() -> None:
    copied = re.findall(r"^COPY (\w+) \1$", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    admitted = re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), re.MULTILINE)

    assert sorted(copied) == sorted(admitted) == sorted(PACKAGES)


@pytest.mark.parametrize("script", ["checkin", "scripts/check", "scripts/lock", ".ci/run"])
def test_a_script_can_be_started_and_read(script: str) -> None:
    file = ROOT / script
    shell = file.read_text().splitlines()[0].split("/")[-1].removeprefix("env ")

    assert file.stat().st_mode & 0o111 == 0o111
    assert subprocess.run([shell, "-n", file], check=False).returncode == 0
