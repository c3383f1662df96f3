"""Terms of rule files: from a syntax tree to the kernel, names and kinds checked."""

import re

from collections.abc import Callable
from fractions import Fraction

from ...dates import FIRST_DAY, LAST_DAY, Period, parse_date, parse_period
from ...errors import did_you_mean, one_of
from ...ir import (
    Add,
    Condition,
    Constant,
    Fact,
    Figure,
    Kind,
    Multiply,
    Negate,
    Quotient,
    Shift,
    Term,
)
from ...ir_kinds import kind_of, unit_of
from ...money import parse_money, parse_rate
from ...units import CURRENCIES, factor, parse_quantity, unit_of_name, unit_words
from .functions import AGGREGATES, FUNCTIONS, aggregate, function_named
from .scope import Scope
from .slips import in_name
from .syntax import Syntax, Wrong, parts, place_of, word_of

#: How a condition inside a term, such as that of a sum, gets its meaning.
Meaning = Callable[[Scope, Syntax], Condition]


class Terms:
    """Gives the syntax tree of a term its meaning; raises :class:`Wrong`."""

    def __init__(self, scope: Scope, condition: Meaning) -> None:
        self.scope = scope
        self.condition = condition

    def term(self, tree: Syntax, kind: Kind | None = None) -> Term:
        """The term, refused unless it is of the kind that is wanted here."""
        found = self.any_term(tree, kind)
        if kind is not None and kind_of(found) is not kind:
            raise Wrong(
                "kind-mismatch",
                f"expected {named(kind)}, got {named(kind_of(found))}",
                place_of(tree),
                _mismatch_help(tree, found, kind),
            )
        return found

    def any_term(self, tree: Syntax, kind: Kind | None) -> Term:  # noqa: C901, PLR0912  # one line for every form
        match tree.data:
            case "name":
                return self.name(tree, kind)
            case "figure":
                return self.figure(tree)
            case "add" | "subtract":
                return self.addition(tree, kind)
            case "multiply":
                return self.multiplication(tree)
            case "divide":
                return self.division(tree, kind)
            case "minus":
                return Negate(self.measure(parts(tree)[0], kind))
            case "call" | "filtered":
                return self.call(tree, kind)
            case "date" | "amount" | "price" | "percent" | "number" | "text":
                return self.literal(tree, kind)
            case "quantity":
                return self.quantity(tree)
            case "period" if kind is Kind.NUMBER:
                return self.quantity(tree)
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

    # names

    def name(self, tree: Syntax, kind: Kind | None) -> Term:
        word = word_of(tree)
        found = self.scope.resolved(word)
        if found is None:
            raise Wrong(
                "unknown-fact",
                f"unknown fact {word!r}",
                place_of(tree),
                _name_help(word, self.scope, kind),
            )
        declared = self.scope.declaration(found)
        if isinstance(found, Fact) and declared is not None and declared.yearly:
            raise Wrong(
                "year-missing",
                f"{word!r} has a figure for each year",
                place_of(tree),
                f"write the year: {word}[2025], or {word}[year(as_of) - 1年]",
            )
        return found

    def figure(self, tree: Syntax) -> Term:
        """`revenue[2024]`: the figure of one year."""
        name, year_tree = parts(tree)
        word = str(name)
        found, declared = self.scope.resolved(word), self.scope.declared(word)
        if found is None:
            help_ = _name_help(word, self.scope, None)
            raise Wrong("unknown-fact", f"unknown fact {word!r}", place_of(name), help_)
        if not isinstance(found, Fact) or declared is None or not declared.yearly:
            raise Wrong(
                "no-figures",
                f"{word!r} has one value, not one for each year",
                place_of(tree),
                f"write {word!r}, or declare it with 'series: true' in facts.yaml"
                if isinstance(found, Fact)
                else f"write {word!r}",
            )
        return Figure(found, self.year(year_tree))

    def year(self, tree: Syntax) -> Term:
        return self.term(tree, Kind.YEAR)

    # literals

    def literal(self, tree: Syntax, kind: Kind | None) -> Term:
        text = word_of(tree)
        try:
            match tree.data:
                case "date":
                    return Constant(parse_date(text), Kind.DATE)
                case "amount":
                    return Constant(parse_money(text), Kind.MONEY)
                case "price":
                    return _price(text)
                case "percent":
                    return Constant(parse_rate(text), Kind.RATE)
                case "text":
                    return Constant(text, Kind.TEXT)
                case _:
                    return _number(text, kind, place_of(tree))
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    def quantity(self, tree: Syntax) -> Constant:
        found = parse_quantity(word_of(tree).replace(" ", ""))
        if found is None:
            raise Wrong(
                "bad-literal",
                f"{word_of(tree)!r} counts more than one unit",
                place_of(tree),
                "write one unit, such as 18个月",
            )
        return Constant(found[0], Kind.NUMBER, found[1], word_of(tree).strip())

    def period(self, tree: Syntax) -> Period:
        try:
            return parse_period(word_of(tree))
        except ValueError as error:
            raise Wrong("bad-literal", str(error), place_of(tree)) from None

    # arithmetic

    def addition(self, tree: Syntax, kind: Kind | None) -> Term:
        left_tree, right_tree = parts(tree)
        subtracts = tree.data == "subtract"
        wanted = kind if kind is not Kind.YEAR else None
        if right_tree.data == "period":
            moved = self.any_term(left_tree, kind)
            if kind_of(moved) is not Kind.NUMBER:
                return self.moved(moved, left_tree, right_tree, back=subtracts)
        left = self.measure(left_tree, wanted)
        right = self.term(right_tree, kind_of(left))
        self.same_unit(left, right, right_tree)
        last: Term = Negate(right) if subtracts else right
        first = left.terms if isinstance(left, Add) else (left,)
        return Add((*first, last))

    def moved(
        self, start: Term, start_tree: Syntax, tree: Syntax, *, back: bool
    ) -> Term:
        """A day or a year, moved by a period."""
        period = self.period(tree)
        if kind_of(start) is Kind.YEAR:
            if period.months % 12 or period.days:
                raise Wrong("kind-mismatch", "a year moves by years", place_of(tree))
            period = Period(years=period.years + period.months // 12)
            return Shift(start, period, back=back)
        return Shift(self.term(start_tree, Kind.DATE), period, back=back)

    def measure(self, tree: Syntax, kind: Kind | None) -> Term:
        """A term that can be added: an amount, a number or a rate."""
        found = self.term(tree, kind)
        if kind_of(found) not in MEASURES:
            said = f"{named(kind_of(found))} cannot be added"
            help_ = _ADDED_HELP.get(kind_of(found))
            raise Wrong("kind-mismatch", said, place_of(tree), help_)
        return found

    def same_unit(self, left: Term, right: Term, tree: Syntax) -> None:
        """Refuse to compare or to add what is measured in different units."""
        one, other = unit_of(left), unit_of(right)
        if one == other:
            return
        if tree.data == "number":
            help_ = f"write it with its unit: {word_of(tree)}{unit_words(one)}"
        elif tree.data in ("amount", "price", "quantity", "period"):
            plain = not one and kind_of(left) is not Kind.MONEY
            help_ = "leave out its unit" if plain else f"write it in {_measured(left)}"
        else:
            help_ = "declare 'unit:' of the fact in facts.yaml, or convert it"
        raise Wrong(
            "mixed-units",
            f"{_measured(left)} and {_measured(right)} do not go together",
            place_of(tree),
            help_,
        )

    def multiplication(self, tree: Syntax) -> Term:
        left, right = (self.term(part) for part in parts(tree))
        kinds = (kind_of(left), kind_of(right))
        both_money = kinds == (Kind.MONEY, Kind.MONEY)
        if both_money or not all(kind in MEASURES for kind in kinds):
            names = " and ".join(map(named, kinds))
            raise Wrong(
                "kind-mismatch", f"{names} cannot be multiplied", place_of(tree)
            )
        return Multiply(left, right)

    def division(self, tree: Syntax, kind: Kind | None) -> Term:
        left_tree, right_tree = parts(tree)
        left, right = self.term(left_tree), self.term(right_tree)
        if not isinstance(right, Constant):
            raise Wrong(
                "may-be-zero",
                "this divisor may be 0, and the rule would say nothing",
                place_of(right_tree),
                "write ratio(a, b, c): c is what holds where b is 0",
            )
        return self.quotient(tree, left, right, kind)

    def quotient(
        self, tree: Syntax, left: Term, right: Term, kind: Kind | None
    ) -> Quotient:
        """A quotient that is nothing where its divisor is zero."""
        found = quotient_kind(left, right, kind)
        if found is None:
            pair = f"{named(kind_of(left))} by {named(kind_of(right))}"
            raise Wrong("kind-mismatch", f"cannot divide {pair}", place_of(tree))
        if isinstance(right, Constant) and right.value == 0:
            raise Wrong("may-be-zero", "a division by 0", place_of(tree))
        return Quotient(left, right, Constant(0, found))

    # functions

    def call(self, tree: Syntax, kind: Kind | None) -> Term:
        name, *arguments = parts(tree)
        word = function_named(str(name), place_of(name))
        if word in AGGREGATES:
            return aggregate(self, word, tree)
        if tree.data == "filtered":
            raise Wrong("bad-call", f"{word}() has no 'where'", place_of(tree))
        return FUNCTIONS[word](self, tree, arguments, kind)


#: The kinds that can be added and multiplied.
MEASURES = {Kind.MONEY, Kind.NUMBER, Kind.RATE}
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


_ADDED_HELP = {
    Kind.DATE: "a day moves by a period, such as + 36个月",
    Kind.YEAR: "a year moves by years, such as - 1年",
}

#: Kinds whose literals stand without quotes.
_UNQUOTED = {Kind.MONEY, Kind.NUMBER, Kind.RATE, Kind.DATE, Kind.YEAR}


def _mismatch_help(tree: Syntax, found: Term, wanted: Kind) -> str | None:
    """What to write instead of a term of another kind than is wanted."""
    if tree.data == "text" and wanted in _UNQUOTED:
        return "only a text stands in quotes"
    if tree.data == "divide" and wanted is Kind.DATE:
        return "a day is written with hyphens: 2025-12-31"
    unit = dict(unit_of(found))
    currency = next((name for name in unit if name in CURRENCIES), None)
    if wanted is Kind.MONEY and currency is not None and unit == {currency: 1}:
        what = word_of(tree) if tree.data in ("quantity", "name") else "…"
        return f"convert it at a stated rate, such as {what} × 7.1元/{currency}"
    return _KIND_HELP.get((wanted, kind_of(found)))


def named(kind: Kind) -> str:
    """A kind in the words of a message."""
    return _NAMED[kind]


def quotient_kind(left: Term, right: Term, wanted: Kind | None) -> Kind | None:
    """The kind of a quotient; None where there is no such quotient."""
    match kind_of(left), kind_of(right):
        case Kind.MONEY, Kind.MONEY:
            return Kind.NUMBER if wanted is Kind.NUMBER else Kind.RATE
        case Kind.MONEY, Kind.NUMBER | Kind.RATE:
            return Kind.MONEY
        case Kind.NUMBER, Kind.NUMBER if unit_of(left) != unit_of(right):
            return Kind.NUMBER
        case Kind.NUMBER, Kind.NUMBER if wanted in (Kind.NUMBER, Kind.RATE):
            return wanted
        case Kind.NUMBER, Kind.NUMBER:
            # A number by a number that is written there stays one; shares are rates.
            return Kind.NUMBER if isinstance(right, Constant) else Kind.RATE
        case Kind.NUMBER, Kind.RATE:
            return Kind.NUMBER
        case Kind.RATE, Kind.NUMBER | Kind.RATE:
            return Kind.RATE
        case _:
            return None


def _measured(term: Term) -> str:
    """What a term is measured in, in the words of a message."""
    unit = unit_words(unit_of(term))
    if kind_of(term) is Kind.MONEY:
        return f"'元{unit}'"
    return repr(unit) if unit else "a value without a unit"


def _name_help(word: str, scope: Scope, kind: Kind | None) -> str:
    known = scope.names()
    if (help_ := in_name(word, known)) is not None:
        return help_
    if (help_ := scope.in_records(word)) is not None:
        return help_
    if (records := scope.records(word)) is not None:
        if records.plain:
            return f"{word!r} has several values: write “…” in {word}"
        return f"{word!r} is a list: write count({word}), sum({word}.…) and the like"
    if len(several := scope.called(word)) > 1:
        return f"it may mean {one_of(several)}: write which one"
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


def _price(text: str) -> Constant:
    """`300元/平方米`; raises ValueError."""
    amount, _, unit = (part.strip() for part in text.partition("/"))
    # A price may be finer than a fen: what it comes to is rounded, not itself.
    fine = Fraction(parse_money(amount.replace(".", "")))
    decimals = re.search(r"\.(\d+)", amount)
    fen = fine / 10 ** len(decimals[1] if decimals else "") / factor(unit)
    return Constant(fen, Kind.MONEY, unit_of_name(f"元/{unit}"), text)
