"""Danger in a raw update is seen wherever the person wrote it, and not in what others wrote."""

import pytest

from bot.clinic import read_clinic
from bot.settings import read_settings
from workflows.danger import danger_in

WORDS = "I want to kill myself"
ANA = {"id": 7, "language_code": "en"}
CLINIC = read_clinic(read_settings(_env_file=None), bot_username="a_bot")


@pytest.mark.parametrize(
    ("content", "is_danger"),
    [
        pytest.param({"text": WORDS}, True, id="text"),
        pytest.param({"poll": {"question": WORDS, "options": []}}, True, id="the question of a poll"),
        pytest.param({"poll": {"question": "?", "options": [{"text": WORDS}]}}, True, id="an answer of a poll"),
        pytest.param({"contact": {"first_name": "I want to", "last_name": "kill myself"}}, True, id="a contact card"),
        pytest.param({"checklist": {"title": "Today", "tasks": [{"text": WORDS}]}}, True, id="a checklist"),
        pytest.param({"venue": {"title": WORDS, "address": ""}}, True, id="the name of a place"),
        pytest.param({"text": "so I read", "quote": {"text": WORDS}}, False, id="a quote"),
        pytest.param({"text": "yes", "reply_to_message": {"text": WORDS}}, False, id="what is replied to"),
        pytest.param(
            {"text": "yes", "reply_markup": {"inline_keyboard": [[{"text": WORDS}]]}}, False, id="the label of a button"
        ),
        pytest.param({"audio": {"title": WORDS}}, False, id="the title of a song"),
    ],
)
def test_where_a_person_writes_is_looked_through(content: dict[str, object], is_danger: bool) -> None:
    found = danger_in({"update_id": 1, "message": {"from": ANA, **content}}, CLINIC)

    assert (found is not None) == is_danger
