"""The real program as a life lives it: ``bot.__main__``, and what its parent may read for all of them."""

from alliance.crisis import screen
from alliance.language import read
from bot.__main__ import main
from bot.command_list import loaded
from bot.phrases import shipped_language, shipped_phrases

__all__ = ["before_lives", "main"]


def before_lives() -> None:
    """Import and read what is the same in each life: nine tenths of the CPU of a start and of the first message."""
    loaded("run")
    screen("i want to die", shipped_phrases())
    read("i want to stop", shipped_language())
