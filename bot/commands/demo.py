"""`checkin demo`: the whole story against the sandbox."""


def demo() -> None:
    """Placeholder until the story is written."""
