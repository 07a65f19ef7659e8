"""A sign of life to a watcher outside: once a minute while all is well, and silence otherwise."""

import threading
from collections.abc import Callable

import httpx
import structlog

EVERY = 60.0  # seconds
WITHIN = 10.0  # seconds for one request

log = structlog.get_logger()


class DeadMansPing:
    """Asks an address from a thread of its own; without an address it does nothing.

    Whoever owns the address tells a person when the pings stop: the one alarm that a dead machine raises.
    """

    def __init__(self, url: str, is_well: Callable[[], bool], *, every: float = EVERY, within: float = WITHIN) -> None:
        self._url, self._is_well, self._every, self._within = url, is_well, every, within
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, with a first ping at once."""
        if self._url:
            self._thread = threading.Thread(target=self._run, name="dead-mans-ping", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """No more pings; one that is under way is left to its thread."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(0.1)

    def ping(self) -> bool:
        """Ask once if all is well; whether somebody has heard it. Raises nothing."""
        if not self._is_well():
            log.warning("ping_withheld")
            return False
        try:
            answer = httpx.get(self._url, timeout=self._within)
        except Exception as error:  # noqa: BLE001  # a sign of life that is not heard is for its listener to miss
            log.warning("ping_failed", cause=type(error).__name__)
            return False
        return answer.is_success

    def _run(self) -> None:
        self.ping()
        while not self._stopping.wait(self._every):
            self.ping()
