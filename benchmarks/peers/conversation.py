"""A bot's life with the sandbox in which every method is called and every kind of update and of refusal comes up."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx

from sandbox import Fault, FaultKind, Person, Sandbox
from sandbox.contents import CONTENTS
from sandbox.wire import JsonObject

TOKEN = "123:abc"  # noqa: S105  of the sandbox
_DOT = b"GIF89a\x01\x00\x01\x00\x00\x00\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;"
_KEYS: JsonObject = {
    "inline_keyboard": [
        [{"text": str(number), "callback_data": f"r:{number}"} for number in range(1, 8)],
        [{"text": "More", "url": "https://example.org/"}],
    ]
}
_BOLD = [{"type": "bold", "offset": 0, "length": 3}, {"type": "text_link", "offset": 4, "length": 3, "url": "tg://x"}]


@dataclass(frozen=True, kw_only=True, slots=True)
class Said:
    """One answer, or with no method one update, as it came over the wire."""

    name: str
    method: str | None
    status: int
    body: object


@dataclass(slots=True)
class Bot:
    """Calls methods and keeps every answer."""

    client: httpx.AsyncClient
    said: list[Said] = field(default_factory=list[Said])

    async def __call__(self, method: str, name: str = "", **asked: object) -> JsonObject:
        answer = await self.client.post(method, json=asked)
        return self._keep(method, name, answer)

    async def uploads(self, method: str, name: str, file: tuple[str, bytes, str], chat_id: int, **words: str) -> None:
        """Call a method with a file: its name, content and type."""
        data = {"chat_id": str(chat_id), **words}
        self._keep(method, "", await self.client.post(method, data=data, files={name: file}))

    def _keep(self, method: str, name: str, answer: httpx.Response) -> JsonObject:
        body: JsonObject = answer.json()
        described = f"{method} {name}".strip()
        self.said.append(Said(name=described, method=method, status=answer.status_code, body=body))
        return body

    async def sends(self, chat_id: int, name: str = "", **asked: object) -> int:
        """Send a message and return its id."""
        answer = await self("sendMessage", name, chat_id=chat_id, **{"text": "How was it?", **asked})
        return json.loads(json.dumps(answer))["result"]["message_id"]


async def everything_said(*, rounds: int, seed: int) -> list[Said]:
    """Let the life go on for so many rounds, and return all that the sandbox said."""
    async with Sandbox(token=TOKEN, seed=seed, flood=None) as sandbox, _bot(sandbox) as bot:
        await _about_itself(bot)
        for number in range(rounds):
            ana = sandbox.person(f"Ana {number}", username=f"ana_{number}" if number % 2 else None, last_name="A.")
            await _with_a_person(sandbox, bot, ana)
            await _with_a_group(sandbox, bot, ana, number)
            await _listens(sandbox, bot)
        await _refusals(sandbox, bot)
        await _with_a_webhook(sandbox, bot)
        return bot.said


@asynccontextmanager
async def _bot(sandbox: Sandbox) -> AsyncGenerator[Bot]:
    base = f"{sandbox.url}/bot{sandbox.token}/"
    async with httpx.AsyncClient(base_url=base, trust_env=False, timeout=30) as client:
        yield Bot(client)


async def _about_itself(bot: Bot) -> None:
    await bot("getMe")
    await bot("setMyCommands", commands=[{"command": "stop", "description": "Leave"}], language_code="en")
    await bot("getMyCommands", language_code="en")
    await bot("deleteMyCommands", language_code="en")


async def _with_a_person(sandbox: Sandbox, bot: Bot, ana: Person) -> None:
    ana.opens("abc")
    words = ana.writes("hello /help \N{WAVING HAND SIGN}")
    ana.edits(words.message_id, "goodbye")
    ana.forwards("somebody else's words")
    ana.sends_photo("look")
    for content in CONTENTS:
        ana.sends(content)
    sandbox.send_every_kind(ana)
    await bot("getChat", "of a person", chat_id=ana.user_id)
    await bot("sendChatAction", chat_id=ana.user_id, action="typing")
    asked = await bot.sends(ana.user_id, "with buttons", reply_markup=_KEYS, protect_content=True)
    await bot.sends(ana.user_id, "with entities", entities=_BOLD)
    tap = ana.taps("4", message_id=asked)
    ana.taps_old(1, "of a message that is gone")
    await bot("answerCallbackQuery", callback_query_id=tap.query_id, text="Noted")
    await bot("editMessageReplyMarkup", chat_id=ana.user_id, message_id=asked)
    await bot("editMessageText", chat_id=ana.user_id, message_id=asked, text="Thank you.", reply_markup=_KEYS)
    await bot.uploads("sendPhoto", "photo", ("code.gif", _DOT, "image/gif"), ana.user_id, caption="Your code")
    await bot.uploads("sendDocument", "document", ("digest.html", b"<p>all well</p>", "text/html"), ana.user_id)
    await bot("deleteMessage", chat_id=ana.user_id, message_id=asked)
    ana.blocks()
    await bot("sendMessage", "to somebody who blocked", chat_id=ana.user_id, text="?")
    ana.unblocks()


async def _with_a_group(sandbox: Sandbox, bot: Bot, ana: Person, number: int) -> None:
    ward = sandbox.group(f"Ward {number}")
    ward.adds_bot(ana)
    ward.writes(ana, "hello")
    await bot("getChat", "of a group", chat_id=ward.chat_id)
    await bot.sends(ward.chat_id, "to a group")
    grown = ward.upgrades(-1_001_000_000_000 - number)
    await bot("sendMessage", "to a group that grew", chat_id=ward.chat_id, text="?")
    await bot("leaveChat", chat_id=grown.chat_id)
    await bot("sendMessage", "to a group it left", chat_id=grown.chat_id, text="?")


async def _listens(sandbox: Sandbox, bot: Bot) -> None:
    offset = 0
    while sandbox.pending:
        answer = json.loads(json.dumps(await bot("getUpdates", offset=offset)))
        updates = answer["result"]
        bot.said += [Said(name=_name(each), method=None, status=200, body=each) for each in updates]
        offset = updates[-1]["update_id"] + 1 if updates else offset + 1


async def _refusals(sandbox: Sandbox, bot: Bot) -> None:
    await bot("sendMessage", "to nobody", chat_id=1, text="?")
    await bot("sendMessage", "without words", chat_id=sandbox.people[0].user_id, text="")
    for fault in (
        Fault(kind=FaultKind.FLOOD, retry_after=7, method="getMe"),
        Fault(kind=FaultKind.STATUS, method="getMe"),
        Fault(kind=FaultKind.STATUS, status=401, method="getMe"),
        Fault(kind=FaultKind.STATUS, status=404, method="getMe"),
        Fault(kind=FaultKind.FORBIDDEN, method="getMe"),
    ):
        sandbox.faults.add(fault)
        await bot("getMe", f"refused ({fault.kind} {fault.status})")


async def _with_a_webhook(sandbox: Sandbox, bot: Bot) -> None:
    # nobody listens there, so that there is an error to describe
    await bot("setWebhook", url="https://clinic.example/hook", max_connections=7, allowed_updates=["message"])
    sandbox.people[0].writes("does anybody hear me")
    while not sandbox.ledger.deliveries:
        await bot("getWebhookInfo")
    await bot("getWebhookInfo", "after an error")
    await bot("getUpdates", "while a webhook is set")
    await bot("deleteWebhook")
    await bot("getWebhookInfo", "without one")


def _name(update: JsonObject) -> str:
    kind = next(name for name in update if name != "update_id")
    payload = update[kind]
    holds = next((name for name in CONTENTS if isinstance(payload, dict) and name in payload), "")
    return f"update: {kind} {holds}".strip()
