"""What staff asked for about times and people cannot be so; each place that says so says why."""


class NotArranged(ValueError):
    """The message says why; ``key`` names the same sentence in the wording, ``values`` fill its blanks."""

    def __init__(self, key: str, message: str, **values: object) -> None:
        super().__init__(message)
        self.key, self.values = f"refused.{key}", values
