"""A page by the second channel says what to do now, in both languages, and names nobody."""

from datetime import datetime

import pytest

from bot.clinic import read_clinic
from bot.page_notice import page_notice
from bot.second_channel import Reader
from bot.settings import read_settings


@pytest.mark.parametrize(("language", "says"), [("en", "call the clinic now"), ("es", "llame ahora a la clínica")])
def test_a_page_says_what_to_do_now_and_names_nobody(moment: datetime, language: str, says: str) -> None:
    wordings = read_clinic(read_settings(_env_file=None), bot_username="a_bot").wordings

    page = page_notice(wordings.in_language(language), number=12, raised_at=moment, at=moment)

    assert (page.reader, page.kind) == (Reader.ON_CALL, "page")
    assert says in page.text
    assert says.split(" ", maxsplit=1)[0] in page.subject.lower()
    assert "12" in page.text
    assert "2026-03-02 08:00 UTC" in page.text
    assert page.details == {"alert": 12, "raised_at": "2026-03-02T08:00:00+00:00"}
    assert "!" not in page.text + page.subject
