"""The methods that set, delete and describe the webhook."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

from sandbox.refusals import SET_WEBHOOK, bad_request, too_many
from sandbox.sending import Done
from sandbox.webhook import MOST_CONNECTIONS, USUAL_CONNECTIONS, Webhook, is_loopback
from sandbox.wire import JsonObject, Request
from sandbox.world import World

LONGEST_SECRET = 256  # characters
SET_EVERY = timedelta(seconds=1)
PORTS = frozenset({80, 88, 443, 8443})
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


def set_webhook(world: World, request: Request) -> Done:
    """Send updates to an address from now on; an empty address is the same as deleting the webhook."""
    url = request.text("url") or ""
    if not url:
        return delete_webhook(world, request)
    now = world.now()
    if world.webhook_set_at is not None and now - world.webhook_set_at < SET_EVERY:
        raise too_many(1)
    world.webhook_set_at = now
    webhook = Webhook(url=_checked_url(url), secret_token=_secret(request), max_connections=_connections(request))
    _drop_pending(world, request)
    world.remember_allowed(request)
    was_set = world.webhook
    if was_set is not None and was_set.is_set_as(webhook):
        return Done(result=True, description="Webhook is already set")
    world.webhook = webhook
    if world.parked is not None:
        world.parked.refuse(SET_WEBHOOK)
    world.wake()
    return Done(result=True, description="Webhook was set")


def delete_webhook(world: World, request: Request) -> Done:
    """Let updates wait for a poll again."""
    _drop_pending(world, request)
    was_set, world.webhook = world.webhook, None
    world.wake()
    return Done(result=True, description="Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(world: World, _request: Request) -> Done:
    waiting = world.queue.pending(world.now())
    known: JsonObject = {"url": "", "has_custom_certificate": False, "pending_update_count": waiting}
    if world.webhook is not None:
        known |= _described(world.webhook)
    if world.allowed_updates:
        known["allowed_updates"] = list(world.allowed_updates)
    return Done(result=known)


def _described(webhook: Webhook) -> JsonObject:
    known: JsonObject = {"url": webhook.url, "max_connections": webhook.max_connections}
    if webhook.is_near:
        known["ip_address"] = "127.0.0.1"
    if webhook.last_error_at is not None:
        known |= {"last_error_date": int(webhook.last_error_at.timestamp()), "last_error_message": webhook.last_error}
    return known


def _checked_url(url: str) -> str:
    """Return the address, or refuse. On this machine plain HTTP and any port will do, elsewhere as on Telegram."""
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError:
        raise bad_request("bad webhook: URL is invalid") from None
    if is_loopback(parts.hostname or "") and parts.scheme in ("http", "https"):
        return url
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in PORTS:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def _secret(request: Request) -> str:
    secret = request.text("secret_token") or ""
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    return secret


def _connections(request: Request) -> int:
    asked = request.integer("max_connections")
    if asked is None:
        return USUAL_CONNECTIONS
    given = min(max(asked, 1), MOST_CONNECTIONS)
    if given != asked:
        request.remarks.append(f"max_connections is taken as {given}")
    return given


def _drop_pending(world: World, request: Request) -> None:
    if request.flag("drop_pending_updates"):
        world.queue.clear()
