"""A rhythm as people say it: every so often, on which days, or so many days after each visit."""

from collections.abc import Iterable

from alliance.programme_lexicon import Kind, Piece
from alliance.programme_pieces import Pieces
from alliance.recurrence import Frequency
from alliance.rule_text import WEEKDAYS, parse_rule

WEEK = 7  # days
OPENS_RHYTHM = frozenset(
    {
        *(Kind.RULE, Kind.EVERY, Kind.ADVERB, Kind.WEEKDAY, Kind.WORKDAYS, Kind.TIMES_A_WEEK, Kind.NTH),
        *(Kind.LAST_WORKDAY, Kind.LAST_DAY, Kind.NUMBER, Kind.A_DAY, Kind.A_WEEK, Kind.UNIT, Kind.DAY_OF_YEAR),
    }
)
# the days that are meant by so many times a week; once, the first day of the phase decides
_PER_WEEK = {1: "", 2: ";BYDAY=MO,TH", 3: ";BYDAY=MO,WE,FR", 4: ";BYDAY=MO,TU,TH,FR", 5: ";BYDAY=MO,TU,WE,TH,FR"}


class Rhythms(Pieces):
    """Reads rhythms out of a sentence."""

    def rhythm(self, rules: list[str], visits: list[int]) -> None:
        """Read one rhythm, and add its rules, or its days around visits, to those of the phase."""
        piece = self.next()
        match piece.kind:
            case Kind.RULE:
                rules.append(parse_rule(piece.text.removeprefix("by the rule ").removeprefix("segun la regla ")))
            case Kind.NUMBER | Kind.A_DAY | Kind.A_WEEK | Kind.UNIT:
                self.back()
                visits.append(self._around_visit())
            case Kind.TIMES_A_WEEK:
                rules.append(parse_rule("FREQ=WEEKLY" + _PER_WEEK[piece.number]))
            case Kind.ADVERB if piece.frequency:
                rules += self._days(piece.frequency, piece.number)
            case Kind.EVERY:
                rules += self._every(piece)
            case Kind.WEEKDAY | Kind.WORKDAYS:
                self.back()
                rules += self._days(Frequency.WEEKLY, 1)
            case Kind.DAY_OF_YEAR:
                self.back()
                rules += self._days(Frequency.YEARLY, 1)
            case _:
                self.back()
                rules += self._days(Frequency.MONTHLY, 1)

    def _every(self, every: Piece) -> list[str]:
        """After "every": a number of periods, a period, or days."""
        interval = every.number
        if self.sees(Kind.NUMBER):
            interval = self.next().number
            if not self.sees(Kind.UNIT):
                self.refuse(self.rest())
        if self.sees(Kind.UNIT):
            frequency = self.next().frequency or Frequency.DAILY
            return self._days(frequency, interval)
        if self.sees(Kind.WEEKDAY) or self.sees(Kind.WORKDAYS):
            return self._days(Frequency.WEEKLY, interval)
        if not self.opens({Kind.NTH, Kind.LAST_WORKDAY, Kind.LAST_DAY}):
            self.refuse(self.rest())
        return self._days(Frequency.MONTHLY, interval)

    def _days(self, frequency: Frequency, interval: int) -> list[str]:
        """The rules for a period with the days that are named after it; without any, the first day decides."""
        start = f"FREQ={frequency.value};INTERVAL={interval}"
        match frequency:
            case Frequency.DAILY:
                parts = [""]
            case Frequency.WEEKLY:
                parts = self._week_days()
            case Frequency.MONTHLY:
                parts = self._month_days()
            case Frequency.YEARLY:
                parts = self._year_days()
        return [parse_rule(start + part) for part in parts]

    def _week_days(self) -> list[str]:
        if self.sees(Kind.WORKDAYS):
            self.next()
            return [";BYDAY=MO,TU,WE,TH,FR"]
        found = [WEEKDAYS[piece.number] for piece in self._list({Kind.WEEKDAY})]
        return [f";BYDAY={','.join(found)}" if found else ""]

    def _month_days(self) -> list[str]:
        if self.sees(Kind.LAST_WORKDAY):
            self.next()
            return [";BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"]
        weekdays: list[str] = []
        dates: list[str] = []
        for piece in self._list({Kind.NTH, Kind.LAST_DAY}):
            if self.sees(Kind.WEEKDAY) and piece.kind is Kind.NTH:
                weekdays.append(f"{piece.number}{WEEKDAYS[self.next().number]}")
            else:
                dates.append("-1" if piece.kind is Kind.LAST_DAY else str(piece.number))
        named = [f";BYDAY={','.join(weekdays)}"] if weekdays else []
        named += [f";BYMONTHDAY={','.join(dates)}"] if dates else []
        return named or [""]

    def _year_days(self) -> list[str]:
        days = [piece.day for piece in self._list({Kind.DAY_OF_YEAR}) if piece.day]
        months = dict.fromkeys(day.month for day in days)
        return [
            f";BYMONTH={month};BYMONTHDAY={','.join(str(day.day) for day in days if day.month == month)}"
            for month in months
        ] or [""]

    def _list(self, kinds: set[Kind]) -> Iterable[Piece]:
        """Pieces of these kinds one after the other, with commas and "and" between them."""
        if any(self.sees(kind) for kind in kinds):
            yield self.next()
            while any(self.follows(kind) for kind in kinds):
                self.skip()
                yield self.next()

    def _around_visit(self) -> int:
        """Days after (positive) or before (negative) each visit."""
        number = self.days_long()
        side = self.next()
        if side.kind not in {Kind.AFTER, Kind.BEFORE}:
            self.refuse(side.text)
        self.take(Kind.VISIT)
        return number if side.kind is Kind.AFTER else -number

    def days_long(self) -> int:
        """A number of days, from days or weeks; "a day", and "the day" after a visit, are one."""
        piece = self.next()
        if piece.kind in {Kind.A_DAY, Kind.A_WEEK}:
            return 1 if piece.kind is Kind.A_DAY else WEEK
        if piece.kind is Kind.UNIT and piece.frequency is Frequency.DAILY:
            return 1
        if piece.kind is not Kind.NUMBER:
            self.refuse(piece.text)
        unit = self.take(Kind.UNIT)
        if unit.frequency is Frequency.WEEKLY:
            return piece.number * WEEK
        if unit.frequency is not Frequency.DAILY:
            self.refuse(unit.text)
        return piece.number
