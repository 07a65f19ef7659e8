"""A wrong setting is one line that names it, before anything starts."""

import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.clinic import read_clinic
from bot.settings import PREFIX, Settings, WrongSetting, read_settings

EXAMPLE = Path(__file__).parents[2] / ".env.example"
SECRET = "hunter2-and-nobody-may-see-it"
WRONG = {  # setting, value, and the variable that the line must name
    "an address that is none": ("telegram_api_url", "nowhere", "CHECKIN_TELEGRAM_API_URL"),
    "a zone that is none": ("clinic_zone", "Mars/Olympus", "CHECKIN_CLINIC_ZONE"),
    "quiet hours without an end": ("quiet_hours", "21:00", "CHECKIN_QUIET_HOURS"),
    "quiet hours with a wrong hour": ("quiet_hours", "21:00-25:00", "CHECKIN_QUIET_HOURS"),
    "a digest at no time": ("digest_at", "in the morning", "CHECKIN_DIGEST_AT"),
    "holidays of a country that is none": ("public_holidays", "XX", "CHECKIN_PUBLIC_HOLIDAYS"),
    "holidays of a part that is none": ("public_holidays", "ES-XX", "CHECKIN_PUBLIC_HOLIDAYS"),
    "no days": ("invitation_valid_days", "0", "CHECKIN_INVITATION_VALID_DAYS"),
    "too many days": ("invitation_valid_days", "91", "CHECKIN_INVITATION_VALID_DAYS"),
    "days in words": ("invitation_valid_days", "a fortnight", "CHECKIN_INVITATION_VALID_DAYS"),
    "a level that is none": ("log_level", "loud", "CHECKIN_LOG_LEVEL"),
    "a date that is none": ("crisis_contacts_valid_until", "soon", "CHECKIN_CRISIS_CONTACTS_VALID_UNTIL"),
    "a token file that is not there": ("bot_token_file", "nowhere/token", "CHECKIN_BOT_TOKEN_FILE"),
    "an address file that is not there": ("database_url_file", "nowhere/url", "CHECKIN_DATABASE_URL_FILE"),
    "a mail server that is none": ("smtp_url", "mail.example.org", "CHECKIN_SMTP_URL"),
    "a mail password file that is not there": ("smtp_url_file", "nowhere/smtp", "CHECKIN_SMTP_URL_FILE"),
    "a webhook that is none": ("alarm_webhook_url", "a hook", "CHECKIN_ALARM_WEBHOOK_URL"),
}


@pytest.fixture(autouse=True)
def _nothing_in_the_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(PREFIX):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(("name", "value", "variable"), list(WRONG.values()), ids=list(WRONG))
def test_a_wrong_setting_is_named_in_one_line(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, variable: str
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), value)

    with pytest.raises(WrongSetting) as wrong:
        read_settings()

    assert str(wrong.value).startswith(variable)
    assert "\n" not in str(wrong.value)


def test_without_any_setting_it_can_be_read() -> None:
    settings = read_settings()

    assert settings.telegram_api_url == "https://api.telegram.org"
    assert settings.database_address.endswith("/data/checkin.sqlite3")


def test_a_name_that_is_mistyped_in_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"CHECKIN_BOT_TOKNE={SECRET}\n", encoding="utf-8")

    with pytest.raises(WrongSetting, match=r"CHECKIN_BOT_TOKNE in \.env is not a setting") as wrong:
        read_settings()

    assert SECRET not in str(wrong.value)


@pytest.mark.parametrize("name", ["bot_token", "encryption_keys", "database_url"])
def test_a_secret_is_never_printed_even_when_another_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(PREFIX + name.upper(), SECRET)
    settings = read_settings()
    monkeypatch.setenv("CHECKIN_CLINIC_ZONE", "Mars/Olympus")

    with pytest.raises(WrongSetting) as wrong:
        read_settings()

    assert SECRET not in repr(settings)
    assert SECRET not in str(wrong.value)
    assert wrong.value.__cause__ is None  # pydantic's error repeats what it was given
    assert wrong.value.__suppress_context__


@pytest.mark.parametrize("name", ["bot_token", "encryption_keys", "database_url"])
def test_a_secret_can_come_from_a_file_and_the_variable_wins(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setenv(f"{PREFIX}{name.upper()}_FILE", "secret")
    from_file = getattr(read_settings(), name).get_secret_value()
    monkeypatch.setenv(PREFIX + name.upper(), "the other one")

    from_variable = getattr(read_settings(), name).get_secret_value()

    assert (from_file, from_variable) == (SECRET, "the other one")


def test_a_key_file_that_is_not_there_yet_is_no_mistake() -> None:
    assert read_settings(encryption_keys_file=Path("nowhere")).encryption_keys.get_secret_value() == ""


def test_a_language_without_wording_is_named_in_one_line() -> None:
    settings = read_settings(language="tlh")

    with pytest.raises(WrongSetting, match=r"CHECKIN_LANGUAGE: .*en, es") as wrong:
        read_clinic(settings, bot_username="a_bot")

    assert "\n" not in str(wrong.value)


def test_the_example_names_exactly_the_settings() -> None:
    lines = EXAMPLE.read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0].lstrip("# ") for line in lines if PREFIX in line and "=" in line]

    assert sorted(named) == sorted(f"{PREFIX}{name.upper()}" for name in Settings.model_fields)


def test_the_example_can_be_used_as_it_is_and_sets_nothing_but_defaults(tmp_path: Path) -> None:
    defaults = read_settings()
    (tmp_path / ".env").write_text(EXAMPLE.read_text(encoding="utf-8"), encoding="utf-8")

    assert read_settings() == defaults


@pytest.mark.parametrize(
    ("code", "day", "is_holiday"),
    [
        pytest.param("ES-MD", date(2026, 4, 2), True, id="a holiday of a part"),
        pytest.param("ES-CT", date(2026, 4, 2), False, id="not of another part"),
        pytest.param("es", date(2026, 12, 25), True, id="in small letters"),
        pytest.param("ES", date(2026, 3, 4), False, id="an ordinary day"),
        pytest.param("", date(2026, 12, 25), False, id="no country is named"),
    ],
)
def test_the_clinic_knows_the_holidays_of_its_own_country_alone(code: str, day: date, is_holiday: bool) -> None:
    clinic = read_clinic(Settings(public_holidays=code), bot_username="a_bot")

    assert clinic.is_holiday(day) is is_holiday


def test_what_knows_all_holidays_is_imported_only_where_a_clinic_has_named_a_country() -> None:
    asked = "import bot.wiring, bot.clinic, sys; print('holidays' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", asked], cwd=EXAMPLE.parent, capture_output=True, text=True, check=True)

    assert said.stdout.strip() == "False"
