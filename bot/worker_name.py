"""How a worker is called, and whether one that is called so has surely ended: a crash need not be waited out."""

import os
import socket
from pathlib import Path

_PROC = Path("/proc")
STARTED_AT = 19  # place of the start time behind a process's name in /proc/PID/stat (proc(5), field 22)


def own_name() -> str:
    """A name no other process has: host, and where the system tells, boot, process namespace, number and start."""
    return " ".join((socket.gethostname(), *_surroundings(), str(os.getpid()), _start_of(os.getpid())))


def is_gone(name: str) -> bool:
    """Whether that worker ran under this very kernel and runs no more. False whenever that cannot be known."""
    host, *rest = name.split(" ")
    surroundings, process = rest[:-2], rest[-2:]
    if host != socket.gethostname() or tuple(surroundings) != _surroundings() or len(surroundings) == 0:
        return False
    number, started = process
    return _start_of(int(number)) != started


def _surroundings() -> tuple[str, ...]:
    """This boot of the kernel and this namespace of process numbers; nothing where the system does not tell."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return boot, (_PROC / "self/ns/pid").readlink().name
    except OSError:
        return ()


def _start_of(number: int) -> str:
    try:
        stat = (_PROC / str(number) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return "-"
    return stat.rpartition(")")[2].split()[STARTED_AT]
