"""Days are read strictly, and periods end on the day that the law says."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

import pytest

from hypothesis import given
from hypothesis import strategies as st

from incentives.dates import (
    FIRST_DAY,
    LAST_DAY,
    NEVER,
    SHANGHAI,
    Period,
    date_words,
    last_day,
    parse_date,
    parse_period,
    period_words,
    read_date,
    shift,
    today,
)

days = st.dates(FIRST_DAY, LAST_DAY)
# Over 45 years from both ends: two of the periods below on end never lead out.
inner_days = st.dates(date(1950, 1, 1), date(2149, 12, 31))
periods = st.builds(
    Period, st.integers(0, 10), st.integers(0, 120), st.integers(0, 1000)
)


class TestToday:
    @pytest.mark.parametrize(
        ("hour", "expected"), [(15, date(2025, 12, 31)), (16, date(2026, 1, 1))]
    )
    def test_midnight_in_shanghai(self, hour, expected):
        """The new year begins at 16:00 UTC, whatever zone the clock answers in."""
        moment = datetime(2025, 12, 31, hour, tzinfo=UTC)
        assert today(lambda _zone: moment) == expected
        assert today(moment.astimezone) == expected

    def test_asks_for_shanghai(self):
        """The clock is asked once, for the time at +08:00."""
        asked = []

        def clock(zone):
            asked.append(zone)
            return datetime(2025, 10, 1, tzinfo=zone)

        assert today(clock) == date(2025, 10, 1)
        assert asked == [SHANGHAI]
        assert SHANGHAI.utcoffset(None) == timedelta(hours=8)

    def test_system_clock(self):
        """Without a clock, it is the day of the system clock in Shanghai."""
        before = datetime.now(SHANGHAI).date()
        now = today()
        assert before <= now <= datetime.now(SHANGHAI).date()


class TestParseDate:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2025-10-01", date(2025, 10, 1)),
            ("2024-02-29", date(2024, 2, 29)),
            ("1900-01-01", FIRST_DAY),
            ("2199-12-31", LAST_DAY),
        ],
    )
    def test_iso(self, text, expected):
        """A date is YYYY-MM-DD, from the first day to the last."""
        assert parse_date(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "2025/10/1",
            "2025年10月1日",
            "2025 年 10 月 1 号",
            "2025年10月1",
            "20251001",
            "2025-10-1",
            "2025.10.1",
            "２０２５-１０-０１",
            " 2025-10-01 ",
            "2025-10-01\n",
        ],
    )
    def test_did_you_mean(self, text):
        """One day written otherwise is refused, with its right spelling."""
        assert _refusal(text) == (
            f"{text!r} is not written YYYY-MM-DD, did you mean '2025-10-01'?"
        )

    def test_did_you_mean_leading_zeros(self):
        """Missing zeros are put in."""
        assert _refusal("2025-1-5") == (
            "'2025-1-5' is not written YYYY-MM-DD, did you mean '2025-01-05'?"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "2025",
            "2025-10",
            "01/10/2025",
            "2025-W40-3",
            "2025/2/30",
            "2225/1/1",
            "2025/10-1",
            "99999999",
            "二〇二五年十月一日",
            "2025-10-01至2025-12-31",
        ],
    )
    def test_no_suggestion(self, text):
        """What may mean another day, or no day, gets no suggestion."""
        assert _refusal(text) == f"{text!r} is not a date; write YYYY-MM-DD"

    @pytest.mark.parametrize(
        "text",
        ["2025-10-01T00:00:00", "2025-10-01 08:00", "2025-10-01T23:00:00+00:00"],
    )
    def test_timestamp(self, text):
        """A moment is not cut to a day: in Shanghai it may be the next one."""
        assert _refusal(text) == (
            f"{text!r} has a time of day; "
            "write the day it falls on in Shanghai, as YYYY-MM-DD"
        )

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("2025-02-30", "days of 2025-02 go from 01 to 28"),
            ("2024-02-30", "days of 2024-02 go from 01 to 29"),
            ("2025-11-31", "days of 2025-11 go from 01 to 30"),
            ("2025-10-00", "days of 2025-10 go from 01 to 31"),
            ("2025-13-01", "months go from 01 to 12"),
            ("2025-00-01", "months go from 01 to 12"),
        ],
    )
    def test_impossible(self, text, why):
        """A day that the calendar lacks is called impossible."""
        assert _refusal(text) == f"{text!r} is impossible: {why}"

    @pytest.mark.parametrize("text", ["1899-12-31", "2200-01-01", "0000-01-01"])
    def test_outside(self, text):
        """A year far away is a slip."""
        assert _refusal(text) == (
            f"{text!r} is outside 1900-01-01..2199-12-31; check the year"
        )

    @given(days)
    def test_round_trip(self, day):
        """parse_date(day.isoformat()) is the day."""
        assert parse_date(day.isoformat()) == day

    @given(st.text() | st.text("0123456789-/.年月日T:", max_size=12))
    def test_total(self, text):
        """Any text is a day that reads back to itself, or refused by name."""
        try:
            day = parse_date(text)
        except ValueError as refusal:
            assert str(refusal).startswith(repr(text))  # noqa: PT017 - a law
        else:
            assert day.isoformat() == text


class TestReadDate:
    @pytest.mark.parametrize("raw", ["2025-10-01", date(2025, 10, 1)])
    def test_accepted(self, raw):
        """A day comes as a date or as a string."""
        assert read_date(raw) == date(2025, 10, 1)

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (
                datetime(2025, 10, 1, 23, tzinfo=UTC),
                (
                    "'2025-10-01T23:00:00+00:00' has a time of day; "
                    "write the day it falls on in Shanghai, as YYYY-MM-DD"
                ),
            ),
            (
                NEVER,
                "'9999-12-31' is outside 1900-01-01..2199-12-31; check the year",
            ),
            (
                date(1899, 12, 31),
                "'1899-12-31' is outside 1900-01-01..2199-12-31; check the year",
            ),
            (20251001, "a date cannot be of type int; write YYYY-MM-DD"),
            (None, "a date cannot be of type NoneType; write YYYY-MM-DD"),
            ("2025", "'2025' is not a date; write YYYY-MM-DD"),
        ],
    )
    def test_refused(self, raw, message):
        """A moment, a number or a day far away is not a date."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            read_date(raw)
        assert str(caught.value) == message


class TestDateWords:
    @pytest.mark.parametrize(
        ("day", "chinese", "english"),
        [
            (date(2025, 12, 31), "2025年12月31日", "2025-12-31"),
            (date(2025, 1, 5), "2025年1月5日", "2025-01-05"),
            (NEVER, "未发生", "never"),
        ],
    )
    def test_words(self, day, chinese, english):
        """A day that does not come is said in words."""
        assert date_words(day) == chinese
        assert date_words(day, "en") == english

    def test_unknown_language(self):
        """Only Chinese and English are written."""
        with pytest.raises(
            ValueError, match=r"^unknown language 'fr'; write 'zh' or 'en'$"
        ):
            date_words(NEVER, "fr")


class TestPeriod:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("36个月", Period(months=36)),
            ("3年", Period(years=3)),
            ("30日", Period(days=30)),
            ("30天", Period(days=30)),
            ("1年6个月", Period(years=1, months=6)),
            ("1 年 6 个月", Period(years=1, months=6)),
            ("1年6个月15日", Period(1, 6, 15)),
            ("2周", Period(days=14)),
            ("2周1天", Period(days=15)),
            ("0日", Period()),
            (" 36 months ", Period(months=36)),
            ("3 years", Period(years=3)),
            ("30 days", Period(days=30)),
            ("2 weeks", Period(days=14)),
            ("1 year 6 months 1 day", Period(1, 6, 1)),
        ],
    )
    def test_parse(self, text, expected):
        """A period is numbers and units, the largest unit first."""
        assert parse_period(text) == expected

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            ("", "is empty; write a period such as '36个月'"),
            ("三年", "has no digits; write them, such as '6个月'"),
            ("半年", "has no digits; write them, such as '6个月'"),
            ("6月", "names a month of the year; write a period such as '6个月'"),
            ("1.5年", "is not in whole units; write them, such as '1年6个月'"),
            ("36", "has no unit; write a period such as '36个月'"),
            *(
                (text, "is not a period; write one such as '36个月', '3年' or '30日'")
                for text in (
                    "-3年",
                    "6个月1年",
                    "3年以内",
                    "个月",
                    "36个月 3 years",
                    "1 year6 months",
                    "3 yearsago",
                    "9999999999年",
                )
            ),
        ],
    )
    def test_refused(self, text, why):
        """What is not a period is refused with what to write."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            parse_period(text)
        assert str(caught.value) == f"{text!r} {why}"

    @pytest.mark.parametrize("value", [-1, 1.5, True, "3"])
    @pytest.mark.parametrize("name", ["years", "months", "days"])
    def test_counts(self, name, value):
        """A period is made of whole numbers, none below 0."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            Period(**{name: value})
        assert str(caught.value) == (
            f"{name} of a period cannot be {value!r}; write a whole number, 0 or more"
        )

    @pytest.mark.parametrize(
        ("period", "chinese", "english"),
        [
            (Period(months=36), "36个月", "36 months"),
            (Period(1, 6, 15), "1年6个月15日", "1 year 6 months 15 days"),
            (Period(2, 1, 1), "2年1个月1日", "2 years 1 month 1 day"),
            (Period(), "0日", "0 days"),
        ],
    )
    def test_words(self, period, chinese, english):
        """A period is written with its own units, nought left out."""
        assert period_words(period) == chinese
        assert period_words(period, "en") == english

    def test_unknown_language(self):
        """Only Chinese and English are written."""
        with pytest.raises(
            ValueError, match=r"^unknown language 'fr'; write 'zh' or 'en'$"
        ):
            period_words(Period(), "fr")

    @given(periods, st.sampled_from(["zh", "en"]))
    def test_round_trip(self, period, lang):
        """parse_period(period_words(x)) is x, in both languages."""
        assert parse_period(period_words(period, lang)) == period


class TestShift:
    @pytest.mark.parametrize(
        ("day", "period", "expected"),
        [
            ("2024-01-31", "1个月", "2024-02-29"),
            ("2023-01-31", "1个月", "2023-02-28"),
            ("2024-02-29", "1年", "2025-02-28"),
            ("2024-02-29", "4年", "2028-02-29"),
            ("2024-02-29", "36个月", "2027-02-28"),
            ("2025-10-01", "30日", "2025-10-31"),
            ("2025-12-31", "1日", "2026-01-01"),
            ("2024-01-31", "1个月1日", "2024-03-01"),
            ("2025-10-01", "0日", "2025-10-01"),
        ],
    )
    def test_forth(self, day, period, expected):
        """Months end where they end, and days are counted last."""
        assert shift(parse_date(day), parse_period(period)) == parse_date(expected)

    @pytest.mark.parametrize(
        ("day", "period", "expected"),
        [
            ("2024-03-31", "1个月", "2024-02-29"),
            ("2024-02-29", "1年", "2023-02-28"),
            ("2025-10-01", "2周", "2025-09-17"),
            ("2025-03-31", "1个月1日", "2025-02-27"),
        ],
    )
    def test_back(self, day, period, expected):
        """The same holds towards the past."""
        end = shift(parse_date(day), parse_period(period), back=True)
        assert end == parse_date(expected)

    @pytest.mark.parametrize(
        ("day", "period", "back", "said"),
        [
            (LAST_DAY, Period(days=1), False, "1 day after 2199-12-31"),
            (FIRST_DAY, Period(days=1), True, "1 day before 1900-01-01"),
            (date(2025, 1, 1), Period(9000), False, "9000 years after 2025-01-01"),
            (date(2025, 1, 1), Period(9000), True, "9000 years before 2025-01-01"),
            (
                date(2025, 1, 1),
                Period(days=10**10),
                False,
                "10000000000 days after 2025-01-01",
            ),
            (
                date(2025, 1, 1),
                Period(days=10**20),
                True,
                "100000000000000000000 days before 2025-01-01",
            ),
            (NEVER, Period(), False, "9999-12-31"),
            (NEVER, Period(months=6), True, "9999-12-31"),
        ],
    )
    def test_outside(self, day, period, back, said):
        """No period leads out of the calendar, or begins on a day that never comes."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            shift(day, period, back=back)
        assert str(caught.value) == (
            f"{said!r} is outside 1900-01-01..2199-12-31; check the year"
        )

    @given(inner_days, inner_days, periods, st.booleans())
    def test_monotone_in_the_day(self, one, other, period, back):
        """Who starts later never ends earlier."""
        early, late = sorted([one, other])
        assert shift(early, period, back=back) <= shift(late, period, back=back)

    @given(inner_days, periods, periods)
    def test_monotone_in_the_period(self, day, period, more):
        """More years, months and days never end earlier."""
        longer = Period(
            period.years + more.years,
            period.months + more.months,
            period.days + more.days,
        )
        assert day <= shift(day, period) <= shift(day, longer)

    @given(inner_days, st.integers(0, 1000))
    def test_days_are_exact(self, day, count):
        """So many days on is so many days on, and back again."""
        end = shift(day, Period(days=count))
        assert (end - day).days == count
        assert shift(end, Period(days=count), back=True) == day

    @given(inner_days, st.integers(0, 10))
    def test_a_year_is_twelve_months(self, day, years):
        """3年 and 36个月 end on the same day."""
        assert shift(day, Period(years=years)) == shift(day, Period(months=12 * years))


class TestTheFirstDayIsNotCounted:
    """第二百零一条第一款　按照年、月、日计算期间的，开始的当日不计入，自下一日开始计算。"""

    def test_one_day(self):
        """A period of one day that begins on 1 October ends on 2 October."""
        assert last_day(date(2025, 10, 1), parse_period("1日")) == date(2025, 10, 2)

    @given(inner_days, st.integers(0, 1000))
    def test_days_after_the_first(self, start, count):
        """As many days are counted after the first as the period has."""
        end = last_day(start, Period(days=count))
        counted = [start + timedelta(days=n + 1) for n in range((end - start).days)]
        assert len(counted) == count
        assert start not in counted


class TestTheCorrespondingDay:
    """第二百零二条　按照年、月计算期间的，到期月的对应日为期间的最后一日；没有对应日的，月末日为期间的最后一日。"""

    @pytest.mark.parametrize(
        ("start", "period", "expected"),
        [
            ("2024-12-31", "36个月", "2027-12-31"),
            ("2025-03-15", "36个月", "2028-03-15"),
            ("2024-08-31", "6个月", "2025-02-28"),
            ("2023-08-31", "6个月", "2024-02-29"),
            ("2024-02-29", "3年", "2027-02-28"),
            ("2025-02-28", "1个月", "2025-03-28"),
        ],
    )
    def test_examples(self, start, period, expected):
        """The last day has the number of the first, or is the last of its month."""
        end = last_day(parse_date(start), parse_period(period))
        assert end == parse_date(expected)

    @given(inner_days, st.integers(0, 10), st.integers(0, 120))
    def test_against_the_calendar(self, start, years, months):
        """Month and day agree with a count by hand on a calendar."""
        end = last_day(start, Period(years, months))
        index = (start.year + years) * 12 + (start.month - 1) + months
        assert (end.year, end.month) == (index // 12, index % 12 + 1)
        assert end.day == min(start.day, monthrange(end.year, end.month)[1])


def _refusal(text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - callers check it whole
        parse_date(text)
    return str(caught.value)
