"""Any node of the kernel in Chinese or English, with the labels of a rule book."""

import re

from fractions import Fraction
from typing import assert_never

from attrs import evolve, frozen

from .dates import date_words, period_words
from .ir import (
    Add,
    All,
    Any,
    Arithmetic,
    AsOf,
    Branch,
    Calendar,
    Choose,
    Compare,
    Comparison,
    Condition,
    Constant,
    Elapsed,
    Entitlement,
    Exists,
    Extreme,
    Fact,
    Figure,
    Greatest,
    Holds,
    InCalendar,
    Kind,
    Leaf,
    Least,
    Lookup,
    Member,
    Multiply,
    Negate,
    Not,
    Quotient,
    Round,
    Shift,
    Span,
    Sum,
    Term,
    Uncertain,
    Value,
)
from .ir_fold import Algebra
from .ir_kinds import kind_of
from .phrasebook import language_index, phrase
from .remembering import Remembered
from .units import NO_UNIT
from .value_words import _bare_words, plain_words
from .vocabulary import FactDeclaration, RecordDeclaration, Vocabulary

#: What conditions say, in the words of a vocabulary, by the subject and the language.
_SAID: Remembered[Vocabulary, Remembered[Condition, dict[tuple[str, str], str]]] = (
    Remembered()
)


@frozen
class Words(Algebra[str, str]):
    """Says what a condition or term means, for the facts of one kind of subject."""

    vocabulary: Vocabulary
    subject: str
    lang: str = "zh"

    def condition(self, node: Condition) -> str:
        """What a condition says, worked out once for each language."""
        kept = _SAID.get(self.vocabulary)
        if kept is None:
            kept = Remembered()
            _SAID.keep(self.vocabulary, kept)
        said = kept.get(node)
        if said is None:
            said = {}
            kept.keep(node, said)
        manner = (self.subject, self.lang)
        found = said.get(manner)
        if found is None:
            found = said[manner] = super().condition(node)
        return found

    def say(self, key: str, *parts: object) -> str:
        """A fixed phrase with its parts filled in."""
        return phrase(key, self.lang).format(*parts)

    def declaration(self, node: Fact) -> FactDeclaration | None:
        """The declaration behind a fact."""
        return self.vocabulary.declaration(self.subject, node.path)

    def label(self, node: Fact) -> str:
        """What a fact is called."""
        declared = self.declaration(node)
        return node.path if declared is None else self._labelled(declared, node.path)

    def value(self, value: Value | None, kind: Kind, node: Fact | None = None) -> str:
        """A value as a person reads it; enumerations by their label."""
        declared = None if node is None else self.declaration(node)
        if value is None:
            return self.say("unknown")
        if node is not None and declared is not None and declared.unit:
            return _in_unit_of(declared, value, kind, node.scale, self.lang)
        unit = NO_UNIT if node is None else node.unit
        if declared is not None and declared.values:
            for entry in declared.values:
                if entry.value == value:
                    return (entry.label, entry.english)[self.index]
        return plain_words(value, kind, self.lang, unit)

    def path(self, path: str) -> str:
        """A path in the record, such as `platforms[0].chain`, in words."""
        declared = self.vocabulary.subjects[self.subject]
        step = _PATH.fullmatch(path)
        if step is None:
            found = declared.facts.get(path) or declared.records.get(path)
            return path if found is None else self._labelled(found, path)
        name, index, field, year = step.groups()
        if name in declared.facts:
            return self._in_year(declared.facts[name], name, index)
        holder = declared.records[name]
        whole = self.say("nth", self._labelled(holder, name), int(index) + 1)
        if field is None:
            return whole
        return self.say("part", whole, self._in_year(holder.fields[field], field, year))

    def _in_year(
        self, declared: FactDeclaration, otherwise: str, year: str | None
    ) -> str:
        """A fact, of one year where it has a figure for each."""
        label = self._labelled(declared, otherwise)
        if year is None:
            return label
        return self.say("figure", label, self.say("in-year", year))

    def _labelled(
        self, declared: FactDeclaration | RecordDeclaration, otherwise: str
    ) -> str:
        return (declared.label, declared.english)[self.index] or otherwise

    @property
    def index(self) -> int:
        """Which of two languages is spoken."""
        return language_index(self.lang)

    # terms

    def leaf(self, node: Leaf) -> str:
        match node:
            case Constant(said=str() as said) if said:
                return said
            case Constant():
                return plain_words(node.value, node.kind, self.lang, node.unit)
            case Entitlement():
                return self.say("entitlement", node.rule)
            case Fact():
                return self.label(node)
            case AsOf():
                return self.say("as-of")
            case Uncertain():
                days = (date_words(day, self.lang) for day in (node.low, node.high))
                return self.say("effective-date", *days)
            case _:
                assert_never(node)

    def figure(self, node: Figure, year: str) -> str:
        if isinstance(node.year, Constant):
            year = self.say("in-year", year)
        return self.say("figure", self.label(node.fact), year)

    def arithmetic(self, node: Arithmetic, terms: tuple[str, ...]) -> str:
        match node:
            case Add():
                pairs = zip(node.terms, terms, strict=True)
                added = [self._limited_part(term, said) for term, said in pairs]
                return " + ".join(added).replace(" + −", " − ")
            case Negate():
                return f"−{self.bracketed(node.term, terms[0])}"
            case Multiply():
                left = self.bracketed(node.left, terms[0])
                return f"{left} × {self.bracketed(node.right, terms[1])}"
            case Quotient(
                left=Add(terms=(new, Negate(term=old))),
                right=Greatest(terms=(base, Negate())),
            ) if old == base:
                return self.say("grown", self.term(new), self.term(old))
            case Quotient():
                left = self.bracketed(node.left, terms[0])
                return f"{left} ÷ {self.divisor(node.right, terms[1])}"
            case Elapsed():
                return self.say(_SPANS[node.span], *terms)
            case Greatest(terms=(Constant(value=0), _)):
                return terms[1]
            case Least():
                return self.say("least", self.listed(terms))
            case Greatest():
                return self.say("greatest", self.listed(terms))
            case _:
                assert_never(node)

    def bracketed(self, node: Term, said: str) -> str:
        """What is said of a term as a part of a product or a limit: sums in brackets."""
        compound = isinstance(_spoken(node), Add | Least | Greatest)
        return self.say("brackets", said) if compound else said

    def _limited_part(self, node: Term, said: str) -> str:
        """What is said of a term as a part of a sum: the lower of some in brackets."""
        compound = isinstance(_spoken(node), Least | Greatest)
        return self.say("brackets", said) if compound else said

    def divisor(self, node: Term, said: str) -> str:
        """What is said of a term that another one is divided by."""
        compound = isinstance(node, Add | Multiply | Quotient)
        return self.say("brackets", said) if compound else said

    def listed(self, parts: tuple[str, ...]) -> str:
        """Several words as a list."""
        return self.say("list-separator").join(parts)

    def function(self, node: Round | Shift | InCalendar, term: str) -> str:
        match node:
            case Round() if kind_of(node.term) is Kind.MONEY:
                return term
            case Round():
                return self.say("whole", term)
            case Shift() if years := _years_ago(node):
                return self.say("last-year" if years == 1 else "years-ago", years)
            case Shift():
                key = "earlier" if node.back else "later"
                return self.say(key, term, period_words(node.period, self.lang))
            case InCalendar(function=Calendar.YEAR_OF, term=AsOf()):
                return self.say("this-year")
            case InCalendar(function=function):
                if isinstance(node.term, Constant):
                    term = self.say("in-year", term)
                return self.say(_CALENDAR[function], term)
            case _:
                assert_never(node)

    def choose(
        self, node: Choose, branches: tuple[tuple[str, str], ...], otherwise: str
    ) -> str:
        match node:
            case Choose(branches=(_,), otherwise=Constant(value=0 | 1)):
                # A bonus, or a multiplier, where its condition is met.
                ((condition, said),) = branches
                return self.say("if", said, condition)
            case Choose(branches=(_,)):
                ((condition, said),) = branches
                return self.say("if-else", said, condition, otherwise)
            case _:
                return self.say("tiers")

    def lookup(self, node: Lookup, keys: tuple[str, ...], otherwise: str) -> str:
        table = self.table(node.table)
        # A column that holds a fact is called like the fact.
        column = self.path(node.column)
        return self.say("lookup", table, column, self.listed(keys))

    def total(self, node: Sum, where: str, term: str) -> str:
        if node.binder == "award":
            counted = isinstance(node.term, Constant)
            return self.say("paid-times" if counted else "paid-sum")
        if isinstance(node.term, Constant):
            return self.such_that("count", self.path(node.records), node, where)
        return self.such_that("sum", term, node, where)

    def extreme(self, node: Extreme, where: str, term: str, otherwise: str) -> str:
        key = "largest" if node.largest else "smallest"
        return self.such_that(key, term, node, where)

    def such_that(self, key: str, what: str, node: Sum | Extreme, where: str) -> str:
        """What is computed over records, and over which of them."""
        said = self.say(key, what)
        return self.say("such-that", said, where) if node.where != All(()) else said

    # conditions

    def holds(self, node: Holds, term: str) -> str:
        return self.say("holds", term)

    def compare(self, node: Compare, left: str, right: str) -> str:
        kind = kind_of(node.left)
        if counted := counted_conditions(node):
            said = tuple(map(self.condition, counted))
            return self.say("at-least-of", right, self.say("or-else").join(said))
        if kind is Kind.DATE:
            blank = "" if self.lang == "zh" else " "
            return blank.join((left, _DATE_SIGNS[node.comparison][self.index], right))
        if isinstance(node.right, Constant):
            right = self.threshold(node, node.right)
        return f"{left} {node.comparison.value} {right}"

    def threshold(self, node: Compare, right: Constant) -> str:
        """What something is compared with, as the fact that is compared says it."""
        fact = _fact_of(node.left)
        if fact is None:
            return self.term(right)
        return self.value(right.value, kind_of(node.left), fact)

    def table(self, path: str) -> str:
        """What a table is called; its column, where one is named, after a dot."""
        name, _, column = path.partition(".")
        label = self.vocabulary.tables.get(name)
        if label is None:
            return self.say("table", path)
        said = self.say("titled", (label.label, label.english)[self.index])
        return self.say("column", said, self.path(column)) if column else said

    def member(self, node: Member, terms: tuple[str, ...]) -> str:
        return self._member(node, terms, but="")

    def _member(self, node: Member, terms: tuple[str, ...], *, but: str) -> str:
        whole = self.listed(terms)
        subject = whole if len(terms) == 1 else self.say("brackets", whole)
        if node.name:
            table = self.table(node.name)
            return self.say(f"{but}in-table", subject, table)
        first = node.terms[0]
        fact = _fact_of(first)
        shown = tuple(self.value(v, kind_of(first), fact) for v in node.shown)
        key = "is" if len(shown) == 1 else "among"
        return self.say(f"{but}{key}", subject, self.listed(shown))

    def connective(self, node: All | Any | Not, parts: tuple[str, ...]) -> str:
        match node:
            case Not():
                return self.negated(node, parts[0])
            case All():
                return self.say("and").join(
                    self.say("brackets", part) if isinstance(child, Any) else part
                    for child, part in zip(node.parts, parts, strict=True)
                )
            case Any():
                return self.say("or").join(
                    self.say("brackets", part) if isinstance(child, All) else part
                    for child, part in zip(node.parts, parts, strict=True)
                )
            case _:
                assert_never(node)

    def negated(self, node: Not, part: str) -> str:
        """The opposite of a condition, without saying 'not' of a whole sentence."""
        match node.part:
            case Holds(term=term):
                return self.say("not-holds", self.term(term))
            case Member() as member:
                terms = tuple(map(self.term, member.terms))
                return self._member(member, terms, but="not-")
            case Compare() as compare:
                opposite = evolve(compare, comparison=OPPOSITE[compare.comparison])
                return self.condition(opposite)
            case Exists(binder="award") as exists:
                return self._history(exists, "not-paid-before")
            case Exists() as exists:
                return self._found(exists, self.condition(exists.where), negated=True)
            case _:
                return self.say("not", part)

    def _history(self, node: Exists, key: str) -> str:
        where = node.where
        extra = where.parts[1:] if isinstance(where, All) else ()
        if not extra:
            return self.say(key)
        said = tuple(map(self._sameness, extra))
        return self.say(f"{key}-for", self.listed(said))

    def _sameness(self, node: Condition) -> str:
        """For what an award was paid: the year or the record that is looked at."""
        match node:
            case Compare(
                comparison=Comparison.EQ,
                left=Fact(scope="award", name="year" | "record" as name),
            ):
                return self.say(f"same-{name}")
            case _:
                return self.condition(node)

    def exists(self, node: Exists, where: str) -> str:
        if node.binder == "award":
            return self._history(node, "paid-before")
        return self._found(node, where, negated=False)

    def _found(self, node: Exists, where: str, *, negated: bool) -> str:
        """That some record, or that none, meets a condition."""
        records = self.path(node.records)
        declared = self.vocabulary.subjects[self.subject].records.get(node.records)
        match node.where:
            case All(parts=()):
                return self.say("no-record" if negated else "any-record", records)
            case Member(terms=(Fact() as fact,), shown=(value,)) if (
                declared is not None and declared.plain
            ):
                said = self.value(value, fact.kind, fact)
                return self.say(
                    "not-includes" if negated else "includes", records, said
                )
            case _:
                key = "exists-not" if negated else "exists"
                return self.say(key, records, where)


def counted_conditions(node: Condition) -> tuple[Condition, ...]:
    """The conditions of which so many must be met; none where it is no such count."""
    match node:
        case Compare(comparison=Comparison.GE, left=Add(terms=terms), right=Constant()):
            found = [_counted(term) for term in terms]
            return tuple(c for c in found if c is not None) if all(found) else ()
        case _:
            return ()


def _counted(term: Term) -> Condition | None:
    match term:
        case Choose(
            branches=(Branch(condition=condition, term=Constant(value=1)),),
            otherwise=Constant(value=0, kind=Kind.NUMBER),
        ):
            return condition
        case _:
            return None


def _years_ago(node: Term) -> int:
    """How many years before that of the day asked about; 0 where it is no such year."""
    match node:
        case Shift(term=InCalendar(function=Calendar.YEAR_OF, term=AsOf()), back=True):
            return node.period.years
        case Shift(term=Shift() as inner, back=True) if before := _years_ago(inner):
            return before + node.period.years
        case _:
            return 0


def _spoken(node: Term) -> Term:
    """The term that is said of a node: a rounding, or a floor of nothing, is not."""
    while True:
        match node:
            case Round():
                node = node.term
            case Greatest(terms=(Constant(value=0), inner)):
                node = inner
            case _:
                return node


def _fact_of(term: Term) -> Fact | None:
    """The fact that a term is, or of which it is the figure of a year."""
    if isinstance(term, Figure):
        return term.fact
    return term if isinstance(term, Fact) else None


def _in_unit_of(
    declared: FactDeclaration, value: Value, kind: Kind, scale: Fraction, lang: str
) -> str:
    """A number of base units, or a price for one, in the unit of a fact."""
    assert isinstance(value, int | Fraction)  # noqa: S101  # facts with units are measures
    unit = declared.unit.removeprefix("元")
    return _bare_words(Fraction(value) / scale, kind, lang) + unit


_PATH = re.compile(r"(\w+)\[(\d+)\](?:\.(\w+)(?:\[(\d+)\])?)?")


_SPANS = {Span.DAYS: "days", Span.MONTHS: "months", Span.YEARS: "years"}


_CALENDAR = {
    Calendar.YEAR_OF: "year-of",
    Calendar.FIRST_DAY_OF: "first-day",
    Calendar.LAST_DAY_OF: "last-day",
}


#: Not this, but that: exact for values of one ordered kind.
OPPOSITE = {
    Comparison.EQ: Comparison.NE,
    Comparison.NE: Comparison.EQ,
    Comparison.LT: Comparison.GE,
    Comparison.GE: Comparison.LT,
    Comparison.GT: Comparison.LE,
    Comparison.LE: Comparison.GT,
}


#: What a day must do besides being a day or not, by the comparison it has to meet.
DATE_NEEDS = {
    Comparison.LT: ("早于{}", "be before {}"),
    Comparison.LE: ("不晚于{}", "not be after {}"),
    Comparison.GT: ("晚于{}", "be after {}"),
    Comparison.GE: ("不早于{}", "not be before {}"),
}


_DATE_SIGNS = {
    Comparison.EQ: ("为", "is"),
    Comparison.NE: ("不为", "is not"),
    Comparison.LT: ("早于", "is before"),
    Comparison.LE: ("不晚于", "is not after"),
    Comparison.GT: ("晚于", "is after"),
    Comparison.GE: ("不早于", "is not before"),
}
