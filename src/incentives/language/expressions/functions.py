"""The functions of expressions: what each takes, and the kernel that it stands for."""

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from lark import Token, Tree

from ...errors import did_you_mean, one_of
from ...ir import (
    Add,
    All,
    Calendar,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Span,
    Sum,
    Term,
)
from ...ir_kinds import kind_of
from ...money import Rounding
from ...vocabulary import RecordDeclaration
from ..words import EXPRESSIONS
from .awards import paid_under
from .scope import Scope
from .syntax import Syntax, Wrong, parts, place_of, word_of

if TYPE_CHECKING:
    from .terms import Terms

_Arguments = list[Syntax]
_Build = Callable[["Terms", Syntax, _Arguments, Kind | None], Term]


def function_named(word: str, at: tuple[int, int]) -> str:
    """The function of a name in either language; raises :class:`Wrong`."""
    known = [*FUNCTIONS, *AGGREGATES, *QUANTIFIERS]
    found = EXPRESSIONS.meant(word, known)
    if found is None:
        names = [form for name in known for form in EXPRESSIONS.forms(name)]
        hint = did_you_mean(word, names) or one_of(known)
        raise Wrong("unknown-function", f"unknown function {word!r}", at, hint)
    if found in QUANTIFIERS:
        raise Wrong("kind-mismatch", "a condition is not a value", at)
    return found


def _take(word: str, tree: Syntax, given: _Arguments, *counts: int) -> None:
    """Refuse a call with another number of values."""
    if len(given) in counts:
        return
    said = " or ".join(_COUNTS[count] for count in counts)
    values = "value" if counts == (1,) else "values"
    raise Wrong("bad-call", f"{word}() takes {said} {values}", place_of(tree))


_COUNTS = {1: "one", 2: "two", 3: "three"}


# --- of values -----------------------------------------------------------------


def _calendar(word: str, function: Calendar, wanted: Kind) -> _Build:
    def build(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
        _take(word, tree, given, 1)
        return InCalendar(function, terms.term(given[0], wanted))

    return build


def _among(word: str, node: type[Least | Greatest]) -> _Build:
    """`min(a, b, …)`: the smallest of several values of one kind."""

    def build(
        terms: "Terms", tree: Syntax, given: _Arguments, kind: Kind | None
    ) -> Term:
        found = _alike(word, terms, tree, given, kind)
        return node(found)

    return build


def _alike(
    word: str, terms: "Terms", tree: Syntax, given: _Arguments, kind: Kind | None
) -> tuple[Term, ...]:
    """Values of one ordered kind, in one unit."""
    first = terms.term(given[0], kind)
    if not kind_of(first).ordered:
        raise Wrong("kind-mismatch", f"{word}() needs an order", place_of(tree))
    others: list[Term] = []
    for argument in given[1:]:
        others.append(terms.term(argument, kind_of(first)))
        terms.same_unit(first, others[-1], argument)
    return (first, *others)


def _mean(terms: "Terms", tree: Syntax, given: _Arguments, kind: Kind | None) -> Term:
    found = _alike("mean", terms, tree, given, kind)
    if kind_of(found[0]) not in {Kind.MONEY, Kind.NUMBER, Kind.RATE}:
        raise Wrong("kind-mismatch", "mean() takes amounts or numbers", place_of(tree))
    share = Constant(Fraction(1, len(found)), Kind.RATE)
    return Multiply(Add(found), share)


def _ratio(terms: "Terms", tree: Syntax, given: _Arguments, kind: Kind | None) -> Term:
    """`ratio(a, b, c)`: a divided by b, or c where b is zero."""
    _take("ratio", tree, given, 3)
    left, right = terms.term(given[0]), terms.term(given[1])
    found = terms.quotient(tree, left, right, kind)
    otherwise = terms.term(given[2], kind_of(found))
    if not _is_zero(otherwise):
        terms.same_unit(found, otherwise, given[2])
    return Quotient(left, right, otherwise)


def _is_zero(term: Term) -> bool:
    return isinstance(term, Constant) and term.value == 0


def _growth(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
    """`growth(new, old, c)`: by what share it grew, or c where the old one is zero."""
    _take("growth", tree, given, 3)
    new = terms.measure(given[0], None)
    old = terms.term(given[1], kind_of(new))
    terms.same_unit(new, old, given[1])
    otherwise = terms.term(given[2], Kind.RATE)
    # The base is taken without its sign: from a loss to a profit is growth.
    size = Greatest((old, Negate(old)))
    return Quotient(Add((new, Negate(old))), size, otherwise)


def _span(word: str, span: Span) -> _Build:
    def build(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
        _take(word, tree, given, 2)
        start, end = (terms.term(argument, Kind.DATE) for argument in given)
        return Elapsed(span, start, end)

    return build


def _whole(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
    """`whole(x)`: without what is less than one."""
    _take("whole", tree, given, 1)
    return Round(terms.term(given[0], Kind.NUMBER), 1, Rounding.DOWN)


# --- of other rules ------------------------------------------------------------


def _rule_id(word: str, tree: Syntax, given: _Arguments) -> str:
    _take(word, tree, given, 1)
    if given[0].data != "text":
        said = f"{word}() takes the id of a rule"
        raise Wrong("bad-call", said, place_of(given[0]), "write it in quotes: “…”")
    return word_of(given[0])


def _due(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
    return Entitlement(_rule_id("due", tree, given))


def _paid(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
    return paid_under((_rule_id("paid", tree, given),), terms.scope)


def _granted(terms: "Terms", tree: Syntax, given: _Arguments, _: Kind | None) -> Term:
    rule = _rule_id("granted", tree, given)
    return Add((Entitlement(rule), paid_under((rule,), terms.scope)))


FUNCTIONS: Mapping[str, _Build] = {
    "year": _calendar("year", Calendar.YEAR_OF, Kind.DATE),
    "first_day": _calendar("first_day", Calendar.FIRST_DAY_OF, Kind.YEAR),
    "last_day": _calendar("last_day", Calendar.LAST_DAY_OF, Kind.YEAR),
    "min": _among("min", Least),
    "max": _among("max", Greatest),
    "mean": _mean,
    "ratio": _ratio,
    "growth": _growth,
    "days": _span("days", Span.DAYS),
    "months": _span("months", Span.MONTHS),
    "years": _span("years", Span.YEARS),
    "whole": _whole,
    "due": _due,
    "paid": _paid,
    "granted": _granted,
}

# --- over records --------------------------------------------------------------

#: Functions that look at every record of a list, and come to a value or a verdict.
AGGREGATES = ("sum", "count", "largest", "smallest")
QUANTIFIERS = ("any", "every")
_ALWAYS: Condition = All(())


def aggregate(terms: "Terms", word: str, tree: Syntax) -> Term:
    """`sum(projects.cost where projects.first)`, `count(projects where …)`."""
    what, where_tree, rest = _pieces(word, tree)
    if word == "count":
        records = _list_named(terms.scope, what)
        where = _where(terms, records, where_tree)
        _refuse_more(word, rest)
        one = Constant(Fraction(1), Kind.NUMBER)
        return Sum(records.records, records.records, where, one, records.at_most)
    records = _list_in(terms.scope, what)
    inner = type(terms)(terms.scope.over(records), terms.condition)
    term = inner.measure(what, None) if word == "sum" else inner.term(what)
    where = _where(terms, records, where_tree)
    name = records.records
    if word == "sum":
        _refuse_more(word, rest)
        return Sum(name, name, where, term, records.at_most)
    if not kind_of(term).ordered:
        raise Wrong("kind-mismatch", f"{word}() needs an order", place_of(tree))
    if rest is None:
        raise Wrong(
            "bad-call",
            f"{word}() needs what holds where there is no such record",
            place_of(tree),
            f"add it at the end: {word}(…, 0元)",
        )
    otherwise = terms.term(rest, kind_of(term))
    if not _is_zero(otherwise):
        terms.same_unit(term, otherwise, rest)
    return Extreme(name, name, where, term, word == "largest", otherwise)


def quantified(terms: "Terms", tree: Syntax) -> Condition | None:
    """`any(projects where …)`, `every(projects where …)`; None for other functions."""
    name = parts(tree)[0]
    word = EXPRESSIONS.meant(str(name), QUANTIFIERS)
    if word is None:
        return None
    what, where_tree, rest = _pieces(word, tree)
    records = _list_named(terms.scope, what)
    _refuse_more(word, rest)
    if where_tree is None and word == "every":
        raise Wrong("bad-call", "every() needs a condition", place_of(tree))
    where = _where(terms, records, where_tree)
    if word == "any":
        return Exists(records.records, records.records, where)
    return Not(Exists(records.records, records.records, Not(where)))


def _pieces(word: str, tree: Syntax) -> tuple[Syntax, Syntax | None, Syntax | None]:
    """What is looked at, the condition, and what holds otherwise."""
    _, what, *rest = parts(tree)
    if tree.data == "filtered":
        return what, rest[0], rest[1] if len(rest) > 1 else None
    if len(rest) > 1:
        raise Wrong("bad-call", f"{word}() takes two values at most", place_of(tree))
    return what, None, rest[0] if rest else None


def _refuse_more(word: str, rest: Syntax | None) -> None:
    if rest is not None:
        said = f"{word}() takes no second value"
        raise Wrong("bad-call", said, place_of(rest), "a condition follows 'where'")


def _where(
    terms: "Terms", records: RecordDeclaration, tree: Syntax | None
) -> Condition:
    if tree is None:
        return _ALWAYS
    return terms.condition(terms.scope.over(records), tree)


def _list_named(scope: Scope, tree: Syntax) -> RecordDeclaration:
    word = word_of(tree) if tree.data == "name" else ""
    found = scope.records(word)
    if found is None:
        raise _no_list(scope, word, tree)
    return found


def _list_in(scope: Scope, tree: Syntax) -> RecordDeclaration:
    """The one list whose records a term looks at."""
    names = [str(token) for token in _names(tree)]
    found = {
        records.records: records
        for name in names
        if (records := scope.records(name.rpartition(".")[0])) is not None
        and (scope.each is None or name.rpartition(".")[0] != scope.each.binder)
    }
    if len(found) != 1:
        raise _no_list(scope, next(iter(names), ""), tree)
    return next(iter(found.values()))


def _names(tree: Syntax) -> Iterator[Token]:
    for part in tree.children:
        if isinstance(part, Tree):
            yield from _names(part)
        elif part.type == "NAME":
            yield part


def _no_list(scope: Scope, word: str, tree: Syntax) -> Wrong:
    known = list(scope.subject.records)
    holder = word.rpartition(".")[0] or word
    single = next(
        (r for r in scope.subject.records.values() if r.binder == holder), None
    )
    hint = (
        f"did you mean {single.records!r}?" if single else did_you_mean(holder, known)
    )
    return Wrong(
        "unknown-record",
        f"no list of records in {word!r}" if word else "no list of records here",
        place_of(tree),
        hint or f"expected {one_of(known)}",
    )
