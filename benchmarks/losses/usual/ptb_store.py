"""A handler that stores each message through SQLAlchemy and thanks for it, as the libraries' pages combine.

Follows https://docs.python-telegram-bot.org/en/stable/examples.echobot.html (a handler for texts) and
https://docs.sqlalchemy.org/en/20/orm/extensions/asyncio.html (a session for each piece of work).
"""

from typing import Any

from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from telegram import Update
from telegram.ext import Application, ApplicationBuilder, ContextTypes, MessageHandler, filters

App = Application[Any, Any, Any, Any, Any, Any]  # Any: the library's type parameters say nothing to us


class Base(DeclarativeBase):
    pass


class Heard(Base):
    """A message that somebody wrote."""

    __tablename__ = "heard"

    id: Mapped[int] = mapped_column(primary_key=True)
    chat_id: Mapped[int]
    message_id: Mapped[int]
    words: Mapped[str]


def application(url: str, token: str, database: str) -> App:
    """A bot that keeps what it hears in a SQLite file."""
    engine = create_async_engine(f"sqlite+aiosqlite:///{database}")
    sessions = async_sessionmaker(engine, expire_on_commit=False)

    async def keep(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        message = update.effective_message
        if message is None:
            return
        async with sessions() as session:
            session.add(Heard(chat_id=message.chat_id, message_id=message.message_id, words=message.text or ""))
            await session.commit()
        await message.reply_text("Thank you, your message was kept.")

    async def make_tables(_application: App) -> None:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    builder = ApplicationBuilder().token(token).base_url(f"{url}/bot")
    built = builder.post_init(make_tables).build()  # pyright: ignore[reportUnknownMemberType]  # the library's own gap
    built.add_handler(MessageHandler(filters.TEXT & ~filters.COMMAND, keep))
    return built
