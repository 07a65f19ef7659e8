"""A file in the data directory that says what is wrong, for whoever looks there when nothing else can speak."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.alarm_words import as_dict
from bot.findings import Finding

NAME = "alarm.json"
ONLY_THE_OWNER = 0o600


def keep(data_dir: Path, findings: Sequence[Finding], *, at: datetime) -> None:
    """Write what is wrong, whole or not at all; without findings the file is removed. Raises OSError."""
    file = data_dir / NAME
    if not findings:
        file.unlink(missing_ok=True)
        return
    content = {"at": at.isoformat(), "findings": [as_dict(finding) for finding in findings]}
    unfinished = file.with_suffix(".new")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, ONLY_THE_OWNER)
    with os.fdopen(descriptor, "w", encoding="utf-8") as writing:
        json.dump(content, writing, indent=1)
    unfinished.replace(file)


def read(data_dir: Path) -> dict[str, Any] | None:  # Any: JSON
    """What the file says, or None when all is well."""
    try:
        return json.loads((data_dir / NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
