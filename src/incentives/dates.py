"""Calendar days in Asia/Shanghai and periods of them, both ends always included."""

import re

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone, tzinfo

from attrs import Attribute, field, frozen
from dateutil.relativedelta import relativedelta

#: China has had no daylight saving time since 1991, and only today is ever read from
#: a clock: a fixed offset is exact and needs no time zone database, which Windows
#: and slim containers lack.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")

#: The days that are read and computed; whole years, so anything else is a slip.
FIRST_DAY = date(1900, 1, 1)
LAST_DAY = date(2199, 12, 31)

#: A day that does not come: the event is known not to have happened.
NEVER = date.max


def today(clock: Callable[[tzinfo], datetime] = datetime.now) -> date:
    """
    Ask *clock*, once, what day it is in Shanghai.

    *clock* takes a time zone and returns a moment with a time zone, any one.
    """
    return clock(SHANGHAI).astimezone(SHANGHAI).date()


_DATE = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")

# Year first and one separator throughout: whatever else there is may be another day.
_OTHERWISE = re.compile(
    r"""
        (\d{4}) \s* ([-/.]) \s* (\d{1,2}) \s* \2 \s* (\d{1,2})
      | (\d{4}) \s* 年 \s* (\d{1,2}) \s* 月 \s* (\d{1,2}) \s* [日号]?
      | (\d{4}) (\d{2}) (\d{2})
    """,
    re.VERBOSE,
)

_MOMENT = re.compile(r"\s*\d{4}-\d{2}-\d{2}[T\s]\s*\d.*", re.DOTALL)


def parse_date(text: str) -> date:
    """
    Read a day that is written YYYY-MM-DD.

    >>> parse_date("2025-10-01")
    datetime.date(2025, 10, 1)

    Raises ValueError if *text* is written in any other way, names no day of the
    calendar or one outside `FIRST_DAY`..`LAST_DAY`.
    """
    found = _DATE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} {_why_no_date(text)}")
    year, month, day = map(int, found.groups())
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise _outside(text)
    if not 1 <= month <= 12:  # noqa: PLR2004 - months of a year
        raise ValueError(f"{text!r} is impossible: months go from 01 to 12")
    days = monthrange(year, month)[1]
    if not 1 <= day <= days:
        raise ValueError(
            f"{text!r} is impossible: days of {text[:7]} go from 01 to {days}"
        )
    return date(year, month, day)


def read_date(raw: object) -> date:
    """
    Read a day from outside: a date, or a string as `parse_date` takes it.

    Raises ValueError if *raw* is a datetime, of any other type, or no day that is
    read: `NEVER` is refused as '9999-12-31' is, since both stand for something else
    in the systems that supply facts.
    """
    match raw:
        case str():
            return parse_date(raw)
        case datetime():
            raise ValueError(
                f"{raw.isoformat()!r} has a time of day; "
                "write the day it falls on in Shanghai, as YYYY-MM-DD"
            )
        case date() if FIRST_DAY <= raw <= LAST_DAY:
            return raw
        case date():
            raise _outside(raw.isoformat())
        case _:
            raise ValueError(
                f"a date cannot be of type {type(raw).__name__}; write YYYY-MM-DD"
            )


def date_words(day: date, lang: str = "zh") -> str:
    """
    *day* as people write it; `NEVER` in words.

    >>> date_words(date(2025, 12, 31)), date_words(NEVER, "en")
    ('2025年12月31日', 'never')

    Raises ValueError if *lang* is neither "zh" nor "en".
    """
    match lang:
        case "zh" if day == NEVER:
            return "未发生"
        case "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        case "en":
            return "never" if day == NEVER else day.isoformat()
        case _:
            raise _unknown_language(lang)


def _count(_period: object, attribute: "Attribute[int]", value: int) -> None:
    if type(value) is not int or value < 0:
        raise ValueError(
            f"{attribute.name} of a period cannot be {value!r}; "
            "write a whole number, 0 or more"
        )


@frozen
class Period:
    """So many years, months and days; 36个月 and 3年 are equally long, not equal."""

    years: int = field(default=0, validator=_count)
    months: int = field(default=0, validator=_count)
    days: int = field(default=0, validator=_count)


_NUMBER = "([0-9]{1,9})"

_PERIODS = (
    re.compile(
        rf"(?=[0-9])(?:{_NUMBER} *年 *)?(?:{_NUMBER} *个月 *)?"
        rf"(?:{_NUMBER} *周 *)?(?:{_NUMBER} *[日天])?"
    ),
    re.compile(
        rf"(?=[0-9])(?:{_NUMBER} years?\b *)?(?:{_NUMBER} months?\b *)?"
        rf"(?:{_NUMBER} weeks?\b *)?(?:{_NUMBER} days?)?"
    ),
)

_DAYS_PER_WEEK = 7

#: Why a text is not a period; the first that is found in the text is said.
_NO_PERIOD = tuple(
    (re.compile(pattern), why)
    for pattern, why in (
        (r"\A\s*\Z", "is empty; write a period such as '36个月'"),
        (r"[一二三四五六七八九十两半]", "has no digits; write them, such as '6个月'"),
        (r"[0-9] *月", "names a month of the year; write a period such as '6个月'"),
        (r"[0-9]\.[0-9]", "is not in whole units; write them, such as '1年6个月'"),
        (r"\A[0-9]+\Z", "has no unit; write a period such as '36个月'"),
        ("", "is not a period; write one such as '36个月', '3年' or '30日'"),
    )
)


def parse_period(text: str) -> Period:
    """
    Read a period in Chinese or English, the largest unit first.

    A week is seven days; months are not turned into years, nor days into months.

    >>> parse_period("1年6个月"), parse_period("2周")
    (Period(years=1, months=6, days=0), Period(years=0, months=0, days=14))

    Raises ValueError, saying what to write, if *text* is anything else.
    """
    for pattern in _PERIODS:
        if found := pattern.fullmatch(text.strip()):
            years, months, weeks, days = (int(part or 0) for part in found.groups())
            return Period(years, months, weeks * _DAYS_PER_WEEK + days)
    why = next(why for pattern, why in _NO_PERIOD if pattern.search(text))
    raise ValueError(f"{text!r} {why}")


def period_words(period: Period, lang: str = "zh") -> str:
    """
    *period* as people write it, so that `parse_period` reads it back.

    >>> period_words(Period(years=1, months=6)), period_words(Period(months=1), "en")
    ('1年6个月', '1 month')

    Raises ValueError if *lang* is neither "zh" nor "en".
    """
    counts = (period.years, period.months, period.days)
    match lang:
        case "zh":
            parts = zip(counts, ("年", "个月", "日"), strict=True)
            return "".join(f"{n}{unit}" for n, unit in parts if n) or "0日"
        case "en":
            parts = zip(counts, ("year", "month", "day"), strict=True)
            said = (f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)
            return " ".join(said) or "0 days"
        case _:
            raise _unknown_language(lang)


def shift(day: date, period: Period, *, back: bool = False) -> date:
    """
    Count *period* on from *day*, or backwards if *back*.

    Years and months go first, to the last day of the month if it is too short; then
    the days are counted. Going there and back need not end where it began.

    >>> shift(date(2024, 1, 31), Period(months=1))
    datetime.date(2024, 2, 29)

    Raises ValueError if *day* or the day arrived at is outside
    `FIRST_DAY`..`LAST_DAY`; so is `NEVER`, on which no period begins or ends.
    """
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _outside(day.isoformat())
    try:
        delta = relativedelta(
            years=period.years, months=period.months, days=period.days
        )
        end = day - delta if back else day + delta
    except (OverflowError, ValueError):  # beyond the years that Python knows
        end = NEVER
    if not FIRST_DAY <= end <= LAST_DAY:
        where = "before" if back else "after"
        raise _outside(f"{period_words(period, 'en')} {where} {day.isoformat()}")
    return end


def days_between(start: date, end: date) -> int:
    """
    Days from one day to another; the first is not counted, the last one is.

    >>> days_between(date(2024, 2, 28), date(2024, 3, 1))
    2
    """
    return (end - start).days


def months_between(start: date, end: date) -> int:
    """
    Months that have passed from one day to another, as far as they are whole.

    Before the first day the count is negative, and never nothing: a month of which a
    day is still to come has not passed.

    >>> months_between(date(2024, 1, 31), date(2024, 2, 29))
    1
    >>> months_between(date(2024, 3, 1), date(2024, 2, 29))
    -1
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if _months_later(start, months) <= end else months - 1


def _months_later(start: date, months: int) -> date:
    """The same day of another month, its last one where that is shorter."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def years_between(start: date, end: date) -> int:
    """
    Years that have passed from one day to another, as far as they are whole.

    >>> years_between(date(2024, 2, 29), date(2025, 2, 28))
    1
    >>> years_between(date(2024, 7, 1), date(2024, 6, 30))
    -1
    """
    return months_between(start, end) // 12


def last_day(start: date, period: Period) -> date:
    """
    Find the last day, included, of a *period* that begins on *start*.

    民法典第二百零一条第一款　按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。
    第二百零二条　按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。

    As *start* is not counted, this is the day that `shift` arrives at. That a period
    ending on a public holiday runs on to the day after (第二百零三条第一款) is not
    applied: the holidays of a year are announced the year before.

    >>> last_day(date(2024, 8, 31), parse_period("6个月"))
    datetime.date(2025, 2, 28)

    Raises ValueError as `shift` does.
    """
    return shift(start, period)


def _why_no_date(text: str) -> str:
    if _MOMENT.fullmatch(text):
        return "has a time of day; write the day it falls on in Shanghai, as YYYY-MM-DD"
    found = _OTHERWISE.fullmatch(text.strip())
    if found:
        numbers = [int(part) for part in found.groups() if part and part.isdecimal()]
        try:
            meant = parse_date("{:04}-{:02}-{:02}".format(*numbers))
        except ValueError:  # no day either way, so there is nothing to suggest
            pass
        else:
            return f"is not written YYYY-MM-DD, did you mean '{meant}'?"
    return "is not a date; write YYYY-MM-DD"


def _outside(said: str) -> ValueError:
    return ValueError(f"{said!r} is outside {FIRST_DAY}..{LAST_DAY}; check the year")


def _unknown_language(lang: str) -> ValueError:
    return ValueError(f"unknown language {lang!r}; write 'zh' or 'en'")
