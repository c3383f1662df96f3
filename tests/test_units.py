"""Units of measure: how they are named, convert, combine and are written."""

from fractions import Fraction

import pytest

from incentives.units import (
    CURRENCIES,
    KNOWN_UNITS,
    NO_UNIT,
    bare_unit,
    counted,
    factor,
    inverse,
    parse_quantity,
    times,
    unit_of_name,
    unit_words,
)

AREA = (("平方米", 1),)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("元", NO_UNIT),
        ("平方米", AREA),
        ("亩", AREA),
        ("万平方米", AREA),
        ("标段", (("标段", 1),)),
        ("元/平方米", (("平方米", -1),)),
        ("吨标准煤/万元", (("元", -1), ("吨标准煤", 1))),
        ("千瓦时/平方米", (("千瓦时", 1), ("平方米", -1))),
        ("美元", (("美元", 1),)),
    ],
)
def test_names_of_units(name, unit):
    """A name stands for its base unit, yuan for none, an unknown one for itself."""
    assert dict(unit_of_name(name)) == dict(unit)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("平方米", 1),
        ("公顷", 10_000),
        ("亩", Fraction(2000, 3)),
        ("万千瓦时", 10_000),
        ("百万千瓦时", 1_000_000),
        ("千瓦", 1),
        ("千米", 1000),
        ("公斤", Fraction(1, 1000)),
        ("元/亩", Fraction(3, 2000)),
        ("周", 7),
        ("months", 1),
        ("万", 1),
        ("标段", 1),
    ],
)
def test_factors(name, count):
    """How many base units a unit is; a multiple alone is a unit that nobody knows."""
    assert factor(name) == count


@pytest.mark.parametrize(
    ("name", "bare"), [("万千瓦时", "千瓦时"), ("千克", "千克"), ("百人", "人")]
)
def test_bare_units(name, bare):
    """A multiple is taken off, unless it belongs to the name of the unit."""
    assert bare_unit(name) == bare


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("120人", (120, (("人", 1),))),
        ("120 名", (120, (("人", 1),))),
        ("1,200.5平方米", (Fraction(2401, 2), AREA)),
        ("1.5万平方米", (15_000, AREA)),
        ("3亩", (2000, AREA)),
        ("2百万千瓦时", (2_000_000, (("千瓦时", 1),))),
        ("5万美金", (50_000, (("美元", 1),))),
        (
            "0.5吨标煤/万元",
            (Fraction(1, 20_000), (("元", -1), ("吨标准煤", 1))),
        ),
        ("12标段", (12, (("标段", 1),))),
        ("120", None),
        ("人", None),
        ("1年6个月", None),
        ("1,20人", None),
        ("-3人", None),
    ],
)
def test_quantities(text, found):
    """A number and its unit come to base units; anything else is no quantity."""
    assert parse_quantity(text) == found


def test_units_combine():
    """A price times its unit has none; a product of the same unit is a square."""
    per_area = inverse(AREA)
    assert per_area == (("平方米", -1),)
    assert times(per_area, AREA) == NO_UNIT
    assert times(AREA, AREA) == (("平方米", 2),)
    assert times((("人", 1),), (("月", 1),)) == (("人", 1), ("月", 1))


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (NO_UNIT, ""),
        (AREA, "平方米"),
        ((("人", -1),), "/人"),
        ((("人", 1), ("月", 1)), "人·月"),
        ((("人", -1), ("月", -1)), "/人/月"),
        ((("平方米", 2),), "平方米·平方米"),
    ],
)
def test_words_of_units(unit, said):
    """Units that multiply, then each that divides."""
    assert unit_words(unit) == said


def test_known_units_are_told_longest_first():
    """So that `平方米` is not read as `平方` and something else, and none is yuan."""
    lengths = [len(name) for name in KNOWN_UNITS]
    assert lengths == sorted(lengths, reverse=True)
    assert "元" not in KNOWN_UNITS
    assert set(KNOWN_UNITS) > CURRENCIES


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (Fraction(20_000, 3), AREA, (10, "亩")),
        (Fraction(5, 2), AREA, (Fraction(5, 2), "平方米")),
        (Fraction(1, 3), AREA, (Fraction(1, 2000), "亩")),
        (Fraction(1, 7), AREA, (Fraction(1, 7), "平方米")),
        (Fraction(1, 3), (("平方米", -1),), (Fraction(1, 3), "/平方米")),
        (Fraction(1, 3), (("标段", 1),), (Fraction(1, 3), "标段")),
    ],
)
def test_numbers_as_people_write_them(value, unit, said):
    """In a unit in which the digits end, where there is one."""
    assert counted(value, unit) == said
