"""Everything a patient reads, as it is read: from the catalogues and the questions, blanks filled in."""

import re
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

from babel.messages.pofile import read_po

import alliance
from bot.clinic import read_clinic
from bot.settings import read_settings

CLINIC = read_clinic(read_settings(_env_file=None), bot_username="a_bot")
READ_BY = {"Read by: patients", "Read by: staff", "Read by: everybody"}  # what each template says of each sentence
_WHOLE_SENTENCES = re.compile(r"\{(?:coming|emergency|now|question|low|high|line|said)\}")
_BLANK = re.compile(r"\{\w+\}")
_COMMAND = re.compile(r"/([a-z_]+)")


def read_by() -> dict[str, str]:
    """Who reads each sentence, by its key, as the template says in its first comment."""
    templates = sorted((Path(alliance.__path__[0]) / "locales" / "en").glob("*.pot"))
    messages = (message for path in templates for message in read_po(StringIO(path.read_text("utf-8"))))
    return {str(message.context): "".join(message.auto_comments[:1]) for message in messages if message.id}


def patient_texts(language: str) -> Iterator[tuple[str, str]]:
    """Each text that a patient may read, with its key: every form of every sentence, and every question."""
    readers = read_by()
    for key, text in CLINIC.wordings.in_language(language).texts():
        if readers[key] != "Read by: staff":
            yield key, text
    for item in CLINIC.instrument.items:
        words = item.words[language]
        yield from ((f"{item.id}.{name}", getattr(words, name)) for name in ("question", "low", "high"))


def filled_in(text: str) -> str:
    """The text with a short name in each blank, without the sentences that are measured by themselves."""
    filled = _BLANK.sub("Ana", _WHOLE_SENTENCES.sub("", text))
    return _COMMAND.sub(lambda command: command[1].replace("_", " "), filled)
