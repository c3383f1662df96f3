"""Expressions of rule files: from text to the kernel, names and kinds checked."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import product
from typing import NoReturn

from attrs import frozen
from lark import Tree

from ..dates import Period, parse_date, parse_period
from ..errors import did_you_mean, one_of
from ..ir import (
    Add,
    All,
    Any,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Condition,
    Constant,
    Fact,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Least,
    Member,
    Multiply,
    Negate,
    Not,
    Shift,
    Term,
    Value,
    kind_of,
    product_kind,
)
from ..money import parse_money, parse_rate
from ..tables import Table
from ..vocabulary import FactDeclaration, RecordDeclaration, SubjectDeclaration
from .nodes import Problems, Scalar
from .syntax import Syntax, Wrong, parse, parts, place_of


@frozen
class Scope:
    """What names mean in the expressions of one rule."""

    subject: SubjectDeclaration
    tables: Mapping[str, Table]
    each: RecordDeclaration | None = None
    definitions: Mapping[str, Term] = {}

    def names(self) -> list[str]:
        """Everything that a name may say here."""
        own = [*self.definitions, *self.subject.facts, "as_of"]
        if self.each is not None:
            own += [f"{self.each.binder}.{name}" for name in self.each.fields]
        return own

    def declaration(self, fact: Fact) -> FactDeclaration | None:
        """The declaration behind a fact of the subject or of the record at hand."""
        if not fact.scope:
            return self.subject.facts.get(fact.name)
        fields = {} if self.each is None else self.each.fields
        return fields.get(fact.name)


def condition(scalar: Scalar, scope: Scope, problems: Problems) -> Condition | None:
    """The condition that a text states, or None with a diagnostic."""
    try:
        return Elaborator(scope).condition(parse(scalar.text))
    except Wrong as wrong:
        _report(wrong, scalar, problems)
        return None


def term(
    scalar: Scalar, scope: Scope, problems: Problems, kind: Kind | None = None
) -> Term | None:
    """The term that a text states, of a kind if one is wanted, or None."""
    try:
        return Elaborator(scope).term(parse(scalar.text), kind)
    except Wrong as wrong:
        _report(wrong, scalar, problems)
        return None


def test_of(
    scalar: Scalar, subject: Term, scope: Scope, problems: Problems
) -> Condition | None:
    """The condition that a term lies in the interval or list that a text states."""
    try:
        tree = parse(f"as_of in {scalar.text}", shift=len("as_of in "))
        elaborator = Elaborator(scope)
        return elaborator.membership(subject, parts(tree)[1], (0, len(scalar.text)))
    except Wrong as wrong:
        start, end = wrong.at
        moved = (max(0, start - len("as_of in ")), max(1, end - len("as_of in ")))
        wrong.at = moved
        _report(wrong, scalar, problems)
        return None


def _report(wrong: Wrong, scalar: Scalar, problems: Problems) -> None:
    problems.add(wrong.code, str(wrong), scalar.part(*wrong.at), wrong.help)


# --- meaning -------------------------------------------------------------------


class Elaborator:
    """Gives one syntax tree its meaning in a scope; raises :class:`Wrong`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    # conditions

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
                return self.membership(
                    self.term(children[0]), children[1], place_of(tree)
                )
            case "outside":
                subject = self.term(children[0])
                return Not(self.membership(subject, children[1], place_of(tree)))
            case "row_inside":
                return self.row_inside(tree)
            case "name":
                return Holds(self.term(tree, Kind.BOOLEAN))
            case _:
                raise Wrong(
                    "kind-mismatch",
                    "an amount or a value is not a condition",
                    place_of(tree),
                )

    def comparison(self, tree: Syntax) -> Condition:
        left_tree, sign, right_tree = parts(tree)
        comparison = _COMPARISONS[str(sign)]
        left, right = self.pair(left_tree, right_tree)
        kind = kind_of(left)
        if comparison not in (Comparison.EQ, Comparison.NE) and not kind.ordered:
            raise Wrong("kind-mismatch", f"a {kind.value} has no order", place_of(tree))
        if kind is Kind.TEXT and isinstance(right, Constant):
            same = self.one_of(left, (right,))
            return same if comparison is Comparison.EQ else Not(same)
        return Compare(comparison, left, right)

    def pair(self, left_tree: Syntax, right_tree: Syntax) -> tuple[Term, Term]:
        """Both sides of a comparison; a bare word or number takes the other's kind."""
        if _is_word(left_tree, self.scope) and not _is_word(right_tree, self.scope):
            right = self.term(right_tree)
            return self.like(right, left_tree), right
        left = self.term(left_tree)
        return left, self.like(left, right_tree)

    def like(self, model: Term, tree: Syntax) -> Term:
        """A term of the kind of another, among its values where these are listed."""
        kind = kind_of(model)
        declared = self.scope.declaration(model) if isinstance(model, Fact) else None
        if tree.data in ("text", "name"):
            word = _word(tree)
            if tree.data == "text" or word not in self.scope.names():
                return self.word(tree, kind, declared)
        return self.term(tree, kind)

    def word(self, tree: Syntax, kind: Kind, declared: FactDeclaration | None) -> Term:
        """A quoted text, or a bare word where a fact lists its values."""
        word, at = _word(tree), place_of(tree)
        if kind is not Kind.TEXT or (tree.data == "name" and not _lists(declared)):
            return self.term(tree, kind)
        if declared is None or not declared.values:
            return Constant(word, Kind.TEXT)
        known = {entry.label: entry.value for entry in declared.values}
        known |= {entry.value: entry.value for entry in declared.values}
        if word not in known:
            hint = did_you_mean(word, known) or f"expected {one_of(known)}"
            raise Wrong(
                "unknown-value", f"{declared.name!r} has no value {word!r}", at, hint
            )
        return Constant(known[word], Kind.TEXT)

    def membership(
        self, subject: Term, collection: Syntax, at: tuple[int, int]
    ) -> Condition:
        match collection.data:
            case "table":
                return self.in_table(
                    (subject,), _word(collection), place_of(collection)
                )
            case "list":
                return self.in_list(subject, collection)
            case "closed_open" | "open_closed" | "open_open" | "closed_closed":
                return self.in_interval(subject, collection, at)
            case _:
                raise Wrong("kind-mismatch", "expected a list or an interval", at)

    def in_list(self, subject: Term, collection: Syntax) -> Condition:
        members = tuple(self.like(subject, child) for child in parts(collection))
        if kind_of(subject) in _MEASURES and len(members) == 2:  # noqa: PLR2004
            raise Wrong(
                "ambiguous-list",
                "two numbers in square brackets: a list or an interval?",
                place_of(collection),
                "write '[a, b)' or 'a 至 b' for an interval, or two conditions",
            )
        if not all(isinstance(member, Constant) for member in members):
            return Any(tuple(Compare(Comparison.EQ, subject, m) for m in members))
        return self.one_of(subject, members)

    def one_of(self, subject: Term, members: Sequence[Term]) -> Condition:
        values = tuple(m.value for m in members if isinstance(m, Constant))
        rows = frozenset(
            (synonym,) for value in values for synonym in self.synonyms(subject, value)
        )
        return Member((subject,), rows, shown=values)

    def synonyms(self, subject: Term, value: Value) -> tuple[Value, ...]:
        declared = (
            self.scope.declaration(subject) if isinstance(subject, Fact) else None
        )
        return (value,) if declared is None else declared.synonyms(value)

    def in_interval(
        self, subject: Term, interval: Syntax, at: tuple[int, int]
    ) -> Condition:
        low_tree, high_tree = parts(interval)
        opened, closed = interval.data.split("_")
        bounds: list[Condition] = []
        values: list[Term] = []
        for tree, strict, signs in (
            (low_tree, opened == "open", (Comparison.GE, Comparison.GT)),
            (high_tree, closed == "open", (Comparison.LE, Comparison.LT)),
        ):
            if _is_infinite(tree):
                continue
            bound = self.like(subject, tree)
            values.append(bound)
            bounds.append(Compare(signs[strict], subject, bound))
        _check_ascending(values, place_of(interval))
        if not bounds:
            raise Wrong("empty-interval", "an interval without an end", at)
        if not kind_of(subject).ordered:
            raise Wrong("kind-mismatch", "texts have no intervals", place_of(interval))
        return All(tuple(bounds)) if len(bounds) > 1 else bounds[0]

    def row_inside(self, tree: Syntax) -> Condition:
        *columns, table = parts(tree)
        terms = tuple(self.term(column) for column in columns)
        return self.in_table(terms, str(table), place_of(table))

    def in_table(
        self, terms: tuple[Term, ...], path: str, at: tuple[int, int]
    ) -> Condition:
        name, _, column = path.partition(".")
        table = self.table(name, at)
        columns = [column] if column else list(table.columns[: len(terms)])
        if len(columns) != len(terms):
            raise Wrong("unknown-column", f"the table {name!r} has too few columns", at)
        if columns[0] not in table.columns:
            hint = did_you_mean(column, table.columns) or one_of(table.columns)
            raise Wrong("unknown-column", f"no column {column!r} in {name!r}", at, hint)
        for part in terms:
            if kind_of(part) is not Kind.TEXT:
                raise Wrong("kind-mismatch", "the cells of a table are text", at)
        rows = frozenset(
            row
            for cells in table.rows
            for row in product(
                *(
                    self.synonyms(part, cells[name])
                    for part, name in zip(terms, columns, strict=True)
                )
            )
        )
        return Member(terms, rows, name=path)

    def table(self, name: str, at: tuple[int, int]) -> Table:
        if name not in self.scope.tables:
            hint = did_you_mean(name, self.scope.tables) or (
                f"put {name}.csv beside the rule"
            )
            raise Wrong("unknown-table", f"unknown table {name!r}", at, hint)
        return self.scope.tables[name]

    # terms

    def term(self, tree: Syntax, kind: Kind | None = None) -> Term:
        """The term, refused unless it is of the kind that is wanted here."""
        found = self.any_term(tree, kind)
        if kind is not None and kind_of(found) is not kind:
            raise Wrong(
                "kind-mismatch",
                f"expected a {kind.value}, got a {kind_of(found).value}",
                place_of(tree),
                _KIND_HELP.get((kind, kind_of(found))),
            )
        return found

    def any_term(self, tree: Syntax, kind: Kind | None) -> Term:
        match tree.data:
            case "name":
                return self.name(tree, kind)
            case "add" | "subtract":
                return self.addition(tree, kind)
            case "multiply":
                return self.multiplication(tree)
            case "minus":
                return Negate(self.term(parts(tree)[0], kind))
            case "call":
                return self.call(tree, kind)
            case "date" | "amount" | "percent" | "number" | "text":
                return self.literal(tree, kind)
            case "period":
                raise Wrong(
                    "kind-mismatch",
                    "a period is added to a day",
                    place_of(tree),
                    "day + 36个月",
                )
            case "infinity":
                raise Wrong("kind-mismatch", "∞ ends an interval only", place_of(tree))
            case _:
                raise Wrong(
                    "kind-mismatch", "a condition is not a value", place_of(tree)
                )

    def name(self, tree: Syntax, kind: Kind | None) -> Term:
        word = _word(tree)
        scope = self.scope
        if word in scope.definitions:
            return scope.definitions[word]
        if word == "as_of":
            return AsOf()
        if word in scope.subject.facts:
            return scope.subject.facts[word].as_fact()
        binder, _, name = word.rpartition(".")
        each = scope.each
        if each is not None and binder == each.binder and name in each.fields:
            return each.fields[name].as_fact(binder)
        help_ = did_you_mean(word, scope.names())
        if help_ is None and kind is Kind.TEXT:
            help_ = f"a text is written in quotes: “{word}”"
        raise Wrong(
            "unknown-fact",
            f"unknown fact {word!r}",
            place_of(tree),
            help_ or "declare it in facts.yaml",
        )

    def literal(self, tree: Syntax, kind: Kind | None) -> Term:
        text = _word(tree)
        try:
            match tree.data:
                case "date":
                    return Constant(parse_date(text), Kind.DATE)
                case "amount":
                    return Constant(parse_money(text), Kind.MONEY)
                case "percent":
                    return Constant(parse_rate(text), Kind.RATE)
                case "text":
                    return Constant(text, Kind.TEXT)
                case _:
                    return _number(text, kind)
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    def addition(self, tree: Syntax, kind: Kind | None) -> Term:
        left_tree, right_tree = parts(tree)
        subtracts = tree.data == "subtract"
        if right_tree.data == "period":
            day = self.term(left_tree, Kind.DATE)
            return Shift(day, self.period(right_tree), back=subtracts)
        left = self.term(left_tree, kind)
        if kind_of(left) not in _MEASURES:
            self.refuse_sum(kind_of(left), left_tree)
        right = self.term(right_tree, kind_of(left))
        last: Term = Negate(right) if subtracts else right
        first = left.terms if isinstance(left, Add) else (left,)
        return Add((*first, last))

    def refuse_sum(self, kind: Kind, tree: Syntax) -> NoReturn:
        raise Wrong("kind-mismatch", f"a {kind.value} cannot be added", place_of(tree))

    def period(self, tree: Syntax) -> Period:
        try:
            return parse_period(_word(tree))
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    def multiplication(self, tree: Syntax) -> Term:
        left, right = (self.term(part) for part in parts(tree))
        kinds = (kind_of(left), kind_of(right))
        both_money = kinds == (Kind.MONEY, Kind.MONEY)
        if both_money or not all(kind in _MEASURES for kind in kinds):
            names = f"a {kinds[0].value} and a {kinds[1].value}"
            raise Wrong(
                "kind-mismatch", f"{names} cannot be multiplied", place_of(tree)
            )
        assert product_kind(*kinds) in _MEASURES  # noqa: S101  # holds by the check above
        return Multiply(left, right)

    def call(self, tree: Syntax, kind: Kind | None) -> Term:
        name, *arguments = parts(tree)
        word = str(name)
        if word in _CALENDAR:
            function, wanted = _CALENDAR[word]
            if len(arguments) != 1:
                raise Wrong("bad-call", f"{word}() takes one value", place_of(tree))
            return InCalendar(function, self.term(arguments[0], wanted))
        if word in _EXTREMES:
            first = self.term(arguments[0], kind)
            if not kind_of(first).ordered:
                raise Wrong("kind-mismatch", f"{word}() needs an order", place_of(tree))
            others = tuple(self.term(a, kind_of(first)) for a in arguments[1:])
            return _EXTREMES[word]((first, *others))
        known = [*_CALENDAR, *_EXTREMES]
        hint = did_you_mean(word, known) or one_of(known)
        raise Wrong(
            "unknown-function", f"unknown function {word!r}", place_of(name), hint
        )


_COMPARISONS = {
    "=": Comparison.EQ,
    "!=": Comparison.NE,
    "≠": Comparison.NE,
    "<": Comparison.LT,
    "<=": Comparison.LE,
    "≤": Comparison.LE,
    ">": Comparison.GT,
    ">=": Comparison.GE,
    "≥": Comparison.GE,
}
_MEASURES = {Kind.MONEY, Kind.NUMBER, Kind.RATE}
_CALENDAR = {
    "year": (Calendar.YEAR_OF, Kind.DATE),
    "first_day": (Calendar.FIRST_DAY_OF, Kind.YEAR),
    "last_day": (Calendar.LAST_DAY_OF, Kind.YEAR),
}
_EXTREMES: Mapping[str, type[Least | Greatest]] = {"min": Least, "max": Greatest}
_KIND_HELP = {
    (Kind.MONEY, Kind.NUMBER): "an amount is written with its unit, such as 500万元",
    (Kind.RATE, Kind.NUMBER): "a rate is written with its sign, such as 30%",
}


def _word(tree: Syntax) -> str:
    token = str(parts(tree)[0])
    return token[1:-1] if tree.data == "text" else token


def _is_word(tree: Syntax, scope: Scope) -> bool:
    """A text, number or bare word, which takes its kind from the other side."""
    if tree.data == "name":
        return _word(tree) not in scope.names()
    return tree.data in ("text", "number")


def _lists(declared: FactDeclaration | None) -> bool:
    """Whether a fact lists its values, so that a bare word can be one of them."""
    return declared is not None and bool(declared.values)


def _is_infinite(tree: Syntax) -> bool:
    inner = parts(tree)[0] if tree.data == "minus" else tree
    return isinstance(inner, Tree) and inner.data == "infinity"


def _number(text: str, kind: Kind | None) -> Constant:
    if kind is Kind.YEAR and text.isdigit():
        return Constant(int(text), Kind.YEAR)
    return Constant(Fraction(text), Kind.NUMBER)


def _check_ascending(bounds: Sequence[Term], at: tuple[int, int]) -> None:
    values = [bound.value for bound in bounds if isinstance(bound, Constant)]
    if len(values) == 2 and not values[0] < values[1]:  # type: ignore[operator]  # noqa: PLR2004  # one kind, checked before
        raise Wrong("empty-interval", "the interval holds nothing", at)
