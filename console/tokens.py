"""The cookie that holds a session, and the proof in every form that it was made for that session."""

import hmac
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from console.rooms import Around

_FOR_FORMS = b"console form"


def token_in(request: Request, around: Around) -> str:
    """What the browser holds of a session; empty without one."""
    return request.cookies.get(_name(around), "")


def remember(response: Response, token: str, around: Around) -> None:
    """Give the browser its session: for this host alone, out of reach of scripts and of other sites."""
    response.set_cookie(_name(around), token, path="/", secure=around.has_tls, httponly=True, samesite="strict")


def forget(response: Response, around: Around) -> None:
    """Take the session out of the browser."""
    response.delete_cookie(_name(around), path="/", secure=around.has_tls, httponly=True, samesite="strict")


def form_proof(token: str) -> str:
    """What stands in the forms of a session; nobody who has not seen one of them knows it."""
    return hmac.new(token.encode(), _FOR_FORMS, sha256).hexdigest()


def is_ours(proof: str, token: str) -> bool:
    """Whether a form was made for this session."""
    return hmac.compare_digest(proof.encode(), form_proof(token).encode())


def _name(around: Around) -> str:
    # with the prefix browsers refuse it without TLS, from another host, and for a part of ours
    return "__Host-console" if around.has_tls else "console"
