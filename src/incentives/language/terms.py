"""Terms of rule files: from a syntax tree to the kernel, names and kinds checked."""

from collections.abc import Mapping
from fractions import Fraction

from ..dates import FIRST_DAY, LAST_DAY, Period, parse_date, parse_period
from ..errors import did_you_mean, one_of
from ..ir import (
    Add,
    AsOf,
    Calendar,
    Constant,
    Greatest,
    InCalendar,
    Kind,
    Least,
    Multiply,
    Negate,
    Shift,
    Term,
    kind_of,
)
from ..money import parse_money, parse_rate
from .scope import AS_OF, Scope
from .slips import in_name
from .syntax import Syntax, Wrong, parts, place_of, word_of


class Terms:
    """Gives the syntax tree of a term its meaning; raises :class:`Wrong`."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    def term(self, tree: Syntax, kind: Kind | None = None) -> Term:
        """The term, refused unless it is of the kind that is wanted here."""
        found = self.any_term(tree, kind)
        if kind is not None and kind_of(found) is not kind:
            raise Wrong(
                "kind-mismatch",
                f"expected {named(kind)}, got {named(kind_of(found))}",
                place_of(tree),
                _QUOTED
                if tree.data == "text" and kind in _UNQUOTED
                else _KIND_HELP.get((kind, kind_of(found))),
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
                return Negate(self.measure(parts(tree)[0], kind))
            case "call":
                return self.call(tree, kind)
            case "date" | "amount" | "percent" | "number" | "text":
                return self.literal(tree, kind)
            case "period":
                raise Wrong(
                    "kind-mismatch",
                    "a period is added to a day",
                    place_of(tree),
                    "a year is written 2025" if kind is Kind.YEAR else "day + 36个月",
                )
            case "infinity":
                raise Wrong("kind-mismatch", "∞ ends an interval only", place_of(tree))
            case _:
                raise Wrong(
                    "kind-mismatch", "a condition is not a value", place_of(tree)
                )

    def name(self, tree: Syntax, kind: Kind | None) -> Term:
        word = word_of(tree)
        scope = self.scope
        if word in scope.definitions:
            return scope.definitions[word]
        if word == AS_OF:
            return AsOf()
        if word in scope.subject.facts:
            return scope.subject.facts[word].as_fact()
        binder, _, name = word.rpartition(".")
        each = scope.each
        if each is not None and binder == each.binder and name in each.fields:
            return each.fields[name].as_fact(binder)
        raise Wrong(
            "unknown-fact",
            f"unknown fact {word!r}",
            place_of(tree),
            _name_help(word, scope, kind),
        )

    def literal(self, tree: Syntax, kind: Kind | None) -> Term:
        text = word_of(tree)
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
                    return _number(text, kind, place_of(tree))
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    def addition(self, tree: Syntax, kind: Kind | None) -> Term:
        left_tree, right_tree = parts(tree)
        subtracts = tree.data == "subtract"
        if right_tree.data == "period":
            day = self.term(left_tree, Kind.DATE)
            return Shift(day, self.period(right_tree), back=subtracts)
        left = self.measure(left_tree, kind)
        right = self.term(right_tree, kind_of(left))
        last: Term = Negate(right) if subtracts else right
        first = left.terms if isinstance(left, Add) else (left,)
        return Add((*first, last))

    def measure(self, tree: Syntax, kind: Kind | None) -> Term:
        """A term that can be added: an amount, a number or a rate."""
        found = self.term(tree, kind)
        if kind_of(found) not in _MEASURES:
            said = f"{named(kind_of(found))} cannot be added"
            raise Wrong("kind-mismatch", said, place_of(tree))
        return found

    def period(self, tree: Syntax) -> Period:
        try:
            return parse_period(word_of(tree))
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    def multiplication(self, tree: Syntax) -> Term:
        left, right = (self.term(part) for part in parts(tree))
        kinds = (kind_of(left), kind_of(right))
        both_money = kinds == (Kind.MONEY, Kind.MONEY)
        if both_money or not all(kind in _MEASURES for kind in kinds):
            names = " and ".join(map(named, kinds))
            raise Wrong(
                "kind-mismatch", f"{names} cannot be multiplied", place_of(tree)
            )
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


_MEASURES = {Kind.MONEY, Kind.NUMBER, Kind.RATE}
_CALENDAR = {
    "year": (Calendar.YEAR_OF, Kind.DATE),
    "first_day": (Calendar.FIRST_DAY_OF, Kind.YEAR),
    "last_day": (Calendar.LAST_DAY_OF, Kind.YEAR),
}
_EXTREMES: Mapping[str, type[Least | Greatest]] = {"min": Least, "max": Greatest}
_NAMED = {
    Kind.TEXT: "a text",
    Kind.BOOLEAN: "a yes or no",
    Kind.MONEY: "an amount",
    Kind.NUMBER: "a number",
    Kind.RATE: "a rate",
    Kind.DATE: "a day",
    Kind.YEAR: "a year",
}
_KIND_HELP = {
    (Kind.BOOLEAN, Kind.TEXT): "compare it with a text: = “…”",
    (Kind.MONEY, Kind.NUMBER): "an amount is written with its unit, such as 500万元",
    (Kind.RATE, Kind.NUMBER): "a rate is written with its sign, such as 30%",
}


#: Kinds whose literals stand without quotes.
_UNQUOTED = {Kind.MONEY, Kind.NUMBER, Kind.RATE, Kind.DATE, Kind.YEAR}
_QUOTED = "only a text stands in quotes"


def named(kind: Kind) -> str:
    """A kind in the words of a message."""
    return _NAMED[kind]


def _name_help(word: str, scope: Scope, kind: Kind | None) -> str:
    known = scope.names()
    if (help_ := in_name(word, known)) is not None:
        return help_
    if (fact := scope.labelled(word)) is not None:
        return f"in rules it is called {fact!r}"
    if (help_ := scope.in_records(word)) is not None:
        return help_
    if kind is Kind.TEXT:
        return did_you_mean(word, known) or f"a text is written in quotes: “{word}”"
    return did_you_mean(word, known) or "declare it in facts.yaml"


def _number(text: str, kind: Kind | None, at: tuple[int, int]) -> Constant:
    if kind is not Kind.YEAR or not text.isdecimal():
        return Constant(Fraction(text), Kind.NUMBER)
    year = int(text)
    if not FIRST_DAY.year <= year <= LAST_DAY.year:
        raise Wrong("bad-literal", f"no year: {text}", at)
    return Constant(year, Kind.YEAR)
