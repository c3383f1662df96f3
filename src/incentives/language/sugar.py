"""
Named keys rewritten into the kernel: no engine ever learns a word of this file.

Every word of the rule language that stands for an amount, a cap or a limit of how
often is one entry here.
"""

from collections.abc import Callable
from collections.abc import Mapping as AbstractMapping

from attrs import frozen

from ..dates import FIRST_DAY
from ..errors import did_you_mean, one_of
from ..ir import (
    Add,
    All,
    AsOf,
    Branch,
    Calendar,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Exists,
    Fact,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Round,
    Sum,
    Term,
    Value,
    kind_of,
)
from ..money import Rounding, parse_money, parse_rate
from ..policy import Cash, Combination, Discretionary, NonCash, ReasonCode, Requirement
from . import expressions
from .expressions import Scope
from .keys import NONE, Keys, as_mapping
from .nodes import Mapping, Node, Problems, Scalar
from .tiers import check_tiers


@frozen
class Context:
    """What the words of one rule are read with."""

    rule: str
    policy: str
    scope: Scope
    problems: Problems


# --- amounts and values --------------------------------------------------------

_ROUNDINGS = {
    "fen half-up": (1, Rounding.HALF_UP),
    "fen down": (1, Rounding.DOWN),
    "yuan half-up": (100, Rounding.HALF_UP),
    "yuan down": (100, Rounding.DOWN),
    "万元 half-up": (1_000_000, Rounding.HALF_UP),
    "万元 down": (1_000_000, Rounding.DOWN),
}
_ZERO = Constant(0, Kind.MONEY)


def award_of(node: Node, context: Context) -> Cash | NonCash | Discretionary | None:
    """What a rule grants: the words under `award`."""
    problems = context.problems
    if isinstance(node, Mapping):
        if "non-cash" in node.entries:
            words = Keys(node, ("non-cash",), problems, "award")
            return NonCash(words.text("non-cash", required=True))
        if "discretionary" in node.entries:
            words = Keys(node, ("discretionary",), problems, "award")
            return Discretionary(words.text("discretionary", required=True))
    amount = value_of(node, context, Kind.MONEY, _LIMITS)
    if amount is None:
        return None
    if not isinstance(amount, Constant):
        unit, mode = _rounding(node, problems)
        amount = Round(Greatest((_ZERO, amount)), unit, mode)
    elif not isinstance(amount.value, int) or amount.value <= 0:
        problems.add("no-amount", "an award of nothing", node.place)
    return Cash(amount)


def value_of(
    node: Node, context: Context, kind: Kind | None, limits: tuple[str, ...] = ()
) -> Term | None:
    """The term that an expression, or one of the words for values, comes to."""
    if isinstance(node, Scalar):
        return expressions.term(node, context.scope, context.problems, kind)
    body = as_mapping(node, context.problems, "an amount")
    if body is None:
        return None
    chosen = [word for word in _VALUE_WORDS if word in body.entries]
    if len(chosen) != 1:
        context.problems.add(
            "no-amount" if not chosen else "two-amounts",
            f"expected exactly one of {', '.join(map(repr, _VALUE_WORDS))}",
            body.place,
        )
        return None
    companions, build = _VALUE_WORDS[chosen[0]]
    keys = Keys(
        body, (chosen[0], *companions, *limits), context.problems, f"{chosen[0]!r}"
    )
    term = build(keys, context, kind)
    if term is not None and limits:
        term = _limited(term, keys, context)
    return term


def _amount(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    node = keys.scalar("amount")
    if node is None:
        return None
    return expressions.term(node, context.scope, context.problems, kind)


def _rate(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`rate: 30%` `of: …`: a share of a base that is never negative."""
    rate = _scalar_term(keys, "rate", context, Kind.RATE)
    base = _scalar_term(keys, "of", context, Kind.MONEY)
    if isinstance(rate, Constant) and not _is_share(rate):
        context.problems.add(
            "rate-out-of-range",
            "a rate lies between 0 and 100 %",
            keys.node.entries["rate"].place,
        )
    if rate is None or base is None:
        return None
    if not isinstance(base, Fact):
        base = Greatest((_ZERO, base))
    return Multiply(rate, base)


def _is_share(rate: Constant) -> bool:
    return 0 <= rate.value <= 1  # type: ignore[operator]  # a rate is a number


def _scalar_term(keys: Keys, key: str, context: Context, kind: Kind) -> Term | None:
    node = keys.scalar(key, required=True)
    if node is None:
        return None
    return expressions.term(node, context.scope, context.problems, kind)


def _tiers(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`tiers:` over the value of `of:`, each `in:` an interval or list, or `is:`."""
    measured_node = keys.scalar("of", required=True)
    if measured_node is None:
        return None
    measured = expressions.term(measured_node, context.scope, context.problems)
    otherwise_node = keys.get("otherwise", required=True)
    branches: list[Branch] = []
    before = len(context.problems.found)
    for item in keys.items("tiers"):
        branch = _tier(item, measured, context, kind)
        if branch is not None:
            branches.append(branch)
            kind = kind_of(branch.term)
    if measured is None or otherwise_node is None:
        return None
    otherwise = value_of(otherwise_node, context, kind)
    if len(context.problems.found) == before:
        check_tiers(measured, branches, keys, context.problems)
    return None if otherwise is None else Choose(tuple(branches), otherwise)


def _tier(
    item: Node, measured: Term | None, context: Context, kind: Kind | None
) -> Branch | None:
    body = as_mapping(item, context.problems, "a tier")
    if body is None:
        return None
    keys = Keys(body, ("in", "is", "then"), context.problems, "a tier")
    then = keys.get("then", required=True)
    test = keys.scalar("is") or keys.scalar("in", required="is" not in keys)
    if test is None or then is None or measured is None:
        return None
    stated = Scalar(f"[{test.text}]", test.place) if "is" in keys else test
    condition = expressions.test_of(stated, measured, context.scope, context.problems)
    term = value_of(then, context, kind)
    return None if condition is None or term is None else Branch(condition, term)


def _lookup(keys: Keys, context: Context, kind: Kind | None) -> Term | None:
    """`look up: table.column` `by: …` `otherwise: …`."""
    problems = context.problems
    path = keys.scalar("look up", required=True)
    otherwise_node = keys.get("otherwise", required=True)
    by = _scalar_term(keys, "by", context, Kind.TEXT)
    if path is None or by is None or otherwise_node is None:
        return None
    otherwise = value_of(otherwise_node, context, kind)
    name, _, column = path.text.partition(".")
    table = context.scope.tables.get(name)
    if table is None or column not in table.columns or column == table.columns[0]:
        known = [
            f"{t.name}.{c}"
            for t in context.scope.tables.values()
            for c in t.columns[1:]
        ]
        problems.add(
            "unknown-column",
            f"no such column: {path.text!r}",
            path.place,
            did_you_mean(path.text, known) or f"expected {one_of(known)}",
        )
        return None
    if otherwise is None:
        return None
    rows: dict[tuple[Value, ...], Value] = {}
    elaborator = expressions.Elaborator(context.scope)
    for cells in table.rows:
        value = _cell(cells[column], kind_of(otherwise), path, problems)
        for key in elaborator.synonyms(by, cells[table.columns[0]]):
            if value is not None and rows.setdefault((key,), value) != value:
                problems.add(
                    "ambiguous-table", f"two rows for {key!r} in {name!r}", path.place
                )
    return Lookup(name, column, (by,), rows, otherwise)


def _cell(text: str, kind: Kind, path: Scalar, problems: Problems) -> Value | None:
    try:
        return _CELLS[kind](text) if kind in _CELLS else text
    except ValueError as error:
        problems.add("bad-cell", f"in {path.text!r}: {error}", path.place)
        return None


_CELLS: AbstractMapping[Kind, Callable[[str], Value]] = {
    Kind.MONEY: parse_money,
    Kind.RATE: parse_rate,
}

_Build = Callable[[Keys, Context, Kind | None], Term | None]

#: The words that state a value, the keys that go with each, and what they mean.
_VALUE_WORDS: AbstractMapping[str, tuple[tuple[str, ...], _Build]] = {
    "amount": ((), _amount),
    "rate": (("of",), _rate),
    "tiers": (("of", "otherwise"), _tiers),
    "look up": (("by", "otherwise"), _lookup),
}

# --- limits --------------------------------------------------------------------

#: The order in which limits apply: a floor raises, then a cap lowers, then rounding.
_LIMITS = ("floor", "cap", "cap per", "rounding")


def _limited(term: Term, keys: Keys, context: Context) -> Term:
    floor, cap = (
        _scalar_term(keys, key, context, Kind.MONEY) if key in keys else None
        for key in ("floor", "cap")
    )
    if _is_above(floor, cap):
        context.problems.add(
            "floor-above-cap",
            "the floor is above the cap",
            keys.node.keys["floor"],
            None,
            ("the cap", keys.node.keys["cap"]),
        )
    if floor is not None:
        term = Greatest((term, floor))
    if cap is not None:
        term = Least((term, _left_of_cap(cap, keys, context)))
    elif "cap per" in keys:
        context.problems.add(
            "missing-key", "'cap per' needs the key 'cap'", keys.node.place
        )
    return term


def _is_above(floor: Term | None, cap: Term | None) -> bool:
    if not isinstance(floor, Constant) or not isinstance(cap, Constant):
        return False
    return floor.value > cap.value  # type: ignore[operator]  # both are money


def _left_of_cap(cap: Term, keys: Keys, context: Context) -> Term:
    """The cap less what was paid before for the same thing in the same period."""
    scalar = keys.scalar("cap per")
    if scalar is None:
        return cap
    words = [word.strip() for word in scalar.text.replace("，", ",").split(",")]
    each = context.scope.each
    things = ["subject"] if each is None else ["subject", each.binder]
    if len(words) != 2 or words[0] not in things or words[1] not in _PERIODS:  # noqa: PLR2004  # thing, period
        context.problems.add(
            "unknown-word",
            f"'cap per' cannot be {scalar.text!r}",
            scalar.place,
            f"write {one_of(things)}, a comma, and {one_of(_PERIODS)}",
        )
        return cap
    conditions: list[Condition] = []
    if each is not None and words[0] == each.binder:
        conditions.append(_paid_for_record(context, scalar))
    if words[1] == "per year":
        conditions.append(_paid_this_year())
    paid = paid_before((context.rule,), context.policy, context, *conditions)
    return Add((cap, Negate(paid)))


_PERIODS = ("lifetime", "per year")


def _paid_for_record(context: Context, scalar: Scalar) -> Condition:
    each = context.scope.each
    if each is None or each.key is None:
        context.problems.add(
            "missing-key", "the records have no key to tell them apart", scalar.place
        )
        return All(())
    key = each.fields[each.key].as_fact(each.binder)
    return Compare(Comparison.EQ, award_fact(context, "record"), key)


def _paid_this_year() -> Condition:
    paid = Fact("date", Kind.DATE, "award", default=FIRST_DAY)
    return Compare(
        Comparison.EQ,
        InCalendar(Calendar.YEAR_OF, paid),
        InCalendar(Calendar.YEAR_OF, AsOf()),
    )


def _rounding(node: Node, problems: Problems) -> tuple[int, Rounding]:
    """None below the fen, then half-up at the fen, unless the rule says otherwise."""
    if not isinstance(node, Mapping) or "rounding" not in node.entries:
        return (1, Rounding.HALF_UP)
    allowed = Keys(node, node.entries, problems, "award")
    return _ROUNDINGS[allowed.word("rounding", _ROUNDINGS, "fen half-up")]


# --- history -------------------------------------------------------------------


def award_fact(context: Context, name: str) -> Fact:
    """
    A fact of an award paid before.

    An award without a date was paid before any day that is asked about; one without a
    policy was paid under the policy at hand.
    """
    declared = context.scope.subject.records["awards"].fields[name].as_fact("award")
    if name == "date":
        return Fact(name, declared.kind, "award", default=FIRST_DAY)
    if name == "policy":
        return Fact(name, declared.kind, "award", default=context.policy)
    return declared


def _under_rules(rules: tuple[str, ...], policy: str, context: Context) -> Condition:
    rows = frozenset((rule,) for rule in rules)
    return All(
        (
            Member((award_fact(context, "rule"),), rows, shown=rules),
            Member(
                (award_fact(context, "policy"),),
                frozenset({(policy,)}),
                shown=(policy,),
            ),
            Compare(Comparison.LE, award_fact(context, "date"), AsOf()),
        )
    )


def paid_before(
    rules: tuple[str, ...], policy: str, context: Context, *conditions: Condition
) -> Term:
    """What was paid by the day asked about under some rules."""
    where = All((_under_rules(rules, policy, context), *conditions))
    return Sum("awards", "award", where, award_fact(context, "amount"))


def once_of(
    scalar: Scalar, context: Context
) -> tuple[Requirement, Combination, Term | None] | None:
    """`once: per enterprise`, `once: per listing.year`: one award, whoever asks again."""
    problems = context.problems
    word = scalar.text.removeprefix("per ").strip()
    if scalar.text == NONE:
        return None
    key: Term | None = None
    conditions: list[Condition] = []
    if word not in ("enterprise", "county"):
        moved = Scalar(word, scalar.place)
        key = expressions.term(moved, context.scope, problems)
        if key is None:
            return None
        match kind_of(key):
            case Kind.YEAR:
                same = award_fact(context, "year")
            case Kind.TEXT:
                same = award_fact(context, "record")
            case kind:
                problems.add(
                    "kind-mismatch",
                    f"once per a {kind.value}: expected a year or a record's key",
                    scalar.place,
                )
                return None
        conditions.append(Compare(Comparison.EQ, same, key))
    where = All((_under_rules((context.rule,), context.policy, context), *conditions))
    paid = Not(Exists("awards", "award", where))
    return (
        Requirement(ReasonCode.ALREADY_AWARDED, paid),
        Combination.ONCE,
        key,
    )
