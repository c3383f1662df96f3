"""Amounts and rates are read without guessing, kept exactly and written readably."""

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from hypothesis import given
from hypothesis import strategies as st

from incentives.money import (
    MOST_FEN,
    Rounding,
    decimal_string,
    parse_money,
    parse_rate,
    rate_words,
    read_money,
    round_fen,
    round_to,
    words,
    yuan,
)

fen = st.integers(-MOST_FEN, MOST_FEN)
amounts = st.fractions() | st.integers()
units = st.sampled_from([1, 10, 100, 1_000_000])
modes = st.sampled_from(Rounding)


class TestParseMoney:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("500万元", 500_000_000),
            ("500万", 500_000_000),
            ("2亿元", 20_000_000_000),
            ("2亿", 20_000_000_000),
            ("3.5亿元", 35_000_000_000),
            ("3千元", 300_000),
            ("3百万元", 300_000_000),
            ("1,234.50元", 123_450),
            ("5000000", 500_000_000),
            ("1.5", 150),
            ("0", 0),
            ("-0", 0),
            ("007元", 700),
            ("0" * 30 + "7元", 700),
            ("-3元", -300),
            ("0.01元", 1),
            ("0.000001万元", 1),
            ("0.0000000001亿元", 1),
            ("1.5000000000000000元", 150),
        ],
    )
    def test_units(self, text, expected):
        """An amount is a decimal number and one unit, or yuan if there is none."""
        assert parse_money(text) == expected

    @pytest.mark.parametrize(
        "text",
        [
            "1,200万元",
            "1 200万元",
            "1\u00a0200万元",
            "1\u202f200万元",
            "1，200万元",
            "１２００万元",
            "  1200 万元\n",
            "\u30001200\u3000万元",
            "¥1200万",
            "￥12,000,000",
            "¥ 12 000 000.00",
            "人民币1200万元",
            "人民币 12000000",
        ],
    )
    def test_twelve_million_yuan(self, text):
        """Separators, full-width forms, spaces and a leading ¥ change nothing."""
        assert parse_money(text) == 1_200_000_000

    @pytest.mark.parametrize("text", ["-3", "－3", "-¥3", "¥-3", "-￥３", "人民币-3元"])
    def test_minus(self, text):
        """A minus may stand before or after the currency."""
        assert parse_money(text) == -300

    @pytest.mark.parametrize("text", ["", "  ", "\u3000"])
    def test_empty(self, text):
        """Nothing is not nought."""
        assert _refusal(text) == (
            f"{text!r} is empty; write an amount such as '500万元'"
        )

    @pytest.mark.parametrize("text", ["30%", "30％", "3‰", "百分之三十"])
    def test_rate(self, text):
        """A rate is not an amount."""
        assert _refusal(text) == (
            f"{text!r} is a rate, not an amount; write an amount such as '500万元'"
        )

    @pytest.mark.parametrize(
        "text", ["500万美元", "USD 500", "500 usd", "$500", "＄500", "3亿日元", "5港币"]
    )
    def test_other_currency(self, text):
        """Another currency is not converted in silence."""
        assert _refusal(text) == (
            f"{text!r} is not in yuan; convert it at a stated rate, such as '500万元'"
        )

    @pytest.mark.parametrize("text", ["5e6", "5E+6元", "1.5e-2"])
    def test_exponent(self, text):
        """Exponents are for machines."""
        assert _refusal(text) == (
            f"{text!r} has an exponent; write all the digits, such as '5000000'"
        )

    @pytest.mark.parametrize(
        "text", ["500-600万元", "500万元至600万元", "500～600万元", "500万—600万"]
    )
    def test_range(self, text):
        """A range is two amounts."""
        assert _refusal(text) == (
            f"{text!r} is a range; write one amount, such as '500万元'"
        )

    @pytest.mark.parametrize(
        "text",
        [
            "约500万元",
            "500万元以上",
            "不超过500万元",
            "最高500万元",
            "500余万元",
            ">5元",
        ],
    )
    def test_about(self, text):
        """Words that blur or bound an amount belong elsewhere."""
        assert _refusal(text) == (
            f"{text!r} is not one exact amount; "
            "write the number alone, such as '500万元'"
        )

    @pytest.mark.parametrize("text", ["五百万元", "伍佰万元", "1亿零5元", "半亿"])
    def test_chinese_numerals(self, text):
        """Numbers are written in digits."""
        assert _refusal(text) == (
            f"{text!r} has Chinese numerals; write digits, such as '500万元'"
        )

    @pytest.mark.parametrize("text", ["1亿2000万元", "5元3角", "1万 500元"])
    def test_more_than_one_unit(self, text):
        """An amount has one unit."""
        assert _refusal(text) == (
            f"{text!r} has more than one unit; write one unit, such as '1.2亿元'"
        )

    @pytest.mark.parametrize(
        "text",
        ["1,23元", "12,34万", "1234,567", "0,500", "1,234 567", "1  234", "1,,234"],
    )
    def test_wrong_grouping(self, text):
        """Digits are grouped in threes by one separator; `0,500` is no 0.5 either."""
        assert _refusal(text) == (
            f"{text!r} is grouped wrongly; group digits in threes, such as '1,234.50元'"
        )

    @pytest.mark.parametrize("text", [".5亿元", "5.元", "1.2.元"])
    def test_bare_point(self, text):
        """A point stands between digits."""
        assert _refusal(text) == (
            f"{text!r} lacks a digit beside the point; write it, such as '0.5亿元'"
        )

    @pytest.mark.parametrize("text", ["万元", "-", "未载明"])
    def test_no_number(self, text):
        """A unit alone is no amount."""
        assert _refusal(text) == (
            f"{text!r} has no number; write an amount such as '500万元'"
        )

    @pytest.mark.parametrize(
        ("text", "unit"),
        [
            ("500块", "块"),
            ("3 千万元", "千万元"),
            ("5²元", "²元"),
            ("5CNY ", "CNY"),
            ("1.2.3", ".3"),
        ],
    )
    def test_unknown_unit(self, text, unit):
        """An unknown unit is named, and the known ones are listed."""
        assert _refusal(text) == (
            f"{text!r} has the unknown unit {unit!r}; "
            "write one of 元, 千元, 万元, 百万元, 亿元"
        )

    @pytest.mark.parametrize("text", ["+5", "--5", "-¥-5", "奖5元", "(5)"])
    def test_anything_else(self, text):
        """Whatever is not understood is refused all the same."""
        assert _refusal(text) == (
            f"{text!r} is not an amount; write an amount such as '500万元'"
        )

    @pytest.mark.parametrize(
        "text", ["0.001元", "0.001", "0.0000001万元", "0.00000000001亿元"]
    )
    def test_finer_than_a_fen(self, text):
        """Nothing is rounded in reading."""
        assert _refusal(text) == (
            f"{text!r} is finer than a fen; "
            "write at most two decimals of a yuan, such as '1234.50元'"
        )

    @pytest.mark.parametrize(
        "text",
        ["100000001亿元", "10000000000000000.01", "-10000000000000000.01", "9" * 5000],
    )
    def test_too_large(self, text):
        """An amount beyond 1亿亿元 is a slip of the unit."""
        assert _refusal(text) == (
            f"{text!r} is beyond 100000000亿元, either sign; check the unit"
        )

    def test_the_largest(self):
        """The bound itself is read, with either sign."""
        assert parse_money("100000000亿元") == MOST_FEN
        assert parse_money("-100000000亿元") == -MOST_FEN

    @given(st.text() | st.text("0123456789 ,.-¥元万亿千百%", max_size=12))
    def test_total(self, text):
        """Any text is an amount within the bound or refused by name."""
        try:
            amount = parse_money(text)
        except ValueError as refusal:
            assert str(refusal).startswith(repr(text))  # noqa: PT017 - a law
        else:
            assert abs(amount) <= MOST_FEN


class TestReadMoney:
    @pytest.mark.parametrize(
        ("raw", "expected"),
        [
            (2000, 200_000),
            (-3, -300),
            (Decimal("1234.50"), 123_450),
            (Decimal("1234.5000"), 123_450),
            (Decimal("5E+6"), 500_000_000),
            (Decimal("-0.01"), -1),
            (Decimal("0E-999999"), 0),
            (Decimal("1E+16"), MOST_FEN),
            ("2000万", 2_000_000_000),
        ],
    )
    def test_accepted(self, raw, expected):
        """Numbers are yuan; strings say their unit."""
        assert read_money(raw) == expected

    @pytest.mark.parametrize(
        ("raw", "message"),
        [
            (
                1234.5,
                (
                    "1234.5 is a float, which is not exact; "
                    "write a decimal string such as '1234.50'"
                ),
            ),
            (
                2.0,
                (
                    "2.0 is a float, which is not exact; "
                    "write a decimal string such as '1234.50'"
                ),
            ),
            (True, "True is a bool, not an amount; write it in yuan"),
            (
                None,
                (
                    "an amount cannot be of type NoneType; "
                    "write a decimal string such as '1234.50'"
                ),
            ),
            (
                [5],
                (
                    "an amount cannot be of type list; "
                    "write a decimal string such as '1234.50'"
                ),
            ),
            (
                Decimal("NaN"),
                "Decimal('NaN') is not finite; write an amount such as '1234.50'",
            ),
            (
                Decimal("-Infinity"),
                "Decimal('-Infinity') is not finite; write an amount such as '1234.50'",
            ),
            (
                Decimal("0.001"),
                (
                    "'0.001' is finer than a fen; "
                    "write at most two decimals of a yuan, such as '1234.50元'"
                ),
            ),
            (
                Decimal("1.005"),
                (
                    "'1.005' is finer than a fen; "
                    "write at most two decimals of a yuan, such as '1234.50元'"
                ),
            ),
            (
                Decimal("1E-999999"),
                (
                    "'1E-999999' is finer than a fen; "
                    "write at most two decimals of a yuan, such as '1234.50元'"
                ),
            ),
            (
                10**16 + 1,
                "the number is beyond 100000000亿元, either sign; check the unit",
            ),
            (
                Decimal("1E+999999"),
                "the number is beyond 100000000亿元, either sign; check the unit",
            ),
            (
                Decimal("10000000000000001.0"),
                (
                    "'10000000000000001.0' is beyond 100000000亿元, either sign; "
                    "check the unit"
                ),
            ),
            ("", "'' is empty; write an amount such as '500万元'"),
        ],
    )
    def test_refused(self, raw, message):
        """What is not exactly an amount is refused, and a float always."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            read_money(raw)
        assert str(caught.value) == message

    def test_too_long_to_write(self):
        """A number that Python would not even print is refused in the same words."""
        with pytest.raises(
            ValueError,
            match=r"^the number is beyond 100000000亿元, either sign; check the unit$",
        ):
            read_money(-(10**5000))

    @given(fen)
    def test_decimals_round_trip(self, amount):
        """read_money(yuan(x)) is x."""
        assert read_money(yuan(amount)) == amount


class TestYuan:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (500_000_000, "5000000"),
            (123_450, "1234.50"),
            (-300, "-3"),
            (-5, "-0.05"),
            (0, "0"),
        ],
    )
    def test_plain(self, amount, text):
        """Whole yuan have no decimals, others two, and there are no exponents."""
        assert decimal_string(amount) == text
        assert str(yuan(amount)) == text

    def test_ignores_the_decimal_context(self):
        """A caller who computes with few digits still gets every fen."""
        with localcontext(prec=3):
            assert str(yuan(123_456_789)) == "1234567.89"

    @given(fen)
    def test_round_trip(self, amount):
        """parse_money(decimal_string(x)) is x."""
        assert parse_money(decimal_string(amount)) == amount


class TestWords:
    @pytest.mark.parametrize(
        ("amount", "chinese", "english"),
        [
            (0, "0元", "¥0"),
            (1, "0.01元", "¥0.01"),
            (-300, "-3元", "-¥3"),
            (123_450, "1,234.50元", "¥1,234.50"),
            (999_999, "9,999.99元", "¥9,999.99"),
            (1_000_000, "1万元", "¥10,000"),
            (1_000_100, "1.0001万元", "¥10,001"),
            (1_000_010, "10,000.10元", "¥10,000.10"),
            (500_000_000, "500万元", "¥5,000,000"),
            (499_998_000, "499.998万元", "¥4,999,980"),
            (-499_998_000, "-499.998万元", "-¥4,999,980"),
            (9_999_000_000, "9999万元", "¥99,990,000"),
            (12_000_000_000, "1.2亿元", "¥120,000,000"),
            (12_345_600_000, "12345.6万元", "¥123,456,000"),
            (20_000_000_000, "2亿元", "¥200,000,000"),
        ],
    )
    def test_one_unit(self, amount, chinese, english):
        """The largest unit is taken that is short and exact."""
        assert words(amount) == chinese
        assert words(amount, "en") == english

    def test_unknown_language(self):
        """Only Chinese and English are written."""
        with pytest.raises(
            ValueError, match=r"^unknown language 'fr'; write 'zh' or 'en'$"
        ):
            words(0, "fr")

    @given(fen | st.integers(-(10**6), 10**6).map(lambda x: x * 10**6))
    def test_round_trip(self, amount):
        """parse_money(words(x)) is x, in both languages."""
        assert parse_money(words(amount)) == amount
        assert parse_money(words(amount, "en")) == amount


class TestRates:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("30%", Fraction(3, 10)),
            ("12.5%", Fraction(1, 8)),
            ("3‰", Fraction(3, 1000)),
            ("30％", Fraction(3, 10)),
            (" ３０ % ", Fraction(3, 10)),
            ("150%", Fraction(3, 2)),
            ("-5%", Fraction(-1, 20)),
            ("1/3", Fraction(1, 3)),
            ("0%", Fraction(0)),
        ],
    )
    def test_parse(self, text, expected):
        """A rate is exact, in percent, per mille or as a fraction."""
        assert parse_rate(text) == expected

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (
                "30",
                "is ambiguous without a unit; write a rate such as '30%' or '3‰'",
            ),
            (
                "0.3",
                "is ambiguous without a unit; write a rate such as '30%' or '3‰'",
            ),
            ("", "is not a rate; write a rate such as '30%' or '3‰'"),
            ("百分之三十", "is not a rate; write a rate such as '30%' or '3‰'"),
            ("20%-30%", "is not a rate; write a rate such as '30%' or '3‰'"),
            (".5%", "is not a rate; write a rate such as '30%' or '3‰'"),
            ("9" * 5000 + "%", "is not a rate; write a rate such as '30%' or '3‰'"),
            ("1/0", "divides by zero; write a rate such as '30%'"),
        ],
    )
    def test_refused(self, text, why):
        """A bare number could mean two rates, so it means none."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            parse_rate(text)
        assert str(caught.value) == f"{text!r} {why}"

    @pytest.mark.parametrize(
        ("rate", "expected"),
        [
            (Fraction(3, 10), "30%"),
            (Fraction(1, 8), "12.5%"),
            (Fraction(3, 1000), "0.3%"),
            (Fraction(1), "100%"),
            (Fraction(10), "1000%"),
            (Fraction(0), "0%"),
            (Fraction(-1, 8), "-12.5%"),
            (Fraction(1, 1024), "0.09765625%"),
            (Fraction(1, 3), "1/3"),
            (Fraction(-2, 3), "-2/3"),
        ],
    )
    def test_words(self, rate, expected):
        """A rate is written as a percentage wherever that is exact."""
        assert rate_words(rate) == expected

    @given(st.fractions(-1000, 1000, max_denominator=10_000))
    def test_round_trip(self, rate):
        """parse_rate(rate_words(x)) is x."""
        assert parse_rate(rate_words(rate)) == rate


class TestRounding:
    @pytest.mark.parametrize(
        ("amount", "unit", "half_up", "down", "up"),
        [
            (Fraction(5, 2), 1, 3, 2, 3),
            (Fraction(-5, 2), 1, -3, -2, -3),
            (Fraction(12, 5), 1, 2, 2, 3),
            (Fraction(-12, 5), 1, -2, -2, -3),
            (Fraction(1, 3), 1, 0, 0, 1),
            (Fraction(-1, 3), 1, 0, 0, -1),
            (149, 100, 100, 100, 200),
            (150, 100, 200, 100, 200),
            (-150, 100, -200, -100, -200),
            (499_998_000, 1_000_000, 500_000_000, 499_000_000, 500_000_000),
            (200, 100, 200, 200, 200),
            (0, 100, 0, 0, 0),
        ],
    )
    def test_modes(self, amount, unit, half_up, down, up):
        """A half goes away from zero, DOWN towards it, UP away from it."""
        assert round_fen(amount, unit=unit, mode=Rounding.HALF_UP) == half_up
        assert round_fen(amount, unit=unit, mode=Rounding.DOWN) == down
        assert round_fen(amount, unit=unit, mode=Rounding.UP) == up

    def test_half_a_fen_that_floats_lose(self):
        """30% of 16.75 yuan is 502.5 fen, which rounds to 503."""
        share = parse_rate("30%") * parse_money("16.75")
        assert round_fen(share, mode=Rounding.HALF_UP) == 503

    @pytest.mark.parametrize("unit", [0, -100])
    def test_unit_below_a_fen(self, unit):
        """There is nothing to round to below a fen."""
        with pytest.raises(ValueError) as caught:  # noqa: PT011 - whole message below
            round_fen(1, unit=unit, mode=Rounding.DOWN)
        assert str(caught.value) == (
            f"cannot round to {unit} fen; the unit is 1 fen or more"
        )

    @given(amounts, units)
    def test_bounds(self, amount, unit):
        """DOWN and UP enclose the amount in one unit, and HALF_UP is the nearer."""
        down = abs(round_fen(amount, unit=unit, mode=Rounding.DOWN))
        up = abs(round_fen(amount, unit=unit, mode=Rounding.UP))
        nearest = round_fen(amount, unit=unit, mode=Rounding.HALF_UP)
        assert down <= abs(amount) <= up
        assert up - down == (0 if amount % unit == 0 else unit)
        assert abs(nearest) == (up if abs(amount) - down >= up - abs(amount) else down)

    @given(amounts, units, modes)
    def test_symmetric(self, amount, unit, mode):
        """Rounding money back is rounding money out."""
        out = round_fen(amount, unit=unit, mode=mode)
        assert round_fen(-amount, unit=unit, mode=mode) == -out

    @given(amounts, amounts, units, modes)
    def test_monotone(self, one, other, unit, mode):
        """A larger amount never rounds to less."""
        less, more = sorted([one, other])
        assert round_fen(less, unit=unit, mode=mode) <= round_fen(
            more, unit=unit, mode=mode
        )

    @given(amounts, units, modes)
    def test_once(self, amount, unit, mode):
        """What is rounded stays as it is, a multiple of the unit."""
        rounded = round_fen(amount, unit=unit, mode=mode)
        assert rounded % unit == 0
        assert round_fen(rounded, unit=unit, mode=mode) == rounded


def _refusal(text):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - callers check it whole
        parse_money(text)
    return str(caught.value)


class TestRoundTo:
    """Any measure is rounded to a multiple of a unit."""

    @pytest.mark.parametrize(
        ("measure", "unit", "mode", "expected"),
        [
            (Fraction(7, 2), 1, Rounding.DOWN, 3),
            (Fraction(7, 2), 1, Rounding.HALF_UP, 4),
            (Fraction(-7, 2), 1, Rounding.DOWN, -3),
            (199, 100, Rounding.DOWN, 100),
            (Fraction(8, 5), Fraction(1, 2), Rounding.HALF_UP, Fraction(3, 2)),
        ],
    )
    def test_multiples(self, measure, unit, mode, expected):
        """Down is towards nothing; a unit may be a fraction."""
        assert round_to(measure, unit, mode) == expected

    @pytest.mark.parametrize("unit", [0, -1])
    def test_units_are_positive(self, unit):
        """There are no multiples of nothing."""
        with pytest.raises(ValueError, match="cannot round to multiples of"):
            round_to(1, unit, Rounding.DOWN)
