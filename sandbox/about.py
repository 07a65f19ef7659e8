"""The methods about the bot itself and its chats: who it is, its commands, where it is."""

import json
import re

from sandbox.chats import Standing
from sandbox.membership import bot_membership
from sandbox.refusals import bad_request
from sandbox.sending import Done
from sandbox.wire import JsonObject, Request, as_object
from sandbox.world import World

MOST_COMMANDS = 100
LONGEST_DESCRIPTION = 256  # characters
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_DEFAULT_SCOPE: JsonObject = {"type": "default"}


def get_me(world: World, _request: Request) -> Done:
    rights: JsonObject = {
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": False,
    }
    return Done(result={**world.bot, **rights})


def set_my_commands(world: World, request: Request) -> Done:
    commands = request.json_array("commands")
    if commands is None or len(commands) > MOST_COMMANDS:
        raise bad_request("can't parse commands: expected an Array of up to 100")
    for each in commands:
        command = as_object(each) or {}
        name = str(command.get("command", "")).removeprefix("/")
        if not _COMMAND.fullmatch(name):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= LONGEST_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    world.commands[_commands_key(request)] = commands
    world.ledger.noticed()
    return Done(result=True)


def delete_my_commands(world: World, request: Request) -> Done:
    world.commands.pop(_commands_key(request), None)
    world.ledger.noticed()
    return Done(result=True)


def get_my_commands(world: World, request: Request) -> Done:
    return Done(result=world.commands.get(_commands_key(request), []))


def get_chat(world: World, request: Request) -> Done:
    chat = world.chats.known(request.integer("chat_id"))
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"),
        False,
    )
    return Done(
        result={**chat.wire, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": gifts},
    )


def leave_chat(world: World, request: Request) -> Done:
    chat = world.chats.open(request.integer("chat_id"))
    if chat.private:
        raise bad_request("chat member status can't be changed in private chats")
    chat.standing = Standing.OUTSIDE
    world.report("my_chat_member", bot_membership(world, chat, world.bot, before="member", after="left"))
    return Done(result=True)


def _commands_key(request: Request) -> tuple[str, str]:
    scope = request.json_object("scope") or _DEFAULT_SCOPE
    return json.dumps(scope, sort_keys=True), request.text("language_code") or ""
