"""Catalogues of two sentences to break in one place each."""

HEADER = 'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Plural-Forms: {plural}\\n"\n"X-Approved-By: {signed}\\n"\n'
TWO_FORMS = "nplurals=2; plural=(n != 1);"
HELLO = '\nmsgctxt "hello"\nmsgid "Hello {name}"\nmsgstr "%s"\n'
DAYS = '\nmsgctxt "days"\nmsgid "{count} day"\nmsgid_plural "{count} days"\n'


def catalogue(language: str, *entries: str, plural: str = TWO_FORMS, signed: str = "") -> str:
    """A catalogue with a header and these entries."""
    return HEADER.format(language=language, plural=plural, signed=signed) + "".join(entries)


def hello(translation: str = "") -> str:
    """The greeting; in a template it is not translated."""
    return HELLO % translation


def days(*forms: str) -> str:
    """The sentence about a number in so many forms; in a template two empty ones."""
    return DAYS + "".join(f'msgstr[{number}] "{form}"\n' for number, form in enumerate(forms or ("", "")))


ENGLISH = {"a.pot": catalogue("en", hello(), days())}
