"""What may be sent, and what is refused in Telegram's words."""

import base64

import httpx
import pytest

from sandbox import Button, Person, Sandbox
from sandbox.rules import utf16_length
from tests.sandbox.hands import Caller, Json

ROSE = "\N{ROSE}"  # two UTF-16 units
DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
TOO_BIG = f"Bad Request: file of size {10 * 2**20 + len(DOT)} bytes is too big; the maximum size is {10 * 2**20} bytes"


def _sized(width: int, height: int) -> bytes:
    """The head of a PNG of that size, which is all that is looked at."""
    return DOT[:16] + width.to_bytes(4) + height.to_bytes(4) + DOT[24:]


def keyboard(*rows: list[Json]) -> Json:
    return {"inline_keyboard": list(rows)}


def key(label: str = "4", **action: object) -> Json:
    return {"text": label, **(action or {"callback_data": "r:4"})}


async def test_a_message_is_answered_and_seen(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    text = "How did it go?"
    sent = await call.ok(
        "sendMessage",
        chat_id=ana.user_id,
        text=text,
        protect_content=True,
        reply_markup=keyboard([key(), key("5", callback_data="r:5")]),
        entities=[{"type": "bold", "offset": 0, "length": 3}],
    )

    assert sent["message_id"] == ana.last.message_id
    assert (sent["chat"]["id"], sent["from"]["is_bot"], sent["has_protected_content"]) == (
        ana.user_id,
        True,
        True,
    )
    assert (ana.last.text, ana.last.protected, ana.last.from_bot) == (text, True, True)
    assert ana.last.buttons == ((Button(label="4", data="r:4"), Button(label="5", data="r:5")),)
    assert sandbox.ledger.violations() == ()


@pytest.mark.parametrize(
    ("text", "description"),
    [
        pytest.param("", "Bad Request: message text is empty", id="empty"),
        pytest.param(" \n\t ", "Bad Request: message text is empty", id="only blanks"),
        pytest.param("x" * 4097, "Bad Request: message is too long", id="one too many"),
        pytest.param(ROSE * 2049, "Bad Request: message is too long", id="roses count twice"),
        pytest.param("\ud83c", "Bad Request: strings must be encoded in UTF-8", id="half a rose"),
    ],
)
async def test_a_text_that_telegram_refuses(
    sandbox: Sandbox, call: Caller, ana: Person, text: str, description: str
) -> None:
    refusal = await call.refused("sendMessage", chat_id=ana.user_id, text=text)

    assert refusal == (400, description)
    assert [entry.description for entry in sandbox.ledger.violations()] == [description]


@pytest.mark.parametrize("text", [pytest.param("x" * 4096, id="letters"), pytest.param(ROSE * 2048, id="roses")])
async def test_a_text_of_exactly_4096_units_passes(call: Caller, ana: Person, text: str) -> None:
    await call.ok("sendMessage", chat_id=ana.user_id, text=text)

    assert utf16_length(ana.last.text) == 4096


@pytest.mark.parametrize(
    ("entity", "passes"),
    [
        pytest.param({"type": "bold", "offset": 2, "length": 5}, True, id="to the very end"),
        pytest.param({"type": "bold", "offset": 2, "length": 6}, False, id="beyond the end"),
        pytest.param({"type": "bold", "offset": -1, "length": 2}, False, id="before the beginning"),
        pytest.param({"type": "bold", "offset": 0, "length": 0}, False, id="of no length"),
        pytest.param({"type": "bold", "offset": 1, "length": 2}, False, id="begins inside the rose"),
        pytest.param({"type": "bold", "offset": 0, "length": 1}, False, id="ends inside the rose"),
        pytest.param({"type": "shouting", "offset": 0, "length": 2}, False, id="of an unknown kind"),
        pytest.param({"type": "text_link", "offset": 0, "length": 2}, False, id="a link without address"),
        pytest.param({"type": "text_link", "offset": 0, "length": 2, "url": "https://a.example"}, True, id="a link"),
        pytest.param("bold", False, id="not even an object"),
    ],
)
async def test_entities_lie_inside_the_text_in_utf16_units(
    call: Caller, ana: Person, entity: object, passes: bool
) -> None:
    text = f"{ROSE} tea!"  # seven units

    status, _ = await call("sendMessage", chat_id=ana.user_id, text=text, entities=[entity])

    assert (status == 200) is passes


@pytest.mark.parametrize(("count", "status"), [(100, 200), (101, 400)])
async def test_a_message_has_at_most_a_hundred_entities(call: Caller, ana: Person, count: int, status: int) -> None:
    entities = [{"type": "bold", "offset": place, "length": 1} for place in range(count)]

    answer, _ = await call("sendMessage", chat_id=ana.user_id, text="x" * 200, entities=entities)

    assert answer == status


async def test_blanks_around_a_text_go_and_entities_follow(call: Caller, ana: Person) -> None:
    await call.ok(
        "sendMessage",
        chat_id=ana.user_id,
        text="\n  hello there \n",
        entities=[{"type": "bold", "offset": 9, "length": 7}],
    )

    assert (ana.last.text, ana.last.entities) == (
        "hello there",
        ({"type": "bold", "offset": 6, "length": 5},),
    )


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        pytest.param([[key(callback_data="x" * 64)]], None, id="64 bytes of data"),
        pytest.param([[key(callback_data="x" * 65)]], "BUTTON_DATA_INVALID", id="65 bytes of data"),
        pytest.param([[key(callback_data="ñ" * 33)]], "BUTTON_DATA_INVALID", id="bytes, not letters"),
        pytest.param([[key(callback_data="")]], "BUTTON_DATA_INVALID", id="no data"),
        pytest.param([[{"text": "4"}]], "Text buttons are unallowed", id="no action"),
        pytest.param([[key(callback_data="a", url="https://a.example")]], "more than one", id="two actions"),
        pytest.param([[key("", callback_data="a")]], "text is empty", id="no label"),
        pytest.param([[key(url="https://a.example")]], None, id="a link"),
        pytest.param([[key(url="a.example")]], "BUTTON_URL_INVALID", id="a link that is none"),
        pytest.param([[key()] * 8], None, id="eight in a row"),
        pytest.param([[key()] * 9], "too long", id="nine in a row"),
        pytest.param([[key()] * 4] * 25, None, id="a hundred"),
        pytest.param([[key()] * 4] * 25 + [[key()]], "too long", id="a hundred and one"),
        pytest.param([key()], "Array of Arrays", id="no rows"),
    ],
)
async def test_what_a_keyboard_may_be(call: Caller, ana: Person, rows: list[list[Json]], refusal: str | None) -> None:
    status, body = await call("sendMessage", chat_id=ana.user_id, text="?", reply_markup=keyboard(*rows))

    assert status == (400 if refusal else 200)
    assert (refusal or "") in body.get("description", "")


async def test_a_stranger_and_nobody_are_told_apart(sandbox: Sandbox, call: Caller) -> None:
    cy = sandbox.person("Cy")

    stranger = await call.refused("sendMessage", chat_id=cy.user_id, text="hello")
    nobody = await call.refused("sendMessage", chat_id=1, text="hello")

    assert stranger == (403, "Forbidden: bot can't initiate conversation with a user")
    assert nobody == (400, "Bad Request: chat not found")


async def test_whoever_blocked_the_bot_hears_nothing(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ana.blocks()

    refusal = await call.refused("sendMessage", chat_id=ana.user_id, text="hello")

    assert refusal == (403, "Forbidden: bot was blocked by the user")
    assert [shown.text for shown in ana.screen] == ["/start"]
    assert sandbox.ledger.violations() == ()


async def test_whoever_lets_the_bot_back_in_hears_it_again(call: Caller, ana: Person) -> None:
    ana.blocks()
    ana.opens("back")

    await call.ok("sendMessage", chat_id=ana.user_id, text="hello")

    assert ana.last.text == "hello"


async def test_a_deleted_account_hears_nothing(call: Caller, ana: Person) -> None:
    ana.deactivates()

    refusal = await call.refused("sendMessage", chat_id=ana.user_id, text="hello")

    assert refusal == (403, "Forbidden: user is deactivated")


async def test_a_photo_and_a_document_arrive_byte_for_byte(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    payload = bytes(range(256)) + b"\r\n--\r\n"
    root = f"{sandbox.url}/bot123:abc"

    photo = await call.client.post(
        f"{root}/sendPhoto",
        data={"chat_id": str(ana.user_id), "caption": "Your code"},
        files={"photo": ("code.png", DOT, "image/png")},
    )
    await call.client.post(
        f"{root}/sendDocument",
        data={"chat_id": str(ana.user_id), "document": "attach://part"},
        files={"part": ("digest ñ.html", payload, "text/html")},
    )

    *_, first, second = ana.screen
    assert first.photo is not None
    assert second.document is not None
    assert (first.photo.content, first.caption) == (DOT, "Your code")
    assert (second.document.content, second.document.filename) == (payload, "digest ñ.html")
    assert photo.json()["result"]["photo"][0]["width"] == 1
    assert sandbox.ledger.violations() == ()


@pytest.mark.parametrize(
    ("content", "caption", "description"),
    [
        pytest.param(b"", "", "Bad Request: file must be non-empty", id="empty"),
        pytest.param(b"<html>", "", "Bad Request: IMAGE_PROCESS_FAILED", id="no image"),
        pytest.param(DOT, "x" * 1025, "Bad Request: message caption is too long", id="caption"),
        pytest.param(_sized(9_000, 1_001), "", "Bad Request: PHOTO_INVALID_DIMENSIONS", id="too large"),
        pytest.param(_sized(2_001, 100), "", "Bad Request: PHOTO_INVALID_DIMENSIONS", id="too oblong"),
        pytest.param(DOT + bytes(10 * 2**20), "", TOO_BIG, id="too heavy"),
    ],
)
async def test_a_photo_that_telegram_refuses(
    sandbox: Sandbox, call: Caller, ana: Person, content: bytes, caption: str, description: str
) -> None:
    answer = await call.client.post(
        f"{sandbox.url}/bot123:abc/sendPhoto",
        data={"chat_id": str(ana.user_id), "caption": caption},
        files={"photo": ("code.png", content, "image/png")},
    )

    assert answer.json()["description"] == description


@pytest.mark.parametrize(
    ("parameters", "remark"),
    [
        pytest.param({"disable_web_page_preview": True}, "unknown parameter", id="unknown parameter"),
        pytest.param({"parse_mode": "HTML"}, "parse_mode", id="marked-up text"),
        pytest.param({"reply_markup": keyboard([{**key(), "colour": "red"}])}, "unknown field", id="button"),
    ],
)
async def test_what_telegram_would_ignore_draws_a_remark(
    sandbox: Sandbox, call: Caller, ana: Person, parameters: Json, remark: str
) -> None:
    await call.ok("sendMessage", chat_id=ana.user_id, text="hello", **parameters)

    (violation,) = sandbox.ledger.violations()
    assert violation.status == 200
    assert remark in violation.remarks[0]


@pytest.mark.parametrize("how", ["json", "form", "query"])
async def test_parameters_may_come_in_every_way(sandbox: Sandbox, call: Caller, ana: Person, how: str) -> None:
    address = f"{sandbox.url}/bot123:abc/sendMessage"
    markup = '{"inline_keyboard":[[{"text":"4","callback_data":"r:4"}]]}'
    asked = {"chat_id": str(ana.user_id), "text": "a & b = ñ", "reply_markup": markup}

    match how:
        case "json":
            answer = await call.client.post(address, json=asked)
        case "form":
            answer = await call.client.post(address, data=asked)
        case _:
            answer = await call.client.get(address, params=asked)

    assert answer.status_code == 200
    assert (ana.last.text, ana.last.labels) == ("a & b = ñ", ("4",))


@pytest.mark.parametrize(
    ("path", "status", "description"),
    [
        pytest.param("bot123:abc/sendTelegram", 404, "Not Found", id="unknown method"),
        pytest.param("bot123:abd/getMe", 401, "Unauthorized", id="wrong token"),
        pytest.param("bot123:abc", 404, "Not Found", id="no method"),
        pytest.param("bot123:abc/extra/getMe", 404, "Not Found", id="malformed path"),
    ],
)
async def test_a_wrong_address_is_answered_as_telegram_does(
    sandbox: Sandbox, call: Caller, path: str, status: int, description: str
) -> None:
    answer: httpx.Response = await call.client.post(f"{sandbox.url}/{path}")

    assert answer.status_code == status
    assert answer.json() == {"ok": False, "error_code": status, "description": description}


async def test_a_broken_body_is_refused(sandbox: Sandbox, call: Caller) -> None:
    answer = await call.client.post(
        f"{sandbox.url}/bot123:abc/getMe", content=b"{", headers={"content-type": "application/json"}
    )

    assert answer.status_code == 400
