"""Settings: environment variables or a .env file, checked before anything starts."""

import re
from collections.abc import Callable
from datetime import date, time
from functools import partial
from pathlib import Path
from typing import Self

from pydantic import AnyHttpUrl, Field, SecretStr, TypeAdapter, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from alliance.calendar_events import PROPERTY
from alliance.calibration import USUAL_ATTENTION
from alliance.clinician_rating import WhenAsked
from alliance.local_time import QuietHours, known_zone
from alliance.places import MailContent, NoAddress, WordsInTelegram, mail_address
from bot.mail_server import read_mail_server
from bot.public_holidays import holidays_of
from bot.web_address import host_and_port, public_address

PREFIX = "CHECKIN_"
_SECRETS = (
    "bot_token",
    "encryption_keys",
    "database_url",
    "webhook_secret",
    "smtp_url",
    "alarm_webhook_url",  # whoever knows one of these addresses can use it
    "dead_mans_ping_url",
)
_WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{32,256}")  # Telegram takes 1 to 256; a guess must be hopeless
_MAIL_ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")


class WrongSetting(ValueError):
    """A setting cannot be used; the message names it and says what it should be."""


class Settings(BaseSettings):
    """Everything that can be set. Names of variables are these in capitals with CHECKIN_ before them."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="forbid", env_ignore_empty=True
    )

    bot_token: SecretStr = SecretStr("")
    bot_token_file: Path | None = None
    telegram_api_url: str = "https://api.telegram.org"

    webhook_url: str = ""
    webhook_secret: SecretStr = SecretStr("")
    webhook_secret_file: Path | None = None
    web_address: str = ""
    console_url: str = ""

    data_dir: Path = Path("data")
    database_url: SecretStr = SecretStr("")
    database_url_file: Path | None = None
    encryption_keys: SecretStr = SecretStr("")
    encryption_keys_file: Path | None = Path("checkin.keys")

    clinic_name: str = "Your clinic"
    clinic_zone: str = "UTC"
    language: str = "en"
    instrument_file: Path | None = None
    notes_file: Path | None = None
    quiet_hours: str = "21:00-08:00"
    digest_at: str = "08:00"
    digest_picture: bool = True
    digest_words: WordsInTelegram = WordsInTelegram.ON_REQUEST
    digest_email: MailContent = MailContent.OFF
    digest_email_words: bool = False
    public_holidays: str = ""
    spread_minutes: int = Field(default=0, ge=0, le=60)
    invitation_valid_days: int = Field(default=14, ge=1, le=90)
    clinician_rates: WhenAsked = WhenAsked.AFTER_VISITS
    clinician_ratings_a_day: int = Field(default=3, ge=0, le=20)
    calendar_patient_property: str = PROPERTY
    calendar_patient_pattern: str = ""
    false_flags_per_week: float = Field(default=USUAL_ATTENTION, ge=0.1, le=10)
    untouched_flags_after_working_days: int = Field(default=3, ge=1, le=20)

    emergency_number: str = ""
    crisis_line: str = ""
    clinic_contact: str = ""
    crisis_lines: dict[str, str] = Field(default_factory=dict[str, str])
    clinic_contacts: dict[str, str] = Field(default_factory=dict[str, str])
    crisis_contacts_valid_until: date | None = None

    alarm_email_to: str = ""
    page_email_to: str = ""
    smtp_url: SecretStr = SecretStr("")
    smtp_url_file: Path | None = None
    smtp_from: str = ""
    alarm_webhook_url: SecretStr = SecretStr("")
    alarm_webhook_url_file: Path | None = None
    dead_mans_ping_url: SecretStr = SecretStr("")
    dead_mans_ping_url_file: Path | None = None

    backup_dir: Path | None = None
    backup_every_minutes: int = Field(default=4, ge=1, le=1440)

    log_level: str = "INFO"

    @field_validator("telegram_api_url")
    @classmethod
    def _is_an_address(cls, value: str) -> str:
        TypeAdapter(AnyHttpUrl).validate_python(value)
        return value.rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _is_a_web_address(cls, value: str) -> str:
        if value:
            TypeAdapter(AnyHttpUrl).validate_python(value)
        return value

    @field_validator("console_url")
    @classmethod
    def _is_an_address_for_browsers(cls, value: str) -> str:
        return public_address(value) if value else value

    @field_validator("web_address")
    @classmethod
    def _is_host_and_port(cls, value: str) -> str:
        if value:
            host_and_port(value)
        return value

    @field_validator("clinic_zone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        if not known_zone(value):
            raise ValueError("no time zone has that name; write it as Europe/Madrid")
        return value

    @field_validator("log_level")
    @classmethod
    def _is_a_level(cls, value: str) -> str:
        if value.upper() not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
            raise ValueError("write DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @field_validator("quiet_hours")
    @classmethod
    def _is_a_stretch(cls, value: str) -> str:
        _quiet(value)
        return value

    @field_validator("public_holidays")
    @classmethod
    def _is_a_country(cls, value: str) -> str:
        if value:
            holidays_of(value)
        return value

    @field_validator("calendar_patient_property")
    @classmethod
    def _is_a_property(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Za-z0-9-]{1,40}", value):
            raise ValueError("write the name of a property of events, such as X-PATIENT-ID or SUMMARY")
        return value.upper()

    @field_validator("calendar_patient_pattern")
    @classmethod
    def _is_a_pattern(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"that is no regular expression ({error.msg})") from None
        return value

    @field_validator("digest_at")
    @classmethod
    def _is_a_time(cls, value: str) -> str:
        _time(value)
        return value

    @model_validator(mode="after")
    def _read_secret_files(self) -> Self:
        for name in _SECRETS:
            path: Path | None = getattr(self, f"{name}_file")
            value: SecretStr = getattr(self, name)
            if value.get_secret_value() or path is None or (name == "encryption_keys" and not path.exists()):
                continue
            try:
                setattr(self, name, SecretStr(path.read_text(encoding="utf-8").strip()))
            except (OSError, UnicodeDecodeError) as error:
                raise ValueError(f"{PREFIX}{name.upper()}_FILE: {path} cannot be read") from error
        return self

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Self:
        if self.webhook_url and not _WEBHOOK_SECRET.fullmatch(self.webhook_secret.get_secret_value()):
            raise ValueError(f"{PREFIX}WEBHOOK_SECRET: write 32 to 256 letters, digits, - or _, drawn at random")
        if self.webhook_url and not self.web_address:
            raise ValueError(f"{PREFIX}WEB_ADDRESS: say where the webhook listens, such as 127.0.0.1:8080")
        return self

    @model_validator(mode="after")
    def _console_can_be_reached(self) -> Self:
        if self.console_url and not self.web_address:
            raise ValueError(f"{PREFIX}WEB_ADDRESS: say where the console listens, such as 127.0.0.1:8080")
        return self

    @model_validator(mode="after")
    def _can_tell_somebody(self) -> Self:
        address = self.smtp_url.get_secret_value()
        if address:
            _checked("SMTP_URL", lambda: read_mail_server(address))
            if not self.alarm_readers and not self.page_readers and self.digest_email is MailContent.OFF:
                raise ValueError(f"{PREFIX}ALARM_EMAIL_TO: say to whom mail goes")
        for name in ("alarm_email_to", "page_email_to", "smtp_from"):
            readers = _addresses(getattr(self, name))
            if not all(_MAIL_ADDRESS.fullmatch(reader) for reader in readers):
                raise ValueError(f"{PREFIX}{name.upper()}: write it as name@example.org, several with commas")
            if readers and not address:
                raise ValueError(f"{PREFIX}SMTP_URL: set it, or nobody gets mail")
        for name in ("alarm_webhook_url", "dead_mans_ping_url"):
            value: SecretStr = getattr(self, name)
            if value.get_secret_value():
                _checked(name.upper(), partial(_web_address, value.get_secret_value()))
        return self

    @model_validator(mode="after")
    def _can_mail_digests(self) -> Self:
        if self.digest_email is not MailContent.OFF:
            if not self.smtp_url.get_secret_value():
                raise ValueError(f"{PREFIX}SMTP_URL: set it, or no digest goes by e-mail")
            try:
                mail_address(self.smtp_from)
            except NoAddress:
                raise ValueError(f"{PREFIX}SMTP_FROM: write the address digests come from as a@example.org") from None
        return self

    @property
    def alarm_readers(self) -> tuple[str, ...]:
        """Mail addresses of whoever runs the program."""
        return _addresses(self.alarm_email_to)

    @property
    def page_readers(self) -> tuple[str, ...]:
        """Mail addresses for pages that Telegram cannot carry."""
        return _addresses(self.page_email_to)

    @property
    def database_address(self) -> str:
        """Where the database is: as set, or a SQLite file in the data directory."""
        set_one = self.database_url.get_secret_value()
        return set_one or f"sqlite+aiosqlite:///{(self.data_dir / 'checkin.sqlite3').absolute()}"

    @property
    def calendar_pattern(self) -> re.Pattern[str] | None:
        """Where in that property of an event the clinic's id of a patient stands; None: it is all of it."""
        return re.compile(self.calendar_patient_pattern) if self.calendar_patient_pattern else None

    @property
    def quiet(self) -> QuietHours:
        """When nothing is delivered that can wait."""
        return _quiet(self.quiet_hours)

    @property
    def digest_time(self) -> time:
        """The local hour at which a new clinician's digest comes."""
        return _time(self.digest_at)


def read_settings(**given: object) -> Settings:
    """Read and check all settings; raises WrongSetting with one line for the first that is wrong."""
    try:
        return Settings(**given)  # pyright: ignore[reportArgumentType]  # pydantic checks each value
    except ValidationError as error:
        raise WrongSetting(_first(error)) from None  # the details would repeat the value, perhaps a secret


def _first(error: ValidationError) -> str:
    problem = error.errors(include_input=False, include_url=False)[0]
    where = str(problem["loc"][0]).upper() if problem["loc"] else ""
    what = problem["msg"].removeprefix("Value error, ")
    if problem["type"] == "extra_forbidden":
        return f"{where} in .env is not a setting; .env.example lists them all."
    name = where if where.startswith(PREFIX) else f"{PREFIX}{where}"
    return f"{name}: {what}." if where else f"{what}."


def _checked(name: str, read: Callable[[], object]) -> None:
    try:
        read()
    except ValidationError:
        raise ValueError(f"{PREFIX}{name}: that is no address of the web") from None
    except ValueError as error:
        raise ValueError(f"{PREFIX}{name}: {error}") from None


def _web_address(text: str) -> object:
    return TypeAdapter(AnyHttpUrl).validate_python(text)


def _addresses(words: str) -> tuple[str, ...]:
    return tuple(address for part in words.split(",") if (address := part.strip()))


def _quiet(words: str) -> QuietHours:
    start, dash, end = words.partition("-")
    if not dash:
        raise ValueError("write it as 21:00-08:00")
    return QuietHours(start=_time(start), end=_time(end))


def _time(words: str) -> time:
    try:
        return time.fromisoformat(words.strip())
    except ValueError:
        raise ValueError("write a time as 08:00") from None
