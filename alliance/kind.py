"""How a rupture shows: the two words that everything about it begins with."""

from enum import StrEnum


class RuptureKind(StrEnum):
    """Moving away or moving against, after Safran and Muran ("Negotiating the Therapeutic Alliance", 2000)."""

    WITHDRAWAL = "withdrawal"
    CONFRONTATION = "confrontation"
