"""The .env file a new clinic starts with: every setting with its meaning, filled in where there is an answer."""

import re
from collections.abc import Mapping
from pathlib import Path

SHIPPED = Path(__file__).parent.parent / ".env.example"


def written(example: Path, answers: Mapping[str, str]) -> str:
    """The example with these answers in their places; every other line stays as it is."""
    lines = example.read_text(encoding="utf-8").splitlines()
    return "\n".join(_filled(line, answers) for line in lines) + "\n"


def _filled(line: str, answers: Mapping[str, str]) -> str:
    name = line.removeprefix("#").strip().partition("=")[0]
    if name not in answers or "=" not in line:
        return line
    value = re.sub(r"[\r\n]+", " ", answers[name]).replace("\\", "\\\\").replace('"', '\\"')
    return f'{name}="{value}"'
