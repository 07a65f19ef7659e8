"""The chat page and its endpoints."""

from datetime import timedelta

import httpx
import pytest

from sandbox import Person, Sandbox
from tests.sandbox.hands import Caller, Json, Page, State


@pytest.fixture
def page(sandbox: Sandbox, call: Caller) -> Page:
    async def ask(deed: str, **asked: object) -> httpx.Response:
        return await call.client.post(f"{sandbox.url}/chat/api/{deed}", json=asked)

    return ask


@pytest.fixture
def state(sandbox: Sandbox, call: Caller) -> State:
    async def look(**asked: str | int) -> Json:
        return (await call.client.get(f"{sandbox.url}/chat/api/state", params=asked)).json()

    return look


@pytest.mark.parametrize(
    ("path", "media"),
    [("/chat/", "text/html"), ("/chat/chat.css", "text/css"), ("/chat/chat.js", "text/javascript")],
)
async def test_the_page_asks_nobody_else_for_anything(sandbox: Sandbox, call: Caller, path: str, media: str) -> None:
    answer = await call.client.get(sandbox.url + path)

    assert answer.headers["content-type"].startswith(media)
    assert answer.headers["content-security-policy"].startswith("default-src 'self'")
    assert "//cdn" not in answer.text


async def test_somebody_added_on_the_page_can_talk_with_the_bot(
    sandbox: Sandbox, call: Caller, page: Page, state: State
) -> None:
    person = (await page("people", name="Ana", language_code="es")).json()["person"]
    await page("open", person=person, payload="https://t.me/alliance_checkin_bot?start=code")
    keys = {"inline_keyboard": [[{"text": "4", "callback_data": "r:4"}]]}
    sent = await call.ok("sendMessage", chat_id=person, text="How was it?", reply_markup=keys, protect_content=True)
    await page("tap", person=person, message_id=sent["message_id"], data="r:4")
    await page("write", person=person, text="fine")
    await page("attach", person=person, kind="voice")

    seen = await state(person=person)

    assert [line["text"] for line in seen["screen"]] == ["/start code", "How was it?", "fine", ""]
    assert (seen["screen"][1]["protected"], seen["spinning"]) == (True, ["r:4"])
    assert [one["name"] for one in seen["people"]] == ["Ana"]
    assert sandbox.people[0].user["language_code"] == "es"
    assert sandbox.pending == 4


async def test_nothing_new_is_said_shortly(state: State, sandbox: Sandbox) -> None:
    version = (await state())["version"]
    same = await state(version=version)
    sandbox.person("Ben")

    assert same == {"version": version, "now": sandbox.world.now().isoformat()}
    assert (await state(version=version))["people"][0]["name"] == "Ben"


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        pytest.param("write", {"text": ""}, id="empty words"),
        pytest.param("open", {"payload": "a b"}, id="a bad code"),
        pytest.param("edit", {"message_id": 99, "text": "x"}, id="nothing to change"),
        pytest.param("attach", {"kind": "elephant"}, id="an unknown thing"),
    ],
)
async def test_what_cannot_be_done_is_said(page: Page, ana: Person, name: str, asked: Json) -> None:
    answer = await page(name, person=ana.user_id, **asked)

    assert answer.status_code == 400
    assert answer.json()["error"]


async def test_time_passes_as_long_as_somebody_asks_for(sandbox: Sandbox, page: Page, state: State) -> None:
    asked: list[timedelta] = []
    before = (await state())["time_can_pass"]
    sandbox.world.pass_time = asked.append

    answers = [(await page("pass", hours=hours)).status_code for hours in (1, 168, 0, 169, -1, "soon")]

    assert (before, (await state())["time_can_pass"]) == (False, True)
    assert answers == [200, 200, 400, 400, 400, 400]
    assert asked == [timedelta(hours=1), timedelta(weeks=1)]


async def test_where_the_clock_is_the_walls_no_time_can_be_made_to_pass(page: Page) -> None:
    answer = await page("pass", hours=1)

    assert (answer.status_code, answer.json()) == (400, {"error": "The clock of this sandbox cannot be moved."})


async def test_a_stranger_to_the_sandbox_can_do_nothing(page: Page) -> None:
    assert (await page("write", person=1, text="hello")).json() == {"error": "There is no such person."}


async def test_blocking_on_the_page_is_blocking(page: Page, call: Caller, ana: Person) -> None:
    await page("block", person=ana.user_id, blocked=True)
    blocked, _ = await call("sendMessage", chat_id=ana.user_id, text="hello")
    await page("block", person=ana.user_id, blocked=False)
    welcome, _ = await call("sendMessage", chat_id=ana.user_id, text="hello")

    assert (blocked, welcome) == (403, 200)


async def test_a_document_is_saved_and_never_run_as_a_page(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    await call.client.post(
        f"{sandbox.url}/bot123:abc/sendDocument",
        data={"chat_id": str(ana.user_id)},
        files={"document": ("digest.html", b"<script>", "text/html")},
    )

    address = f"{sandbox.url}/chat/api/files/{ana.user_id}/{ana.last.message_id}"
    answer = await call.client.get(address)

    assert (answer.content, answer.headers["content-type"]) == (b"<script>", "application/octet-stream")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert (await call.client.get(f"{address}0")).status_code == 404


async def test_another_site_can_neither_look_nor_act(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    address = f"{sandbox.url}/chat/api"

    look = await call.client.get(f"{address}/state", headers={"host": "evil.example"})
    act = await call.client.post(
        f"{address}/write",
        content=f'{{"person":{ana.user_id},"text":"x"}}',
        headers={"content-type": "text/plain"},
    )

    assert (look.status_code, act.status_code) == (400, 400)
    assert [shown.text for shown in ana.screen] == ["/start"]
