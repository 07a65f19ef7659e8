"""What is left to chance in a benchmark, and comes out the same for the same seed."""

import random


def chance_of(seed: int, name: str) -> random.Random:
    """Draws of their own for everything that has a name, whatever else was drawn before."""
    return random.Random(f"{seed}:{name}")  # noqa: S311  # repeatable on purpose, guards nothing
