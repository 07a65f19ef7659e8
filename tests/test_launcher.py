"""How ./checkin starts: the environment it makes, keeps in step and hands over to."""

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

LAUNCHER = Path(__file__).parent.parent / "checkin"
SHELL_TOOLS = ("sh", "cat", "cksum", "dirname", "readlink", "rm", "mv", "touch")
PYTHON = Path(sys.executable).resolve()  # behind this environment: one that can make others
SAYS_HOW_IT_WAS_CALLED = """
import importlib.metadata, json, os, sys
held = {d.name: d.version for d in importlib.metadata.distributions() if d.name.startswith("tiny")}
print(json.dumps({"part": "PART", "said": sys.argv[1:], "cwd": os.getcwd(), "held": held}))
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Clone:
    """A checkout with the real launcher, and a bot that only says how it was called."""

    folder: Path
    tools: Path  # all that its PATH holds
    wheels: Path  # all that its package index holds

    def begin(self, *words: str, cwd: Path | None = None, via: Path | None = None) -> subprocess.Popen[str]:
        environment = {
            "PATH": str(self.tools),
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),  # also shows that pip's settings pass through
            "PIP_ROOT_USER_ACTION": "ignore",
        }
        return subprocess.Popen(
            [via or self.folder / "checkin", *words],
            cwd=cwd or self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def start(self, *words: str, cwd: Path | None = None, via: Path | None = None) -> "Ended":
        return ended(self.begin(*words, cwd=cwd, via=via))

    def ask_for(self, name: str, version: str, *, lock: str = "requirements.lock") -> None:
        wheel = self.wheels / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            archive.writestr(f"{info}/RECORD", "")
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.folder / lock).write_text(f"{name}=={version} --hash=sha256:{digest}\n")

    def put_on_path(self, name: str, script: str) -> None:
        tool = self.tools / name
        tool.unlink(missing_ok=True)
        tool.write_text(f"#!/bin/sh\n{script}\n")
        tool.chmod(0o755)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ended:
    """What one start left behind."""

    status: int
    out: str
    err: str

    def call(self) -> dict[str, object]:
        return json.loads(self.out)


def ended(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=120)
    return Ended(status=process.returncode, out=out, err=err)


def bare_clone(folder: Path) -> Clone:
    clone = Clone(folder=folder / "checkout", tools=folder / "tools", wheels=folder / "wheels")
    for place in ("checkout/bot", "checkout/benchmarks", "tools", "wheels"):
        (folder / place).mkdir(parents=True)
    shutil.copy(LAUNCHER, clone.folder)
    parts = {"bot": "bot/__main__.py", "pytest": "pytest.py", "speed": "benchmarks/speed.py"}
    for part, place in parts.items():
        (clone.folder / place).write_text(SAYS_HOW_IT_WAS_CALLED.replace("PART", part))
    for name in SHELL_TOOLS:
        (clone.tools / name).symlink_to(shutil.which(name) or name)
    clone.put_on_path("python3", f'exec {PYTHON} "$@"')
    clone.ask_for("tiny", "1.0")
    clone.ask_for("tinybench", "1.0", lock="requirements-bench.lock")
    return clone


@pytest.fixture(scope="module")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> tuple[Clone, Ended]:
    clone = bare_clone(tmp_path_factory.mktemp("first"))
    return clone, clone.start("demo", "--seed", "7 8")


@pytest.fixture
def clone(first_start: tuple[Clone, Ended], tmp_path: Path) -> Clone:
    """A clone that has been started before, free to be spoilt."""
    used = first_start[0]
    shutil.copytree(used.folder.parent, tmp_path / "used", symlinks=True)
    used_by_one = {place: tmp_path / "used" / place for place in ("tools", "wheels")}
    return replace(used, folder=tmp_path / "used" / "checkout", **used_by_one)


def test_the_first_start_says_one_line_and_runs_the_command_line(first_start: tuple[Clone, Ended]) -> None:
    clone, start = first_start

    assert start.err == "checkin: setting up (first run, about half a minute)...\n"
    assert start.call() == {
        "part": "bot",
        "said": ["demo", "--seed", "7 8"],
        "cwd": str(clone.folder),
        "held": {"tiny": "1.0"},
    }


def test_a_start_with_nothing_to_do_is_quiet_and_needs_no_index(clone: Clone) -> None:
    shutil.rmtree(clone.wheels)
    (clone.tools / "python3").unlink()

    start = clone.start("check")

    assert (start.status, start.err) == (0, "")


def test_a_changed_lock_is_installed_before_anything_runs(clone: Clone) -> None:
    clone.ask_for("tiny", "2.0")

    start = clone.start("check")

    assert start.err == "checkin: setting up (bringing .venv in step with the locks)...\n"
    assert start.call()["held"] == {"tiny": "2.0"}


def test_an_environment_that_was_left_half_made_is_not_trusted(clone: Clone) -> None:
    (clone.folder / ".venv" / "requirements.lock.stamp").unlink()

    start = clone.start("check")

    assert start.status == 0
    assert "setting up" in start.err


def test_a_package_with_another_hash_is_refused_again_and_again(clone: Clone) -> None:
    clone.ask_for("tiny", "2.0")
    lock = clone.folder / "requirements.lock"
    lock.write_text(f"tiny==2.0 --hash=sha256:{'0' * 64}\n")

    starts = [clone.start("check"), clone.start("check")]

    assert [(start.status, start.out) for start in starts] == [(2, ""), (2, "")]
    assert "checkin: could not install requirements.lock; the lines above say why" in starts[1].err


def test_two_starts_at_once_install_once(clone: Clone) -> None:
    clone.ask_for("tiny", "2.0")

    both = [clone.begin("check"), clone.begin("check")]
    starts = [ended(one) for one in both]

    assert [start.call()["held"] for start in starts] == [{"tiny": "2.0"}, {"tiny": "2.0"}]
    assert sorted("setting up" in start.err for start in starts) == [False, True]


def test_a_start_through_symbolic_links_stays_where_the_caller_stands(clone: Clone, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    (elsewhere / "bot").mkdir(parents=True)
    (elsewhere / "bot" / "__main__.py").write_text("raise SystemExit('not ours')")
    (elsewhere / "far").symlink_to(clone.folder / "checkin")
    (elsewhere / "near").symlink_to("far")

    start = clone.start("check", cwd=elsewhere, via=elsewhere / "near")

    assert start.call() == {"part": "bot", "said": ["check"], "cwd": str(elsewhere), "held": {"tiny": "1.0"}}


def test_the_word_test_runs_the_tests_in_the_checkout(clone: Clone, tmp_path: Path) -> None:
    start = clone.start("test", "-k", "a name", cwd=tmp_path)

    assert start.call() == {
        "part": "pytest",
        "said": ["-k", "a name"],
        "cwd": str(clone.folder),
        "held": {"tiny": "1.0", "tinybench": "1.0"},  # what is measured is tested as well
    }


def test_the_word_bench_adds_its_own_lock(clone: Clone) -> None:
    start = clone.start("bench", "speed", "--quick")

    call = start.call()
    assert (call["part"], call["said"]) == ("speed", ["--quick"])
    assert call["held"] == {"tiny": "1.0", "tinybench": "1.0"}


@pytest.mark.parametrize("words", [("bench",), ("bench", "no-such-thing")], ids=["no name", "unknown name"])
def test_a_benchmark_that_is_not_there_is_named_in_one_line(clone: Clone, words: tuple[str, ...]) -> None:
    start = clone.start(*words)

    assert (start.status, start.out, start.err.count("\n")) == (2, "", 1)
    assert "there is no benchmark" in start.err


PRETENDING = 'exec {python} -c "import sys; {lie}; exec(sys.argv[1])" "$2"'


@pytest.mark.parametrize(
    ("python3", "named"),
    [
        pytest.param("exit 127", "Python 3.11 or newer is missing (on Debian", id="none"),
        pytest.param("sys.version_info = (3, 9, 2)", "Python 3.11 or newer is missing (found 3.9)", id="too old"),
        pytest.param("sys.modules['ensurepip'] = None", "python3-venv is missing", id="no venv"),
    ],
)
def test_what_the_machine_lacks_is_named_in_one_line(tmp_path: Path, python3: str, named: str) -> None:
    clone = bare_clone(tmp_path)
    lies = python3.startswith("sys")
    clone.put_on_path("python3", PRETENDING.format(python=PYTHON, lie=python3) if lies else python3)

    start = clone.start("demo")

    assert (start.status, start.out, start.err.count("\n")) == (2, "", 1)
    assert start.err.startswith(f"checkin: {named}")
    assert not (clone.folder / ".venv").exists()


def test_a_python_that_does_not_serve_is_passed_over_for_one_that_does(clone: Clone) -> None:
    clone.put_on_path("python3", "exit 127")
    clone.put_on_path("python3.12", f'exec {PYTHON} "$@"')
    clone.ask_for("tiny", "2.0")

    assert clone.start("check").call()["held"] == {"tiny": "2.0"}


def test_uv_is_used_when_there_is_one(clone: Clone) -> None:
    clone.put_on_path("uv", f'echo "$UV_PYTHON_DOWNLOADS $@" >>"{clone.tools}/uv.said"')
    clone.ask_for("tiny", "2.0")

    clone.start("check")

    python = clone.folder / ".venv/bin/python"
    *_, said = (clone.tools / "uv.said").read_text().splitlines()
    assert said == f"never pip sync --quiet --require-hashes --python {python} requirements.lock"


def test_a_uv_that_fails_leaves_the_work_to_pip(clone: Clone) -> None:
    clone.put_on_path("uv", '[ "$1" = --version ]')
    clone.ask_for("tiny", "2.0")

    assert clone.start("check").call()["held"] == {"tiny": "2.0"}
