"""People with a phone: what reaches the bot, and what they see."""

from collections.abc import Callable

import pytest

from sandbox import Act, Person, Sandbox
from sandbox.speech import commands_in
from tests.sandbox.hands import Caller, HandClock, Json

ROW = [[{"text": f"{number}", "callback_data": f"r:{number}"} for number in range(1, 8)]]


async def asks(call: Caller, person: Person, text: str = "How was it?", rows: list[list[Json]] = ROW) -> int:
    markup = {"inline_keyboard": rows}
    return (await call.ok("sendMessage", chat_id=person.user_id, text=text, reply_markup=markup))["message_id"]


async def newest(call: Caller) -> Json:
    return (await call.ok("getUpdates"))[-1]


def test_some_ids_need_more_than_32_bits(sandbox: Sandbox) -> None:
    ids = [sandbox.person(f"P{number}").user_id for number in range(9)]

    assert len(set(ids)) == 9
    assert 0 < sum(one > 2**31 for one in ids) < 9


@pytest.mark.parametrize(
    ("opened", "text"),
    [
        pytest.param("", "/start", id="the Start button"),
        pytest.param("Inv_7-x", "/start Inv_7-x", id="a code"),
        pytest.param("https://t.me/alliance_checkin_bot?start=Inv_7-x", "/start Inv_7-x", id="a link"),
        pytest.param("t.me/Alliance_Checkin_Bot", "/start", id="a bare link"),
    ],
)
async def test_opening_a_link_sends_start(sandbox: Sandbox, call: Caller, opened: str, text: str) -> None:
    ana = sandbox.person("Ana", language_code="es")

    ana.opens(opened)

    message = (await newest(call))["message"]
    assert (message["text"], message["from"]["language_code"]) == (text, "es")
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


@pytest.mark.parametrize(
    "opened",
    [
        pytest.param("https://t.me/another_bot?start=x", id="another bot"),
        pytest.param("x" * 65, id="too long"),
        pytest.param("a b", id="a blank"),
    ],
)
def test_a_link_that_telegram_would_not_follow(sandbox: Sandbox, opened: str) -> None:
    with pytest.raises(ValueError, match=r"leads to|start parameter"):
        sandbox.person("Ana").opens(opened)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("/stop", [(0, 5)]),
        ("please /stop now", [(7, 5)]),
        ("\N{ROSE} /stop@alliance_checkin_bot", [(3, 26)]),
        ("and/or 1/2", []),
        ("/a/b", []),
    ],
)
def test_commands_are_marked_as_an_app_marks_them(text: str, found: list[tuple[int, int]]) -> None:
    assert [(each["offset"], each["length"]) for each in commands_in(text)] == found


async def test_a_tap_carries_the_message_it_was_under(call: Caller, ana: Person) -> None:
    message_id = await asks(call, ana)

    ana.taps("4")

    query = (await newest(call))["callback_query"]
    assert (query["data"], query["from"]["id"], query["message"]["message_id"]) == (
        "r:4",
        ana.user_id,
        message_id,
    )
    assert query["message"]["reply_markup"] == {"inline_keyboard": ROW}


async def test_a_tap_finds_the_newest_message_that_has_the_button(call: Caller, ana: Person) -> None:
    old, new = await asks(call, ana), await asks(call, ana)

    taps = [ana.taps("4"), ana.taps("4", message_id=old), ana.taps(data="r:2"), ana.taps(nth=6)]

    assert [(tap.message_id, tap.data) for tap in taps] == [
        (new, "r:4"),
        (old, "r:4"),
        (new, "r:2"),
        (new, "r:7"),
    ]


async def test_a_button_that_is_not_there_cannot_be_tapped(call: Caller, ana: Person) -> None:
    await asks(call, ana, rows=[[{"text": "Read", "url": "https://a.example"}]])

    with pytest.raises(LookupError, match="'Read'"):
        ana.taps("4")
    with pytest.raises(LookupError):
        ana.taps("Read")


async def test_a_late_tap_on_a_deleted_message_comes_without_it(call: Caller, ana: Person) -> None:
    message_id = await asks(call, ana)
    await call.ok("deleteMessage", chat_id=ana.user_id, message_id=message_id)

    ana.taps_old(message_id, "r:4")

    query = (await newest(call))["callback_query"]
    assert (query["data"], query["message"]["date"]) == ("r:4", 0)


async def test_a_changed_mind_arrives_as_an_edit(call: Caller, ana: Person, clock: HandClock) -> None:
    written = ana.writes("fine")
    clock.forward(minutes=1)

    ana.edits(written.message_id, "not fine")

    edit = (await newest(call))["edited_message"]
    assert (edit["message_id"], edit["text"], edit["edit_date"] - edit["date"]) == (
        written.message_id,
        "not fine",
        60,
    )
    assert [shown.text for shown in ana.screen] == ["/start", "not fine"]


async def test_nobody_edits_the_bots_words(call: Caller, ana: Person) -> None:
    message_id = await asks(call, ana)

    with pytest.raises(LookupError):
        ana.edits(message_id, "mine now")


@pytest.mark.parametrize(
    ("act", "field"),
    [
        (lambda ana: ana.sends_sticker(), "sticker"),
        (lambda ana: ana.sends_voice(), "voice"),
        (lambda ana: ana.sends_location(), "location"),
        (lambda ana: ana.sends_photo("look"), "photo"),
        (lambda ana: ana.forwards("not my words"), "forward_origin"),
    ],
)
async def test_what_is_not_typed_arrives_too(
    call: Caller, ana: Person, act: Callable[[Person], Act], field: str
) -> None:
    act(ana)

    assert field in (await newest(call))["message"]


async def test_a_block_is_reported_and_nobody_writes_through_it(call: Caller, ana: Person) -> None:
    ana.blocks()

    change = (await newest(call))["my_chat_member"]
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    with pytest.raises(RuntimeError):
        ana.writes("hello?")


@pytest.mark.parametrize("text", ["", " ", "x" * 4097])
def test_no_app_sends_an_empty_or_endless_message(ana: Person, text: str) -> None:
    with pytest.raises(ValueError, match="an app sends"):
        ana.writes(text)


def test_nothing_from_the_bot_is_nothing_to_look_at(ana: Person) -> None:
    with pytest.raises(LookupError):
        _ = ana.last


async def test_a_group_lets_the_bot_in_and_shows_it_out(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ward = sandbox.group("Ward 3")
    before = await call.refused("sendMessage", chat_id=ward.chat_id, text="hello")
    ward.adds_bot(ana)
    ward.writes(ana, "/start")
    await call.ok("sendMessage", chat_id=ward.chat_id, text="Not here, please.")
    ward.removes_bot(ana)

    after = await call.refused("sendMessage", chat_id=ward.chat_id, text="hello")

    assert before == (403, "Forbidden: bot is not a member of the group chat")
    assert after == (403, "Forbidden: bot was kicked from the group chat")
    assert [shown.text for shown in ward.screen] == ["/start", "Not here, please."]
    kinds = [set(update) - {"update_id"} for update in await call.ok("getUpdates")]
    assert kinds == [{"my_chat_member"}, {"message"}, {"my_chat_member"}]


async def test_a_bot_can_leave_a_group_but_not_a_person(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ward = sandbox.group("Ward 3")
    ward.adds_bot(ana)

    await call.ok("leaveChat", chat_id=ward.chat_id)

    assert (await call.refused("leaveChat", chat_id=ana.user_id))[0] == 400
    assert (await call.refused("sendMessage", chat_id=ward.chat_id, text="bye"))[0] == 403


async def test_a_grown_group_names_its_new_id(sandbox: Sandbox, call: Caller, ana: Person) -> None:
    ward = sandbox.group("Ward 3")
    ward.adds_bot(ana)
    grown = ward.upgrades(-1_001_000_000_001)

    status, body = await call("sendMessage", chat_id=ward.chat_id, text="hello")

    assert (status, body["parameters"]) == (400, {"migrate_to_chat_id": grown.chat_id})
    await call.ok("sendMessage", chat_id=grown.chat_id, text="hello")
