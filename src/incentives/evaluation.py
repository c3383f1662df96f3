"""`evaluate()`: a subject, a day, a rule book and its readings; out comes an assessment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from itertools import chain
from typing import Any, cast

from attrs import define, field

from .assessment import Assessment
from .book import RuleBook
from .dates import read_date, today
from .determination import Determination
from .engines.compiled import CompiledEngine
from .engines.engine import Due, Engine
from .engines.reference import ReferenceEngine
from .engines.witness import Witness
from .errors import EngineDisagreement, UsageError
from .facts import County, Enterprise
from .found import Found
from .ir import Term
from .items import Alternative, bounds_of
from .judging import determine, ruled_out
from .known import Known, exactly
from .packs import bundled
from .plain import Plain
from .policy import Rule
from .remembering import Remembered
from .stacking import concerned, peers, stacked
from .structuring import subject_of

#: Every engine by its name; the first one answers, checks try them all.
_REFERENCE = ReferenceEngine()
_WITNESS = Witness()
ENGINES: Mapping[str, Engine] = {
    "compiled": CompiledEngine(_REFERENCE, _WITNESS.confirm, stands=_WITNESS.stands),
    "reference": _REFERENCE,
}


def evaluate(
    subject: Enterprise | County | Mapping[str, Any],
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str | date] | None = None,
) -> Assessment:
    """
    What a subject is entitled to on a day: how much, why, why not, what is missing.

    ``as_of`` takes the law and the facts of that day (default: today in Asia/Shanghai);
    ``rules`` is a book made by :func:`load` (default: the bundled quanzhou-2024);
    ``readings`` decide ambiguous words otherwise than by their defaults.

    Raises :class:`RecordError` for a record with mistakes, and :class:`UsageError` for
    a day, a book or a reading that makes no sense.
    """
    engine = ENGINES["compiled"]
    return evaluate_by(engine, subject, as_of=as_of, rules=rules, readings=readings)


def evaluate_by(
    engine: Engine,
    subject: Enterprise | County | Mapping[str, Any],
    *,
    as_of: date | str | None,
    rules: RuleBook | None,
    readings: Mapping[str, str | date] | None,
) -> Assessment:
    """The same as :func:`evaluate`, by an engine of one's choice."""
    day, book, chosen = asked(as_of, rules, readings)
    return Inquiry(subject_of(subject, book), day, chosen, engine).assess()


def asked(
    as_of: date | str | None,
    rules: RuleBook | None,
    readings: Mapping[str, str | date] | None,
) -> tuple[date, RuleBook, RuleBook]:
    """
    The day, the book, and the book under the readings that a call asks for.

    Raises :class:`UsageError` where they make no sense.
    """
    day = _day(as_of)
    book = bundled() if rules is None else rules
    if not isinstance(book, RuleBook):
        kind = type(book).__name__
        raise UsageError(f"rules: expected a rule book made by load(), got {kind}")
    known = readings is None or readings.__class__ is dict
    if not known and not isinstance(readings, Mapping):
        kind = type(readings).__name__
        raise UsageError(f"readings: expected a mapping, got {kind}")
    return day, book, book.under(readings) if readings else book


def _day(as_of: object) -> date:
    if as_of is None:
        return today()
    try:
        return read_date(as_of)
    except ValueError as error:
        raise UsageError(f"as_of: {error}") from None


@define(eq=False)
class Inquiry:
    """
    Who is asked about, on which day, by which book, and which engine answers.

    ``memory`` is what was worked out when somebody asked, once anybody did.
    """

    subject: Enterprise | County
    as_of: date
    book: RuleBook
    engine: Engine
    memory: "_Memory | None" = field(default=None, init=False, repr=False)

    def _remembered(self) -> "_Memory":
        if self.memory is None:
            self.memory = _Memory()
        return self.memory

    def assess(self) -> Assessment:
        """What all rules of the book come to."""
        rules, said = self.engine.survey(self.book, self.subject, self.as_of)
        if all(said) and not self.book.groups:
            return Assessment(self, rules, cast("Sequence[Plain]", said))
        plain = {r.id: each for r, each in zip(rules, said, strict=True)}
        grouped = _grouped(self.book)
        looked = [r for r in rules if plain[r.id] is None or r.id in grouped]
        found, possible = self.determined(looked, plain)
        given: dict[str, Any] = {**plain, **{d.rule.id: d for d in found}}
        return Assessment(self, rules, [given[r.id] for r in rules], possible)

    def under(self, readings: Mapping[str, str]) -> "Inquiry":
        """The same under some other readings."""
        return Inquiry(self.subject, self.as_of, self.book.under(readings), self.engine)

    def reconsidered(self, readings: Mapping[str, str]) -> Assessment:
        """What all rules come to under some other readings."""
        return self.under(readings).assess()

    def ruled_out(self, rule: str) -> Determination:
        """The determination of a rule that was never a candidate: why nothing is due."""
        of = self.book[rule]
        return Determination(of, ruled_out(of, self.subject), self)

    def find(self, rule: Rule, said: Plain) -> Found:
        """
        Why a rule comes to what an engine plainly said of it.

        Raises :class:`EngineDisagreement` if these are reasons for something else.
        """
        known = self._remembered().known
        found = known.get(rule.id)
        if found is None:
            found = determine(rule, self.subject, self.as_of, self.engine)
            if not _agree(said, found):
                raise EngineDisagreement(_disagreement(rule, said, found))
            known[rule.id] = found
        return found

    def determined(
        self, rules: Iterable[Rule], plain: Mapping[str, Plain | None]
    ) -> tuple[list[Determination], Known]:
        """
        Some rules of a book after stacking, and what they can come to together.

        ``plain`` is what rules plainly come to: those need no look.
        """
        found: dict[str, Determination] = {}
        chosen = list(rules)

        def find(rule: Rule) -> None:
            """Determine a rule after those that it uses, which never go round."""
            if rule.id in found:
                return
            said: Plain | Found | None = plain.get(rule.id)
            if said is None:
                for used in rule.uses:
                    find(self.book[used])
                due = {used: found[used].payable for used in rule.uses}
                whom = (self.subject, self.as_of, self.engine)
                said = determine(rule, *whom, due)
            found[rule.id] = Determination(rule, said, self)

        for rule in chosen:
            find(rule)
        due = defaultdict(lambda: exactly(0), {r: d.payable for r, d in found.items()})
        alone = [found[rule.id] for rule in chosen]
        amount = partial(self._amount, due)
        return stacked(alone, self.book, self.subject, amount, self.engine.stands)

    def _amount(self, due: Due, term: Term) -> Known:
        return self.engine.amount(term, self.subject, self.as_of, due)

    def alternatives(self, determination: Determination) -> tuple[Alternative, ...]:
        """What each other reading of one word comes to, where it differs."""
        found = []
        for reading, value in _others(determination, self.book):
            other = self._otherwise(reading, value).one(determination.rule.id)
            if not _same(other, determination):
                found.append(Alternative(reading, value, other.outcome, other.amount))
        return tuple(found)

    def _otherwise(self, reading: str, value: str) -> "Inquiry":
        """The same under one other reading."""
        others = self._remembered().others
        found = others.get((reading, value))
        if found is None:
            found = others[reading, value] = self.under({reading: value})
        return found

    def one(self, rule: str) -> Determination:
        """One rule, with no more than the rules that it stacks with."""
        plain = self._plain()
        said = plain.get(rule)
        if rule not in _grouped(self.book):
            if said is not None:
                return Determination(self.book[rule], said, self)
            if rule not in plain:
                return self.ruled_out(rule)
        needed = peers(rule, self.book)
        rules = [each for each in self.book if each.id in needed]
        found, _ = self.determined(rules, plain)
        return next(d for d in found if d.rule.id == rule)

    def _plain(self) -> Mapping[str, Plain | None]:
        """What rules plainly come to, by their ids; asked once."""
        memory = self._remembered()
        if memory.plain is None:
            rules, said = self.engine.survey(self.book, self.subject, self.as_of)
            pairs = zip(rules, said, strict=True)
            memory.plain = {rule.id: each for rule, each in pairs}
        return memory.plain


@define(eq=False)
class _Memory:
    """
    What was worked out of an inquiry when somebody asked.

    ``known`` is what was found of each rule, by its id, ``plain`` what each plainly
    comes to, and ``others`` are the inquiries under another reading of one word.
    """

    known: dict[str, Found] = field(factory=dict)
    others: dict[tuple[str, str], Inquiry] = field(factory=dict)
    plain: Mapping[str, Plain | None] | None = None


def _agree(said: Plain, found: Found) -> bool:
    """Whether what was found is what was said, as far as something was."""
    if said.payable is not None and said.payable != found.payable:
        return False
    return (said.outcome, said.code) == (found.outcome, found.code)


def _disagreement(rule: Rule, said: Plain, found: Found) -> str:
    amount = "" if said.amount is None else f", {said.amount:f} yuan"
    low, high = bounds_of(found.payable)
    most = "without limit" if high is None else f"{high:f}"
    return (
        f"rule {rule.id!r} was said to be {said.outcome.value}{amount}, but its reasons "
        f"say {found.outcome.value}, from {low:f} to {most}"
    )


def _grouped(book: RuleBook) -> frozenset[str]:
    """The rules that are combined with others, or bear on what others may come to."""
    known = _GROUPED.get(book)
    if known is None:
        known = frozenset(chain.from_iterable(map(concerned, book.groups)))
        _GROUPED.keep(book, known)
    return known


_GROUPED: Remembered[RuleBook, frozenset[str]] = Remembered()


def _same(other: Determination, one: Determination) -> bool:
    """Whether two determinations come to the same."""
    if other.said is one.said and one.said.payable is not None:
        return True
    if (other.outcome, other.amount) != (one.outcome, one.amount):
        return False
    return bounds_of(other.payable) == bounds_of(one.payable)


def _others(determination: Determination, book: RuleBook) -> Iterator[tuple[str, str]]:
    """The other values of the readings that this rule and its peers depend on."""
    needed = peers(determination.rule.id, book) - {determination.rule.id}
    shared = (name for rule in book if rule.id in needed for name in rule.readings)
    for name in dict.fromkeys((*determination.readings, *shared)):
        for value in determination.declared[name].others:
            if value != book.readings[name]:
                yield name, value
