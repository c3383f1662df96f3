"""
Named keys rewritten into the kernel: no engine ever learns a word of this file.

Every word of the rule language that stands for a value is one entry here.
"""

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping

from ..errors import Place, did_you_mean, one_of
from ..ir import (
    Branch,
    Choose,
    Constant,
    Fact,
    Greatest,
    Kind,
    Lookup,
    Multiply,
    Round,
    Term,
    Value,
    kind_of,
)
from ..policy import Cash, Discretionary, NonCash
from ..tables import Table
from ..vocabulary import FactDeclaration, NotReadableError, inner
from . import expressions
from .fact_files import raw_value
from .keys import Keys, as_mapping
from .limits import LIMITS, cap_over_items, limited, rounding_of
from .nodes import Mapping, Node, Problems, Scalar
from .scope import Context
from .terms import named
from .tiers import check_tiers

#: Awards that state no amount, and what each is.
_UNPRICED: AbstractMapping[str, type[NonCash | Discretionary]] = {
    "non-cash": NonCash,
    "discretionary": Discretionary,
}
_ZERO = Constant(0, Kind.MONEY)


def award_of(node: Node, context: Context) -> Cash | NonCash | Discretionary | None:
    """What a rule grants: the words under `award`."""
    problems = context.problems
    if isinstance(node, Mapping) and _UNPRICED.keys() & node.entries.keys():
        word = _chosen_word(node, problems, LIMITS)
        if word is None:
            return None
        words = Keys(node, (word,), problems, f"{word!r}")
        return _UNPRICED[word](words.text(word, required=True))
    amount = value_of(node, context, Kind.MONEY, LIMITS)
    if amount is None:
        return None
    if not isinstance(amount, Constant):
        unit, mode = rounding_of(node, problems)
        amount = Round(Greatest((_ZERO, amount)), unit, mode)
    elif amount.value <= 0:  # type: ignore[operator]  # money
        problems.add("no-amount", "an award of nothing", node.place)
    return Cash(amount, cap=cap_over_items(node, context))


def value_of(
    node: Node, context: Context, kind: Kind | None, limits: tuple[str, ...] = ()
) -> Term | None:
    """The term that an expression, or one of the words for values, comes to."""
    if isinstance(node, Scalar):
        return expressions.term(node, context.scope, context.problems, kind)
    body = as_mapping(node, context.problems, "an amount")
    if body is None:
        return None
    word = _chosen_word(body, context.problems, limits)
    if word is None:
        return None
    companions, build = _VALUE_WORDS[word]
    keys = Keys(body, (word, *companions, *limits), context.problems, f"{word!r}")
    term = build(keys, context, kind)
    if term is None:
        return None
    if kind is not None and kind is not kind_of(term):
        context.problems.add(
            "kind-mismatch",
            f"expected {named(kind)}, got {named(kind_of(term))}",
            body.place,
        )
        return None
    return limited(term, keys, context) if limits else term


def _chosen_word(
    body: Mapping, problems: Problems, limits: tuple[str, ...]
) -> str | None:
    """The one word for a value that a mapping uses, or None with a diagnostic."""
    words: list[str] = [*_VALUE_WORDS, *(_UNPRICED if limits else ())]
    chosen = [word for word in words if word in body.entries]
    if len(chosen) == 1:
        return chosen[0]
    if chosen:
        first, second = sorted(chosen[:2], key=list(body.entries).index)
        problems.add(
            "two-amounts",
            f"{second!r} stands beside {first!r}: which one is meant?",
            body.keys[second],
            None,
            (f"{first!r} stands here", body.keys[first]),
        )
        return None
    for key, place in body.keys.items():
        if key not in limits and (help_ := did_you_mean(key, words)) is not None:
            problems.add("unknown-key", f"unknown key {key!r}", place, help_)
            return None
    problems.add(
        "no-amount", "no amount is stated", body.place, f"expected {one_of(words)}"
    )
    return None


def _amount(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    return expressions.term_under(keys, "amount", context, kind)


def _rate(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`rate: 30%` `of: …`: a share of a base that is never negative."""
    rate = expressions.term_under(keys, "rate", context, Kind.RATE, required=True)
    base = expressions.term_under(keys, "of", context, Kind.MONEY, required=True)
    if isinstance(rate, Constant) and not 0 < rate.value <= 1:  # type: ignore[operator]  # a rate
        context.problems.add(
            "rate-out-of-range",
            "a rate is above 0 and at most 100 %",
            keys.node.entries["rate"].place,
        )
    if rate is None or base is None:
        return None
    if not isinstance(base, Fact):
        base = Greatest((_ZERO, base))
    return Multiply(rate, base)


def _tiers(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`tiers:` over the value of `of:`, each `in:` an interval or list, or `is:`."""
    problems = context.problems
    before = len(problems.found)
    measured_node = keys.scalar("of", required=True)
    otherwise_node = keys.get("otherwise", required=True)
    if measured_node is None:
        return None
    measured = expressions.term(measured_node, context.scope, problems)
    branches: list[Branch] = []
    places: list[Place] = []
    for item in keys.items("tiers", empty="write a tier: {in: …, then: …}"):
        found = _tier(item, measured, context, kind)
        if found is not None:
            branch, place = found
            branches.append(branch)
            places.append(place)
            kind = kind_of(branch.term)
    if measured is None or otherwise_node is None:
        return None
    otherwise = value_of(otherwise_node, context, kind)
    if otherwise is None or len(problems.found) > before:
        return None
    check_tiers(measured, list(zip(branches, places, strict=True)), problems)
    return Choose(tuple(branches), otherwise)


def _tier(
    item: Node, measured: Term | None, context: Context, kind: Kind | None
) -> tuple[Branch, Place] | None:
    """One tier, and where it says what it covers."""
    body = as_mapping(item, context.problems, "a tier")
    if body is None:
        return None
    keys = Keys(body, ("in", "is", "then"), context.problems, "a tier")
    then = keys.get("then", required=True)
    test = keys.scalar("is") or keys.scalar("in", required="is" not in keys)
    if test is None or then is None or measured is None:
        return None
    stated = test.listed() if "is" in keys else test
    condition = expressions.test_of(stated, measured, context.scope, context.problems)
    term = value_of(then, context, kind)
    if condition is None or term is None:
        return None
    return Branch(condition, term), test.place


def _lookup(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`look up: table.column` `by: …` `otherwise: …`."""
    path = keys.scalar("look up", required=True)
    by = expressions.term_under(keys, "by", context, Kind.TEXT, required=True)
    otherwise_node = keys.get("otherwise", required=True)
    found = None if path is None else _column(path, context)
    if by is None or otherwise_node is None:
        return None
    otherwise = value_of(otherwise_node, context, kind)
    if found is None or otherwise is None:
        return None
    table, column = found
    rows: dict[tuple[Value, ...], Value] = {}
    for cells, place in zip(table.rows, table.places, strict=True):
        value = _cell(cells[column], column, kind_of(otherwise), place, context)
        for key in context.scope.synonyms(by, cells[table.columns[0]]):
            if value is not None and rows.setdefault((key,), value) != value:
                context.problems.add(
                    "ambiguous-table", f"another value for {key!r} stands above", place
                )
    return Lookup(table.name, column, (by,), rows, otherwise)


def _column(path: Scalar, context: Context) -> tuple[Table, str] | None:
    """The table and the column that a path names, or None with a diagnostic."""
    name, _, column = path.text.partition(".")
    table = context.scope.tables.get(name)
    if table is not None and column in table.columns[1:]:
        return table, column
    tables = context.scope.tables.values()
    known = [f"{table.name}.{other}" for table in tables for other in table.columns[1:]]
    expected = f"expected {one_of(known)}" if known else "the pack has no table"
    context.problems.add(
        "unknown-column",
        f"no such column: {path.text!r}",
        path.place,
        did_you_mean(path.text, known) or expected,
    )
    return None


def _cell(
    text: str, column: str, kind: Kind, place: Place, context: Context
) -> Value | None:
    """What a cell says as a value of a kind, or None with a diagnostic."""
    declaration = FactDeclaration(column, kind)
    try:
        value = declaration.read(raw_value(text, kind))
    except NotReadableError as error:
        context.problems.add("bad-cell", f"{column}: {error}", place, error.suggestion)
        return None
    if value is None:
        context.problems.add("bad-cell", f"{column}: an empty cell", place)
        return None
    return inner(value, kind)


_Build = Callable[[Keys, Context, Kind | None], Term | None]

#: The words that state a value, the keys that go with each, and what they mean.
_VALUE_WORDS: AbstractMapping[str, tuple[tuple[str, ...], _Build]] = {
    "amount": ((), _amount),
    "rate": (("of",), _rate),
    "tiers": (("of", "otherwise"), _tiers),
    "look up": (("by", "otherwise"), _lookup),
}
