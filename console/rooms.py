"""What the console needs from the process that serves it: units of work, to look and to change something."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from workflows.unit import Clinic, Unit


class OutOfReach(Exception):
    """The database does not answer; nothing was shown and nothing was changed."""


class Rooms(Protocol):
    """Where units come from; both raise OutOfReach when there is no database."""

    def looking(self) -> AbstractAsyncContextManager[Unit]:
        """A look at one moment, which changes nothing."""
        ...

    def changing(self) -> AbstractAsyncContextManager[Unit]:
        """One transaction; what it wants said goes out when it is committed."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Around:
    """What stays the same while the console is served."""

    rooms: Rooms
    clinic: Clinic
    url: str  # scheme, host and perhaps a port; without a path

    @property
    def host(self) -> str:
        """What browsers send as the host."""
        return self.url.partition("://")[2]

    @property
    def has_tls(self) -> bool:
        """Whether browsers come through TLS; without, only from this machine."""
        return self.url.startswith("https://")
