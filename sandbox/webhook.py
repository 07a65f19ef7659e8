"""The webhook: where updates go instead of waiting for a poll, and how it failed last."""

import ipaddress
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

USUAL_CONNECTIONS = 40
MOST_CONNECTIONS = 100


@dataclass(kw_only=True, slots=True)
class Webhook:
    """A webhook as it was set; its last error changes."""

    url: str
    secret_token: str = ""
    max_connections: int = USUAL_CONNECTIONS
    last_error_at: datetime | None = None
    last_error: str = ""

    @property
    def is_near(self) -> bool:
        """Whether it is on this machine: nothing else is ever called."""
        return is_loopback(urlsplit(self.url).hostname or "")

    def is_set_as(self, other: "Webhook") -> bool:
        """Whether setting the other changes nothing."""
        settings = (other.url, other.secret_token, other.max_connections)
        return (self.url, self.secret_token, self.max_connections) == settings

    def fails(self, why: str, at: datetime) -> None:
        self.last_error, self.last_error_at = why, at


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
