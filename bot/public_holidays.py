"""Public holidays of a country or a part of it; what knows them all is imported only where a clinic has named one."""

from collections.abc import Callable
from datetime import date


class UnknownCountry(ValueError):
    """Write a country as ES, or with its part as ES-MD: ISO 3166 codes that the list of holidays knows."""


def holidays_of(code: str) -> Callable[[date], bool]:
    """Whether a day is a public holiday there; raises UnknownCountry for a code that is none."""
    # a quarter of a second and 25 MB, for those who need it
    import holidays  # noqa: PLC0415

    country, _, part = code.strip().upper().partition("-")
    try:
        found = holidays.country_holidays(country, subdiv=part or None)
    except NotImplementedError as error:
        raise UnknownCountry(UnknownCountry.__doc__) from error

    def is_holiday(day: date) -> bool:
        return day in found

    return is_holiday
