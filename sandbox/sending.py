"""The methods that say something new."""

import struct
from dataclasses import dataclass

from sandbox.keyboards import read_keyboard
from sandbox.messages import Message, Picture
from sandbox.refusals import bad_request
from sandbox.rules import read_caption, read_text
from sandbox.wire import Request, Upload
from sandbox.world import World

LARGEST_PHOTO = 10 * 1024 * 1024  # bytes
LONGEST_SIDES = 10_000  # pixels; width and height of a photo together
MOST_OBLONG = 20  # how many times the longer side of a photo may be the shorter
LARGEST_DOCUMENT = 50 * 1024 * 1024  # bytes
_CHAT_ACTIONS_WORDS = """
    typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker
    find_location record_video_note upload_video_note
"""
CHAT_ACTIONS = frozenset(_CHAT_ACTIONS_WORDS.split())
_PNG = b"\x89PNG\r\n\x1a\n"
_OTHER_IMAGES = (b"\xff\xd8\xff", b"GIF8", b"RIFF")
_SOME_SIZE = (800, 600)  # pixels, for an image whose size this sandbox does not read


@dataclass(frozen=True, kw_only=True, slots=True)
class Done:
    """What a method gives back: a result to encode, or bytes that are JSON already."""

    result: object
    message_id: int | None = None
    chat_id: int | None = None
    description: str = ""  # what the answer says beside the result


def send_message(world: World, request: Request) -> Done:
    chat = world.chats.open(request.integer("chat_id"))
    text, entities = read_text(request)
    message = Message(
        message_id=world.next_message_id(),
        sender=world.bot,
        from_bot=True,
        sent_at=world.now(),
        text=text,
        entities=entities,
        keyboard=read_keyboard(request),
        protected=request.flag("protect_content"),
    )
    return Done(result=world.put(chat, message), message_id=message.message_id)


def send_photo(world: World, request: Request) -> Done:
    upload = _read_file(world, request, "photo", largest=LARGEST_PHOTO)
    return _send_file(world, request, photo=upload, document=None)


def send_document(world: World, request: Request) -> Done:
    upload = _read_file(world, request, "document", largest=LARGEST_DOCUMENT)
    return _send_file(world, request, photo=None, document=upload)


def send_chat_action(world: World, request: Request) -> Done:
    world.chats.open(request.integer("chat_id"))
    if request.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return Done(result=True)


def _send_file(world: World, request: Request, *, photo: Picture | None, document: Picture | None) -> Done:
    chat = world.chats.open(request.integer("chat_id"))
    caption, entities = read_caption(request)
    message = Message(
        message_id=world.next_message_id(),
        sender=world.bot,
        from_bot=True,
        sent_at=world.now(),
        caption=caption,
        entities=entities,
        keyboard=read_keyboard(request),
        protected=request.flag("protect_content"),
        photo=photo,
        document=document,
    )
    return Done(result=world.put(chat, message), message_id=message.message_id)


def _read_file(world: World, request: Request, name: str, *, largest: int) -> Picture:
    """Return the file uploaded with the call, or one sent before that the call names by its id."""
    reference = request.text(name) or ""
    upload = request.files.get(reference.removeprefix("attach://") if reference else name)
    if upload is None:
        if reference in world.files:
            return world.files[reference]
        raise bad_request(
            f"there is no {name} in the request" if not reference else "wrong file identifier/HTTP URL specified"
        )
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > largest:
        raise bad_request(f"file of size {len(upload.content)} bytes is too big; the maximum size is {largest} bytes")
    width, height = _pixels(upload) if name == "photo" else (0, 0)
    if name == "photo" and (width + height > LONGEST_SIDES or max(width, height) > MOST_OBLONG * min(width, height)):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")
    return world.keep_file(upload, width=width, height=height)


def _pixels(upload: Upload) -> tuple[int, int]:
    if upload.content.startswith(_PNG):
        try:
            return struct.unpack_from(">II", upload.content, 16)  # the size opens the first chunk, after 16 bytes
        except struct.error:
            raise bad_request("IMAGE_PROCESS_FAILED") from None
    if upload.content.startswith(_OTHER_IMAGES):
        return _SOME_SIZE
    raise bad_request("IMAGE_PROCESS_FAILED")
