"""The book: rules by id, readings checked, meanings in two languages."""

from datetime import date

import pytest

from incentives import UnknownRuleError, UsageError, load
from incentives.packs import bundled
from incentives.policy import Reading
from tests.support.bad_packs import SOUND

BOOK = load(SOUND)


def test_rules_in_order() -> None:
    """A book is the rules in the order of their files."""
    assert [rule.id for rule in BOOK] == ["bonus", "equipment", "growth"]
    assert len(BOOK) == 3
    assert BOOK["growth"] is BOOK.rules[2]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("bonsu", "unknown rule 'bonsu', did you mean 'bonus'?"),
        ("x", "unknown rule 'x', one of 'bonus', 'equipment', 'growth'"),
    ],
)
def test_unknown_rule(rule: str, said: str) -> None:
    """A rule id that the book lacks is refused, as a key and as a usage error."""
    with pytest.raises(UnknownRuleError) as caught:
        BOOK[rule]
    assert str(caught.value) == said
    assert isinstance(caught.value, KeyError)
    assert isinstance(caught.value, UsageError)


@pytest.mark.parametrize(
    ("readings", "said"),
    [
        ({"stackin": "x"}, "unknown reading 'stackin', did you mean 'stacking'?"),
        (
            {"stacking": "highest"},
            (
                "reading 'stacking' has no value 'highest', "
                "expected one of 'cumulative', 'highest-only'"
            ),
        ),
        (
            {"effective-date": "2025-13-01"},
            (
                "reading 'effective-date' has no value '2025-13-01', "
                "expected 'unknown' or an ISO date"
            ),
        ),
        (
            {"effective-date": "20250101"},
            (
                "reading 'effective-date' has no value '20250101', "
                "expected 'unknown' or an ISO date"
            ),
        ),
        (
            {"stacking": None, "one-time": 3},
            (
                "reading 'stacking' has no value None, "
                "expected one of 'cumulative', 'highest-only'\n"
                "reading 'one-time' has no value 3, "
                "expected one of 'once', 'per-list-year'"
            ),
        ),
        (
            {"effective-date": 3},
            (
                "reading 'effective-date' has no value 3, "
                "expected 'unknown' or an ISO date"
            ),
        ),
    ],
)
def test_wrong_readings(readings: dict[str, str], said: str) -> None:
    """Every unknown reading and value is told, with what there is."""
    with pytest.raises(UsageError) as caught:
        bundled().under(readings)
    assert str(caught.value) == said


def test_unknown_reading_without_a_likeness() -> None:
    """A reading that resembles none is told all there are."""
    with pytest.raises(UsageError) as caught:
        BOOK.under({"zzz": "1"})
    assert str(caught.value) == "unknown reading 'zzz', 'how-often'"


def test_any_date() -> None:
    """A reading of any date takes every ISO date."""
    moved = bundled().under({"effective-date": "2024-06-01"})
    assert moved.readings["effective-date"] == "2024-06-01"
    window = moved["private-top-500"].window
    assert str(window.first) == "2024-06-01"


def test_meanings() -> None:
    """A value is told in either language, in Chinese where there is no other."""
    reading = Reading("r", "?", {"a": "甲", "b": "乙"}, english={"a": "first"})
    assert [reading.meaning("a", lang) for lang in ("zh", "en")] == ["甲", "first"]
    assert [reading.meaning("b", lang) for lang in ("zh", "en")] == ["乙", "乙"]
    assert reading.meaning("2026-01-01", "en") == "2026-01-01"
    assert reading.default == "a"
    assert reading.others == ("a", "b")


def test_titles() -> None:
    """A rule without an English title keeps the Chinese one."""
    assert BOOK["bonus"].title_in("en") == "上云奖励"
    assert bundled()["tech-loan"].title_in("zh") == "科技贷引导支持"
    assert bundled()["tech-loan"].title_in("en") == (
        "technology loans guided to small enterprises"
    )


def test_contains() -> None:
    """A book is asked for a rule by its id, or by the rule itself."""
    assert "bonus" in BOOK
    assert BOOK["bonus"] in BOOK
    assert "private-top-500" not in BOOK
    assert 5 not in BOOK


def test_a_date_is_its_iso_form() -> None:
    """A reading that is a day may be given as a date."""
    book = bundled().under({"effective-date": date(2024, 6, 1)})
    assert book.readings["effective-date"] == "2024-06-01"
