"""The numbers that button data is made of."""

LARGEST_ID = 2**63 - 1  # what a column of a database holds; a larger one was never ours


def read_whole(word: str) -> int:
    """Read a whole number from 0 to LARGEST_ID; raises ValueError for anything else."""
    if not (word.isascii() and word.isdigit()):
        raise ValueError(word)
    number = int(word)
    if number > LARGEST_ID:
        raise ValueError(word)
    return number
