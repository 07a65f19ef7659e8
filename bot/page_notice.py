"""A page that Telegram cannot carry, as the second channel brings it: the number of the alert and nobody's name."""

from datetime import datetime

from alliance.wording import Wording
from bot.second_channel import Notice, Reader


def page_notice(wording: Wording, *, number: int, raised_at: datetime, at: datetime) -> Notice:
    """The page about one alert, for the people on call, in the clinic's language."""
    return Notice(
        reader=Reader.ON_CALL,
        kind="page",
        subject=wording("alert.by_mail_subject"),
        text=wording("alert.by_mail", number=number, at=f"{raised_at:%Y-%m-%d %H:%M}"),
        at=at,
        details={"alert": number, "raised_at": raised_at.isoformat()},
    )
