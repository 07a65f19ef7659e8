"""Everything the rules need, read once: settings, questions, phrases and wording."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from alliance import calibration
from alliance.approval import Part, Text
from alliance.calibration import Calibration, parse_calibration
from alliance.items import BrokenInstrument, Instrument, parse_instrument
from alliance.notes import BrokenNotes, Script, parse_scripts
from alliance.wording import BrokenWording, Wordings, parse_wordings
from bot.phrases import phrases_to_approve, shipped_language, shipped_phrases
from bot.public_holidays import holidays_of
from bot.settings import Settings, WrongSetting
from workflows.unit import Clinic, HelpAtOnce, never

OURS = "alliance-brief"  # the instrument that is asked where a clinic names no other

_HOUSE = files("alliance")


def read_clinic(settings: Settings, *, bot_username: str) -> Clinic:
    """Read all files; raises BrokenInstrument, BrokenNotes, BrokenRules or BrokenWording with the line that is wrong,
    and WrongSetting for a language without wording.
    """
    wordings = read_wordings()
    if settings.language not in wordings.languages:
        spoken = ", ".join(wordings.languages)
        raise WrongSetting(f"CHECKIN_LANGUAGE: there is no wording in {settings.language}; there is {spoken}.")
    _check_languages("CHECKIN_CRISIS_LINES", settings.crisis_lines, wordings)
    _check_languages("CHECKIN_CLINIC_CONTACTS", settings.clinic_contacts, wordings)
    return Clinic(
        name=settings.clinic_name,
        zone=settings.clinic_zone,
        language=settings.language,
        bot_username=bot_username,
        wordings=wordings,
        instruments=_instruments(settings.instrument_file),
        crisis_rules=shipped_phrases(),
        language_rules=shipped_language(),
        help_at_once=HelpAtOnce(
            emergency_number=settings.emergency_number,
            crisis_line=settings.crisis_line,
            clinic_contact=settings.clinic_contact,
            valid_until=settings.crisis_contacts_valid_until,
            crisis_lines=settings.crisis_lines,
            clinic_contacts=settings.clinic_contacts,
        ),
        quiet=settings.quiet,
        digest_at=settings.digest_time,
        invitation_days=settings.invitation_valid_days,
        calibration=read_calibration(),
        attention=settings.false_flags_per_week,
        words_in_telegram=settings.digest_words,
        digest_mail=settings.digest_email,
        words_by_mail=settings.digest_email_words,
        scripts=_scripts(settings.notes_file),
        untouched_after=settings.untouched_flags_after_working_days,
        console_url=settings.console_url,
        is_holiday=holidays_of(settings.public_holidays) if settings.public_holidays else never,
        spread=timedelta(minutes=settings.spread_minutes),
        clinician_rates=settings.clinician_rates,
        clinician_ratings_a_day=settings.clinician_ratings_a_day,
        to_approve=(*phrases_to_approve(), *_wording_to_approve(wordings)),
    )


def _check_languages(name: str, texts: Mapping[str, str], wordings: Wordings) -> None:
    unknown = sorted(set(texts) - set(wordings.languages))
    if unknown:  # nobody would ever be shown it
        raise WrongSetting(f"{name}: there is no wording in {unknown[0]}; there is {', '.join(wordings.languages)}.")


def read_calibration() -> Calibration:
    """The table of limits that the detection benchmark has written."""
    return parse_calibration(_text(_HOUSE / calibration.FILE))


@cache  # the files are part of the program; to read them takes longer than everything else here together
def read_wordings() -> Wordings:
    """Every language the program speaks: English from its templates, others from their catalogues."""
    languages = [entry for entry in (_HOUSE / "locales").iterdir() if entry.is_dir()]
    return parse_wordings(
        {language.name: {f.name: _wording_text(f) for f in _ending(language, ".pot", ".po")} for language in languages}
    )


def _wording_text(file: Traversable) -> str:
    try:
        return _text(file)
    except UnicodeDecodeError as error:
        raise BrokenWording(f"{file.name} is not written in UTF-8: {error}") from error


def _wording_to_approve(wordings: Wordings) -> tuple[Text, ...]:
    return tuple(
        Text(part=Part.WORDING, language=language, sha256=wordings.in_language(language).sha256())
        for language in wordings.languages
    )


def _instruments(own: Path | None) -> tuple[Instrument, ...]:
    """The clinic's own instrument first, or the one of ours that it names; all stay known for earlier check-ins."""
    ours = {Path(f.name).stem: parse_instrument(_text(f), name=f.name) for f in _toml(_HOUSE / "instruments")}
    asked = ours.get(str(own) if own else OURS)
    if asked is not None:
        return (asked, *(one for one in ours.values() if one is not asked))
    if own is None:
        raise BrokenInstrument(f"{OURS}.toml, which comes along, is missing.")
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenInstrument(f"{own} cannot be read; check CHECKIN_INSTRUMENT_FILE.") from error
    return (parse_instrument(text, name=str(own)), *ours.values())


def _scripts(own: Path | None) -> tuple[Script, ...]:
    """The notes that can be sent as they are: the clinic's own if it has some, otherwise ours."""
    if own is None:
        ours = _HOUSE / "scripts" / "notes.toml"
        return parse_scripts(_text(ours), name=ours.name)
    try:
        text = own.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BrokenNotes(f"{own} cannot be read; check CHECKIN_NOTES_FILE.") from error
    return parse_scripts(text, name=str(own))


def _toml(folder: Traversable) -> list[Traversable]:
    return _ending(folder, ".toml")


def _ending(folder: Traversable, *endings: str) -> list[Traversable]:
    found = [entry for entry in folder.iterdir() if entry.name.endswith(endings)]
    return sorted(found, key=lambda entry: entry.name)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
