"""The parent of cheap lives: imports programs once, then forks a process for each life they are asked to live.

A start of ``checkin run`` costs two seconds of CPU, nearly all of it imports and the reading of the crisis rules:
a thousand kills would take the better part of an hour without telling anything new. So this process imports the
programs once, and does what a program calls ``before_lives`` (ours reads the crisis rules that are shipped with
it, a pure function of files that do not change). It opens nothing: no thread, no database, no loop. Each life is a
fork of it that calls the program's own ``main`` with its own arguments, environment and folder: every other line
of the program's start runs in it, from reading the settings to taking back the outbox. SIGKILL hits that process
as it would hit one that was started by a service manager: its memory, its loop and its open files are gone, and
the kernel gives back its locks. What it shares with its parent are pages of imported modules, which no program of
ours keeps its state in. Left out is only that imports themselves can be interrupted; nothing is acknowledged or
sent before they are done.

It is spoken to in lines of JSON: ``{"start": …}`` is answered by the new process's id, ``{"ended": id}`` by its
exit status, or null while it lives. When its input ends, what still lives is killed.
"""

import contextlib
import gc
import importlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from typing import Any

CRASHED = 70  # exit status of a program that raised


def main() -> None:
    """Import the modules named as arguments, say so, and serve until the input ends."""
    programs = {name: importlib.import_module(name) for name in sys.argv[1:]}
    for program in programs.values():
        getattr(program, "before_lives", _nothing)()
    gc.collect()
    gc.freeze()  # otherwise the first collection of each child copies every page of the imports
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    lives: set[int] = set()
    statuses: dict[int, int] = {}
    _say(answers, "ready")
    for line in sys.stdin:
        order: dict[str, Any] = json.loads(line)  # Any: our own side wrote it
        if "start" in order:
            wanted = order["start"]
            pid = os.fork()
            if pid == 0:
                _live(programs[wanted["module"]].main, wanted)
            lives.add(pid)
            _say(answers, pid)
        else:
            _bury(lives, statuses, order["ended"])
            _say(answers, statuses.get(order["ended"]))
    for pid in lives:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _nothing() -> None:
    """What most programs have to do before their lives."""


def _say(answers: Any, what: object) -> None:  # Any: a text stream
    answers.write(json.dumps(what) + "\n")
    answers.flush()


def _bury(lives: set[int], statuses: dict[int, int], pid: int) -> None:
    """Note the end of a life, if it has ended; until then its id cannot be given to another process."""
    if pid not in lives:
        return
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended == pid:
        lives.discard(pid)
        statuses[pid] = os.waitstatus_to_exitcode(status)


def _live(program: Any, wanted: Mapping[str, Any]) -> None:  # Any: a module's main, and our own JSON
    """Become that program; never returns."""
    status = CRASHED
    try:
        _settle_in(wanted)
        program()
        status = 0
    except SystemExit as leaving:
        status = leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    except BaseException:  # noqa: BLE001  # it goes to the log, as it would at the top of any program
        traceback.print_exc()
    finally:
        with contextlib.suppress(OSError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)  # the parent's own end is not this life's


def _settle_in(wanted: Mapping[str, Any]) -> None:
    os.closerange(3, 256)  # the parent's answers
    silence, log = os.open(os.devnull, os.O_RDONLY), os.open(wanted["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for source, target in ((silence, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.closerange(3, 256)
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    sys.argv = [wanted["module"], *wanted["words"]]


if __name__ == "__main__":
    main()
