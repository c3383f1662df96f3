"""Tiers that overlap, leave gaps or cannot be reached."""

import pytest

from incentives.errors import Diagnostic, Place
from incentives.ir import Branch, Constant, Kind
from incentives.language import expressions
from incentives.language.amounts.tiers import check_tiers
from incentives.language.expressions.scope import Scope
from incentives.language.nodes import Problems, Scalar
from incentives.vocabulary import FactDeclaration, SubjectDeclaration

SCOPE = Scope(
    SubjectDeclaration(
        {kind.value: FactDeclaration(kind.value, kind) for kind in Kind}, {}
    ),
    {},
)


def checked(kind: str, *tests: str) -> list[Diagnostic]:
    """What is said of tiers; the place of a tier is the line of its number."""
    problems = Problems()
    measured = expressions.term(
        Scalar(kind, Place("r.yaml", 0, 1, 2, "")), SCOPE, problems
    )
    assert measured is not None
    tiers = []
    for line, text in enumerate(tests, start=1):
        place = Place("r.yaml", line, 1, 2, "")
        condition = expressions.test_of(Scalar(text, place), measured, SCOPE, problems)
        assert condition is not None
        branch = Branch(condition, Constant(line, Kind.MONEY))
        tiers.append((branch, place))
    check_tiers(measured, tiers, problems)
    return [*problems.found, *problems.warnings]


@pytest.mark.parametrize(
    ("kind", "tests"),
    [
        ("money", ["[1元, 5元)", "[5元, ∞)"]),
        ("money", ["(5元, ∞)", "[1元, 5元)", "[5元]"]),
        ("money", ["(-∞, 5元)", "5元 至 6元", "(6元, ∞)"]),
        ("rate", ["[10%, 20%)", "20% 至 30%"]),
        ("number", ["[1, 5)", "[5, 9)"]),
        ("year", ["2024 至 2025", "2026 至 2027"]),
        ("year", ["[2024]", "[2026]"]),
        ("date", ["2024-01-01 至 2024-12-31", "[2025-01-01, ∞)"]),
        ("text", ["[“甲”, “乙”]", "[“丙”]"]),
        ("money", ["[money, 5元)", "[1元, 5元)"]),
    ],
)
def test_neighbours_are_sound(kind: str, tests: list[str]) -> None:
    """Tiers that meet, and of which each value has one, are not reported."""
    assert checked(kind, *tests) == []


@pytest.mark.parametrize(
    ("kind", "tests", "line", "other"),
    [
        ("money", ["[1元, 6元)", "[5元, ∞)"], 2, 1),
        ("money", ["1元 至 5元", "5元 至 6元"], 2, 1),
        ("money", ["[5元, ∞)", "(-∞, 6元)"], 2, 1),
        ("money", ["[1元, 2元)", "[5元, 9元)", "6元 至 7元"], 3, 2),
        ("money", ["[6元]", "[5元, 9元)"], 2, 1),
        ("year", ["2024 至 2025", "2025 至 2027"], 2, 1),
        ("text", ["[“甲”, “乙”]", "[“丙”]", "[“丙”, “乙”]"], 3, 1),
        ("year", ["[2024]", "[2024]"], 2, 1),
    ],
)
def test_overlaps(kind: str, tests: list[str], line: int, other: int) -> None:
    """A value with two tiers is an error at the later tier, once."""
    (found,) = [d for d in checked(kind, *tests) if d.severity.value == "error"]
    assert found.code == "overlapping-tiers"
    assert found.place.line == line
    assert [place.line for _, place in found.also] == [other]


@pytest.mark.parametrize(
    ("kind", "tests", "line", "other"),
    [
        ("money", ["[1元, 5元)", "(5元, ∞)"], 2, 1),
        ("money", ["[6元, ∞)", "[1元, 5元)"], 1, 2),
        ("money", ["(-∞, 1元)", "(1元, ∞)"], 2, 1),
        ("money", ["1元 至 5元", "6元 至 9元"], 2, 1),
        ("year", ["2023 至 2024", "2026 至 2027"], 2, 1),
        ("date", ["[2024-01-01, 2024-12-31)", "[2025-01-01, ∞)"], 2, 1),
        ("money", ["[4元]", "[5元, 9元)"], 2, 1),
    ],
)
def test_gaps(kind: str, tests: list[str], line: int, other: int) -> None:
    """A gap is warned of, at the tier above it: `otherwise` may be meant for it."""
    (found,) = checked(kind, *tests)
    assert (found.code, found.severity.value) == ("gap-between-tiers", "warning")
    assert found.message == (
        "between this tier and the next one lower only 'otherwise' holds"
    )
    assert found.place.line == line
    assert [place.line for _, place in found.also] == [other]


def test_unreachable() -> None:
    """A tier of amounts below nothing can never be reached."""
    (found,) = checked("money", "(-∞, 0元)", "[0元, ∞)")
    assert (found.code, found.place.line) == ("unreachable-tier", 1)
    assert found.message == "'money' is never below 0"
