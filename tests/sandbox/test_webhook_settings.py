"""Setting a webhook: what is taken, what is refused, and whom it shows out."""

import asyncio

import pytest

from sandbox import Sandbox
from tests.sandbox.doorstep import Doorstep
from tests.sandbox.hands import Caller, HandClock, parked

SET_WEBHOOK = (409, "Conflict: terminated by setWebhook request")


async def test_setting_a_webhook_shows_the_waiting_poll_out(sandbox: Sandbox, call: Caller, door: Doorstep) -> None:
    poll = asyncio.create_task(call.refused("getUpdates", timeout=50))
    await parked(sandbox)

    await call.ok("setWebhook", url=door.url)

    assert await poll == SET_WEBHOOK


async def test_a_webhook_can_be_set_once_a_second(call: Caller, door: Doorstep, clock: HandClock) -> None:
    await call.ok("setWebhook", url=door.url)
    status, body = await call("setWebhook", url=door.url)
    clock.forward(seconds=1)
    again, _ = await call("setWebhook", url=door.url)

    assert (status, body["parameters"], again) == (429, {"retry_after": 1}, 200)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"secret_token": "with space"}, "secret token contains unallowed characters"),
        ({"secret_token": "x" * 257}, "secret token is too long"),
        ({"url": "http://clinic.example/hook"}, "bad webhook: An HTTPS URL must be provided for webhook"),
        (
            {"url": "https://clinic.example:5000/hook"},
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443",
        ),
        ({"url": "https://clinic.example:port/"}, "bad webhook: URL is invalid"),
    ],
)
async def test_a_webhook_that_cannot_be_is_refused(call: Caller, asked: dict[str, str], words: str) -> None:
    refusal = await call.refused("setWebhook", **{"url": "https://clinic.example/hook", **asked})

    assert refusal == (400, f"Bad Request: {words}")


@pytest.mark.parametrize("url", ["https://clinic.example:8443/hook", "https://clinic.example:88/", "http://[::1]:9/"])
async def test_a_webhook_that_can_be_is_set(call: Caller, url: str) -> None:
    await call.ok("setWebhook", url=url, secret_token="x" * 256)

    assert (await call.ok("getWebhookInfo"))["url"] == url


@pytest.mark.parametrize(("asked", "given", "remarks"), [(0, 1, 1), (101, 100, 1), (100, 100, 0), (None, 40, 0)])
async def test_the_number_of_connections_is_taken_into_its_bounds(
    sandbox: Sandbox, call: Caller, asked: int | None, given: int, remarks: int
) -> None:
    await call.ok("setWebhook", url="https://clinic.example/", **({} if asked is None else {"max_connections": asked}))

    assert (await call.ok("getWebhookInfo"))["max_connections"] == given
    assert len(sandbox.ledger.violations()) == remarks
