"""The real program as a life lives it: ``bot.__main__``, and what its parent may read for all of them."""

from bot.__main__ import main
from bot.phrases import shipped_language, shipped_phrases

__all__ = ["before_lives", "main"]


def before_lives() -> None:
    """Read the shipped crisis rules, which are the same in each life: nine tenths of the CPU of a start."""
    shipped_phrases()
    shipped_language()
