"""How a given value is read, by the kind of fact that it is given for."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from incentives.dates import NEVER
from incentives.facts import core_vocabulary
from incentives.ir import Fact, Kind
from incentives.readers import NotReadableError, shown
from incentives.vocabulary import EnumerationValue, FactDeclaration, inner

SIZE = FactDeclaration(
    "size",
    Kind.TEXT,
    values=(
        EnumerationValue("small", "小型", "small"),
        EnumerationValue("large", "大型", "large"),
    ),
    aliases={"小": "small"},
)


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        (Kind.TEXT, "泉州市", "泉州市"),
        (Kind.BOOLEAN, False, False),
        (Kind.MONEY, "2000万", Decimal(20000000)),
        (Kind.MONEY, 2000, Decimal(2000)),
        (Kind.MONEY, Decimal("0.50"), Decimal("0.50")),
        (Kind.NUMBER, 3, Decimal(3)),
        (Kind.NUMBER, "12.5", Decimal("12.5")),
        (Kind.NUMBER, Decimal(10) ** 18, Decimal(10) ** 18),
        (Kind.RATE, "30%", Fraction(3, 10)),
        (Kind.RATE, Fraction(1, 3), Fraction(1, 3)),
        (Kind.DATE, "2025-08-28", date(2025, 8, 28)),
        (Kind.DATE, date(2025, 8, 28), date(2025, 8, 28)),
        (Kind.DATE, False, NEVER),
        (Kind.YEAR, 2025, 2025),
    ],
)
def test_what_is_read(kind, raw, value):
    """A value of the right form is read exactly."""
    read = FactDeclaration("fact", kind).read(raw)

    assert read == value
    assert type(read) is type(value)


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_is_unknown(kind):
    """None is unknown, whatever the kind."""
    assert FactDeclaration("fact", kind).read(None) is None


@pytest.mark.parametrize(
    ("kind", "raw", "message", "suggestion"),
    [
        (Kind.TEXT, "", "empty text", "leave it out if it is unknown"),
        (Kind.TEXT, " x", "text with blanks around it: ' x'", "did you mean 'x'?"),
        (Kind.TEXT, True, "expected text, got True", None),
        (Kind.BOOLEAN, 0, "expected true or false, got 0", None),
        (
            Kind.NUMBER,
            1.5,
            "a float is not exact: 1.5",
            "write a decimal string such as '12.5'",
        ),
        (Kind.NUMBER, True, "expected a number, got True", None),
        (Kind.NUMBER, "1,000", "expected a number, got '1,000'", None),
        (Kind.NUMBER, "１２", "expected a number, got '１２'", None),
        (Kind.NUMBER, None.__class__, "expected a number, got <class 'NoneType'>", None),
        (Kind.NUMBER, -1, "a negative number: -1", None),
        (Kind.NUMBER, 10**19, f"a number out of range: {10**19}", None),
        pytest.param(Kind.NUMBER, 10**5000, "a number out of range: a huge integer", None, id="huge"),
        (
            Kind.NUMBER,
            Decimal("sNaN"),
            "a number out of range: Decimal('sNaN')",
            None,
        ),
        (Kind.NUMBER, Decimal("-Infinity"), (
            "a number out of range: Decimal('-Infinity')"
        ), None),
        (Kind.RATE, 0.3, "expected a rate such as '30%', got 0.3", None),
        (
            Kind.RATE,
            "30",
            "'30' is ambiguous without a unit; write a rate such as '30%' or '3‰'",
            None,
        ),
        (Kind.YEAR, "2025", "expected a year such as 2025, got '2025'", (
            "write 2025 without quotes"
        )),
        (Kind.YEAR, "25", "expected a year such as 2025, got '25'", None),
        (Kind.YEAR, 1899, "a year outside 1900 to 2199: 1899", None),
    ],
)  # fmt: skip
def test_what_is_refused(kind, raw, message, suggestion):
    """A value of another form is refused, saying what was expected."""
    with pytest.raises(NotReadableError) as caught:
        FactDeclaration("fact", kind).read(raw)

    assert (str(caught.value), caught.value.suggestion) == (message, suggestion)


@pytest.mark.parametrize("raw", ["small", "小型", "小"])
def test_an_enumeration_has_several_words(raw):
    """A value of an enumeration is known by its value, its label and its aliases."""
    assert SIZE.read(raw) == "small"
    assert raw in list(SIZE.names())


def test_another_value_of_an_enumeration():
    """A value that an enumeration does not have is refused with the nearest."""
    with pytest.raises(NotReadableError) as caught:
        SIZE.read("smal")

    assert str(caught.value) == "expected one of 'small', 'large', got 'smal'"
    assert caught.value.suggestion == "did you mean 'small'?"


def test_synonyms():
    """A value has itself and its aliases as synonyms."""
    assert SIZE.synonyms("small") == ("small", "小")
    assert SIZE.synonyms("large") == ("large",)


def test_money_and_numbers_are_never_negative():
    """The kernel's leaf promises what reading made sure of."""
    closed = FactDeclaration("cost", Kind.MONEY, default=Decimal("0.50"))

    assert closed.as_fact("platform") == Fact(
        "cost", Kind.MONEY, "platform", low=0, default=50
    )
    assert SIZE.as_fact() == Fact("size", Kind.TEXT)


@pytest.mark.parametrize(
    ("value", "kind", "kernel"),
    [
        (Decimal("1234.50"), Kind.MONEY, 123450),
        (Decimal("12.5"), Kind.NUMBER, Fraction(25, 2)),
        (Fraction(3, 10), Kind.RATE, Fraction(3, 10)),
        (True, Kind.BOOLEAN, True),
    ],
)
def test_inner(value, kind, kernel):
    """Engines see whole fen and exact numbers."""
    assert inner(value, kind) == kernel


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("x" * 100, "'" + "x" * 76 + "..."),
        (True, "True"),
        (-(10**31), "a huge integer"),
        pytest.param({1: 10**5000}, "a dict that cannot be printed", id="huge"),
    ],
)
def test_a_value_in_a_message(raw, text):
    """A value is shown short, or not at all where Python cannot."""
    assert shown(raw) == text


def test_declarations_are_found_by_path():
    """A path of the subject or of a record finds its declaration, another None."""
    vocabulary = core_vocabulary()

    cost = vocabulary.declaration("enterprise", "platform.equipment_cost")
    city = vocabulary.declaration("enterprise", "city")

    assert (cost.name if cost else None) == "equipment_cost"
    assert (city.name if city else None) == "city"
    assert vocabulary.declaration("enterprise", "planet.mass") is None
    assert vocabulary.declaration("enterprise", "platform.mass") is None
    assert vocabulary.declaration("enterprise", "mass") is None


class TestUnits:
    AREA = FactDeclaration("area", Kind.NUMBER, unit="公顷", negative=True)

    @pytest.mark.parametrize(
        ("raw", "value"),
        [
            (4, "4"),
            ("3", "3"),
            ("-3", "-3"),
            ("1.5公顷", "1.5"),
            ("-3 公顷", "-3"),
            ("500平方米", "0.05"),
            ("30亩", "2"),
        ],
    )
    def test_read(self, raw, value):
        """A number is in the unit of the fact; with another unit it is converted."""
        assert self.AREA.read(raw) == Decimal(value)

    @pytest.mark.parametrize(
        ("raw", "said", "help_"),
        [
            ("1亩", "'1亩' has no exact value in 公顷", "write it in 公顷"),
            ("3人", "'3人' is not in 公顷", "write it in 公顷"),
            ("3元", "'3元' is not in 公顷", "write it in 公顷"),
            ("很大", "expected a number, got '很大'", None),
        ],
    )
    def test_mistakes(self, raw, said, help_):
        """What does not convert is refused, with the unit that is wanted."""
        with pytest.raises(NotReadableError) as error:
            self.AREA.read(raw)
        assert (str(error.value), error.value.suggestion) == (said, help_)

    def test_kernel(self):
        """The kernel counts base units."""
        fact = self.AREA.as_fact()
        assert (fact.unit, fact.scale, fact.low) == ((("平方米", 1),), 10_000, None)
        assert inner(Decimal(3), Kind.NUMBER, fact.scale) == 30_000

    def test_prices(self):
        """An amount for a unit may be followed by it, and is in fen for its base."""
        rent = FactDeclaration("rent", Kind.MONEY, unit="元/亩", default=Decimal(20))
        assert rent.read("35元/亩") == 35
        assert rent.read(35) == 35
        assert rent.as_fact().default == 3
        with pytest.raises(NotReadableError):
            rent.read("35元/平方米")
