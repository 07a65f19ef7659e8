"""The sandbox as a process of its own, as a benchmark uses it: started, controlled over HTTP, ended."""

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self, cast

import httpx

from sandbox.faults import Fault
from sandbox.server import Outage
from sandbox.wire import JsonObject

STARTS_WITHIN = 30.0  # seconds, on a machine that is busy
ENDS_WITHIN = 10.0


class Unwilling(Exception):
    """The sandbox refused what it was asked for, or did not start."""


@dataclass(slots=True)
class RemoteSandbox:
    """A running sandbox. Use `started`, and `async with` to end it."""

    url: str
    token: str
    process: asyncio.subprocess.Process
    _client: httpx.AsyncClient

    @classmethod
    async def started(cls, *, token: str, seed: int = 0, journal: Path | None = None, flood: bool = True) -> Self:
        """Start one on a free port; without `flood` nothing limits how fast the bot speaks."""
        options = ["--port", "0", "--token", token, "--seed", str(seed)]
        options += ["--journal", str(journal)] if journal else []
        options += [] if flood else ["--no-flood"]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "sandbox", *options, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None  # noqa: S101  it was asked for
        async with asyncio.timeout(STARTS_WITHIN):
            first = (await process.stdout.readline()).decode().split()
        if not first:
            raise Unwilling("the sandbox did not start")
        client = httpx.AsyncClient(base_url=f"{first[-1]}/control/", trust_env=False, timeout=STARTS_WITHIN)
        return cls(first[-1], token, process, client)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_error: object) -> None:
        await self._client.aclose()
        if self.process.returncode is None:
            self.process.terminate()
            async with asyncio.timeout(ENDS_WITHIN):
                await self.process.wait()

    async def people(self, *names: str, language_code: str = "en") -> list[int]:
        """Make people and return their ids."""
        return _numbers(await self._post("people", names=names, language_code=language_code), "user_ids")

    async def acts(self, *acts: JsonObject) -> list[int]:
        """Let people act, one after another, and return the ids of the updates."""
        return _numbers(await self._post("acts", acts=acts), "update_ids")

    async def writes(self, user_id: int, text: str) -> int:
        return (await self.acts({"user_id": user_id, "deed": "writes", "text": text}))[0]

    async def taps(self, user_id: int, *, label: str | None = None, data: str | None = None) -> int:
        return (await self.acts({"user_id": user_id, "deed": "taps", "label": label, "data": data}))[0]

    async def blocks(self, user_id: int) -> int:
        return (await self.acts({"user_id": user_id, "deed": "blocks"}))[0]

    async def updates(self, *updates: JsonObject) -> list[int]:
        """Queue any updates and return their ids."""
        return _numbers(await self._post("updates", updates=updates), "update_ids")

    async def every_kind(self, user_id: int) -> Sequence[str]:
        return cast("list[str]", (await self._post("kinds", user_id=user_id))["names"])  # as the door promises

    async def strange(self, user_id: int, number: int, *, seed: int = 0) -> Sequence[str]:
        answer = await self._post("strange", user_id=user_id, number=number, seed=seed)
        return cast("list[str]", answer["names"])  # as the door promises

    async def fault(self, fault: Fault) -> None:
        await self._post("faults", **asdict(fault))

    async def clear_faults(self) -> int:
        """Let everything pass again, and return how many calls went wrong."""
        return cast("int", (await self._answer("DELETE", "faults"))["hits"])  # as the door promises

    async def is_away(self, how: Outage, *, seconds: float) -> None:
        await self._post("outages", how=how, seconds=seconds)

    async def restart_update_ids(self, at: int | None = None) -> int:
        return cast("int", (await self._post("ids", at=at))["next"])  # as the door promises

    async def counts(self) -> dict[str, int]:
        return cast("dict[str, int]", await self._answer("GET", "counts"))  # as the door promises

    async def screen(self, user_id: int) -> list[JsonObject]:
        """Return what is in that person's chat, oldest first."""
        return cast("list[JsonObject]", (await self._answer("GET", f"screens/{user_id}"))["screen"])

    async def _post(self, name: str, **asked: object) -> JsonObject:
        return await self._answer("POST", name, json=asked)

    async def _answer(self, method: str, name: str, *, json: JsonObject | None = None) -> JsonObject:
        answer = await self._client.request(method, name, json=json)
        body = cast("JsonObject", answer.json())
        if answer.is_error:
            raise Unwilling(str(body.get("error")))
        return body


def _numbers(answer: JsonObject, name: str) -> list[int]:
    return cast("list[int]", answer[name])  # as the door promises
