"""Conditions of rule files: from a syntax tree to the kernel."""

from collections.abc import Sequence
from itertools import product

from lark import Tree

from ...errors import did_you_mean, one_of
from ...ir import (
    All,
    Any,
    Compare,
    Comparison,
    Condition,
    Constant,
    Exists,
    Fact,
    Holds,
    Kind,
    Member,
    Not,
    Term,
)
from ...ir_kinds import kind_of
from ...tables import Table
from ...vocabulary import PLAIN_VALUE, FactDeclaration, RecordDeclaration
from .functions import quantified
from .scope import Scope
from .syntax import Syntax, Wrong, parts, place_of, word_of
from .terms import Terms, named


class Conditions:
    """Gives the syntax tree of a condition its meaning; raises :class:`Wrong`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.terms = Terms(scope, lambda inner, tree: Conditions(inner).condition(tree))

    def condition(self, tree: Syntax) -> Condition:
        children = parts(tree)
        match tree.data:
            case "disjunction":
                return Any(tuple(self.condition(part) for part in children))
            case "conjunction":
                return All(tuple(self.condition(part) for part in children))
            case "negate":
                return Not(self.condition(children[0]))
            case "comparison":
                return self.comparison(tree)
            case "inside":
                return self.membership(self.terms.term(children[0]), children[1])
            case "outside":
                subject = self.terms.term(children[0])
                return Not(self.membership(subject, children[1]))
            case "row_inside":
                return self.row_inside(tree)
            case "name":
                return Holds(self.terms.term(tree, Kind.BOOLEAN))
            case "call" | "filtered" if found := quantified(self.terms, tree):
                return found
            case _:
                raise Wrong(
                    "kind-mismatch",
                    "an amount or a value is not a condition",
                    place_of(tree),
                )

    # comparisons

    def comparison(self, tree: Syntax) -> Condition:
        left_tree, sign, right_tree = parts(tree)
        comparison = COMPARISONS[str(sign)]
        left, right = self.pair(left_tree, right_tree)
        if left_tree.data == "number":
            self.terms.same_unit(right, left, left_tree)
        self.terms.same_unit(left, right, right_tree)
        kind = kind_of(left)
        if comparison not in (Comparison.EQ, Comparison.NE) and not kind.ordered:
            raise Wrong("kind-mismatch", f"{named(kind)} has no order", place_of(tree))
        if kind is Kind.TEXT and isinstance(left, Constant):
            left, right = right, left  # so that a text on the left has aliases too
        if kind is Kind.TEXT and isinstance(right, Constant):
            same = self.one_of(left, (right,))
            return same if comparison is Comparison.EQ else Not(same)
        return Compare(comparison, left, right)

    def pair(self, left_tree: Syntax, right_tree: Syntax) -> tuple[Term, Term]:
        """Both sides of a comparison; a bare word or number takes the other's kind."""
        if _is_word(left_tree, self.scope) and not _is_word(right_tree, self.scope):
            right = self.terms.term(right_tree)
            return self.like(right, left_tree), right
        left = self.terms.term(left_tree)
        return left, self.like(left, right_tree)

    def like(self, model: Term, tree: Syntax) -> Term:
        """A term of the kind of another, among its values where these are listed."""
        kind = kind_of(model)
        if kind is Kind.BOOLEAN and isinstance(model, Fact):
            _refuse_truth(model, tree)
        if tree.data in ("text", "name") and kind is Kind.TEXT:
            declared = self.scope.declaration(model)
            listed = declared is not None and bool(declared.values)
            is_name = tree.data == "name"
            if not is_name or (listed and self.is_value(tree, declared)):
                return self.text(tree, declared if listed else None)
        return self.terms.term(tree, kind)

    def is_value(self, tree: Syntax, listing: FactDeclaration | None) -> bool:
        """Whether a bare word is one of the values of a fact rather than a name."""
        word = word_of(tree)
        own = (
            ()
            if listing is None
            else [v for e in listing.values for v in (e.value, e.label)]
        )
        return word in own or word not in self.scope.names()

    def text(self, tree: Syntax, listing: FactDeclaration | None) -> Constant:
        """A text; one of the values, by name or label, where a fact lists them."""
        word = word_of(tree)
        if listing is None:
            return Constant(word, Kind.TEXT)
        known = {entry.label: entry.value for entry in listing.values}
        known |= {entry.value: entry.value for entry in listing.values}
        if word not in known:
            raise Wrong(
                "unknown-value",
                f"{listing.name!r} has no value {word!r}",
                place_of(tree),
                did_you_mean(word, known) or f"expected {one_of(known)}",
            )
        return Constant(known[word], Kind.TEXT)

    # lists, intervals and tables

    def membership(self, subject: Term, collection: Syntax) -> Condition:
        """The condition that a term is in a table, a list or an interval."""
        match collection.data:
            case "table":
                name, at = word_of(collection), place_of(collection)
                plain = self.scope.records(name)
                if plain is not None and plain.plain:
                    return self.in_set(subject, plain, at)
                return self.in_table((subject,), name, at)
            case "list":
                return self.in_list(subject, collection)
            case _:
                return self.in_interval(subject, collection)

    def in_set(
        self, subject: Term, records: RecordDeclaration, at: tuple[int, int]
    ) -> Condition:
        """The condition that a list of plain values holds a value."""
        declared = records.fields[PLAIN_VALUE]
        fact = declared.as_fact(records.records)
        if kind_of(subject) is not declared.kind:
            said = f"{records.records!r} holds {named(declared.kind)} each"
            raise Wrong("kind-mismatch", said, at)
        where: Condition = Compare(Comparison.EQ, fact, subject)
        if isinstance(subject, Constant):
            if declared.values and subject.value not in set(declared.names()):
                raise Wrong(
                    "unknown-value",
                    f"{records.records!r} has no value {subject.value!r}",
                    at,
                    did_you_mean(str(subject.value), declared.names())
                    or f"expected {one_of(declared.names())}",
                )
            value = declared.canonical(subject.value)
            rows = frozenset((word,) for word in declared.synonyms(value))
            where = Member((fact,), rows, shown=(value,))
        return Exists(records.records, records.records, where)

    def in_list(self, subject: Term, collection: Syntax) -> Condition:
        members = tuple(self.like(subject, child) for child in parts(collection))
        if kind_of(subject).ordered and len(members) == 2:  # noqa: PLR2004  # two ends
            raise Wrong(
                "ambiguous-list",
                "two values in square brackets: a list or an interval?",
                place_of(collection),
                "write '[a, b)' or 'a 至 b' for an interval, or two conditions",
            )
        if not all(isinstance(member, Constant) for member in members):
            return Any(tuple(Compare(Comparison.EQ, subject, m) for m in members))
        return self.one_of(subject, members)

    def one_of(self, subject: Term, members: Sequence[Term]) -> Condition:
        values = tuple(m.value for m in members if isinstance(m, Constant))
        rows = frozenset(
            (synonym,)
            for value in values
            for synonym in self.scope.synonyms(subject, value)
        )
        return Member((subject,), rows, shown=values)

    def in_interval(self, subject: Term, interval: Syntax) -> Condition:
        at = place_of(interval)
        if not kind_of(subject).ordered:
            said = f"{named(kind_of(subject))} has no intervals"
            raise Wrong("kind-mismatch", said, at)
        bounds: list[Condition] = []
        values: list[Term] = []
        ends = _ends(interval, self.scope)
        for tree, comparison in ends:
            if _is_infinite(tree):
                continue
            bound = self.like(subject, tree)
            self.terms.same_unit(subject, bound, tree)
            values.append(bound)
            bounds.append(Compare(comparison, subject, bound))
        both = all(comparison in _CLOSED for _, comparison in ends)
        _check_ascending(values, at, touching=both)
        if not bounds:
            raise Wrong("empty-interval", "an interval without an end", at)
        return All(tuple(bounds)) if len(bounds) > 1 else bounds[0]

    def row_inside(self, tree: Syntax) -> Condition:
        *columns, table = parts(tree)
        terms = tuple(self.terms.term(column) for column in columns)
        return self.in_table(terms, str(table), place_of(table))

    def in_table(
        self, terms: tuple[Term, ...], path: str, at: tuple[int, int]
    ) -> Condition:
        name, _, column = path.partition(".")
        table = self.scope.table(name, at)
        columns = _columns(table, column, len(terms), at)
        for part in terms:
            if kind_of(part) is not Kind.TEXT:
                raise Wrong(
                    "kind-mismatch",
                    f"the cells of a table are text, this is {named(kind_of(part))}",
                    at,
                )
        rows = frozenset(
            row
            for cells in table.rows
            for row in product(
                *(
                    self.scope.synonyms(part, cells[name])
                    for part, name in zip(terms, columns, strict=True)
                )
            )
        )
        return Member(terms, rows, name=path)


def _columns(
    table: Table, column: str, count: int, at: tuple[int, int]
) -> tuple[str, ...]:
    """The columns that values are looked for in: the one named, else the first ones."""
    if column and column not in table.columns:
        raise Wrong(
            "unknown-column",
            f"no column {column!r} in {table.name!r}",
            at,
            did_you_mean(column, table.columns) or f"expected {one_of(table.columns)}",
        )
    columns = (column,) if column else table.columns[:count]
    if len(columns) != count:
        raise Wrong(
            "unknown-column",
            f"{count} values looked for in {len(columns)} of its columns",
            at,
            f"{table.name!r} has the columns {', '.join(map(repr, table.columns))}",
        )
    return columns


_CLOSED = (Comparison.GE, Comparison.LE)


def _ends(interval: Syntax, scope: Scope) -> list[tuple[Syntax, Comparison]]:
    """The ends of an interval, and how a value compares with each."""
    above = Comparison.GE if scope.boundaries.above_included else Comparison.GT
    below = Comparison.LE if scope.boundaries.below_included else Comparison.LT
    match interval.data:
        case "above":
            signs: tuple[Comparison, ...] = (above,)
        case "below":
            signs = (below,)
        case "above_below":
            signs = (above, below)
        case "above_short_of":
            signs = (above, Comparison.LT)
        case _:
            opened, closed = interval.data.split("_")
            signs = (
                Comparison.GT if opened == "open" else Comparison.GE,
                Comparison.LT if closed == "open" else Comparison.LE,
            )
    return list(zip(parts(interval), signs, strict=True))


#: The signs of comparisons, and the words of the law for them.
COMPARISONS = {
    "=": Comparison.EQ,
    "!=": Comparison.NE,
    "≠": Comparison.NE,
    "<": Comparison.LT,
    "<=": Comparison.LE,
    "≤": Comparison.LE,
    ">": Comparison.GT,
    ">=": Comparison.GE,
    "≥": Comparison.GE,
    **dict.fromkeys(("不低于", "不少于", "不小于", "达到"), Comparison.GE),
    **dict.fromkeys(("不超过", "不高于", "不大于", "不多于"), Comparison.LE),
    **dict.fromkeys(("超过", "高于", "大于", "多于"), Comparison.GT),
    **dict.fromkeys(("低于", "少于", "小于", "不足", "不满"), Comparison.LT),
}


def _is_word(tree: Syntax, scope: Scope) -> bool:
    """A text, number or bare word, which takes its kind from the other side."""
    if tree.data == "name":
        return not scope.has(word_of(tree))
    return tree.data in ("text", "number")


_TRUTHS = frozenset({"true", "false", "True", "False", "yes", "no", "是", "否"})


def _refuse_truth(fact: Fact, tree: Syntax) -> None:
    """Refuse to compare a fact with yes or no: it says that itself."""
    if tree.data in ("text", "name") and word_of(tree) in _TRUTHS:
        raise Wrong(
            "kind-mismatch",
            f"{fact.path!r} is a condition by itself",
            place_of(tree),
            f"write '{fact.path}' or 'not {fact.path}'",
        )


def _is_infinite(tree: Syntax) -> bool:
    inner = parts(tree)[0] if tree.data == "minus" else tree
    return isinstance(inner, Tree) and inner.data == "infinity"


def _check_ascending(
    bounds: Sequence[Term], at: tuple[int, int], *, touching: bool
) -> None:
    """Refuse an interval that holds nothing; `touching` ends hold one value."""
    values = [bound.value for bound in bounds if isinstance(bound, Constant)]
    if len(values) < 2:  # noqa: PLR2004  # one end is open, or not known here
        return
    low, high = values
    if high < low or (low == high and not touching):  # type: ignore[operator]  # one kind
        raise Wrong("empty-interval", "the interval holds nothing", at)
