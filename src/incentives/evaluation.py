"""`evaluate()`: a subject, a day, a rule book and its readings; out comes an assessment."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache, partial
from types import MappingProxyType
from typing import Any

from attrs import evolve, frozen

from .assessment import Assessment
from .book import RuleBook
from .dates import read_date, today
from .determination import Determination
from .engines.compiled import CompiledEngine
from .engines.engine import Due, Engine
from .engines.reference import ReferenceEngine
from .engines.witness import Witness
from .errors import UsageError
from .facts import County, Enterprise
from .ir import Term
from .items import Alternative
from .judging import determine, settled
from .known import Known, exactly
from .packs import bundled
from .policy import Rule
from .stacking import peers, stacked
from .structuring import subject_of

#: Every engine by its name; the first one answers, checks try them all.
_REFERENCE = ReferenceEngine()
ENGINES: Mapping[str, Engine] = {
    "compiled": CompiledEngine(_REFERENCE, Witness().confirm),
    "reference": _REFERENCE,
}

NOTHING_PLAIN: Mapping[str, int | None] = MappingProxyType({})


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
    return _Inquiry(subject_of(subject, book), day, chosen, engine).assess()


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
    if readings is not None and not isinstance(readings, Mapping):
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


@frozen
class _Inquiry:
    """Who is asked about, on which day, by which book, and which engine answers."""

    subject: Enterprise | County
    day: date
    book: RuleBook
    engine: Engine

    def assess(self) -> Assessment:
        """What all rules of the book come to."""
        subject = self.subject
        candidates = self.engine.candidates(self.book, subject)
        plain = {r.id: self.engine.plainly(r, subject, self.day) for r in candidates}
        chosen = [rule for rule in candidates if plain[rule.id] != 0]
        determinations, possible = self.determined(chosen, plain)
        return Assessment(
            subject_id=subject.id,
            name=subject.name,
            subject=subject.subject,
            as_of=self.day,
            book=self.book,
            candidates={d.rule.id: d for d in determinations},
            rule_out=cache(self.ruled_out),
            possible=possible,
            reconsider=lambda readings: self.under(readings).assess(),
        )

    def under(self, readings: Mapping[str, str]) -> "_Inquiry":
        """The same under some other readings."""
        return evolve(self, book=self.book.under(readings))

    def ruled_out(self, rule: str) -> Determination:
        """The determination of a rule that was never a candidate: why nothing is due."""
        return self._settled(self.book[rule], 0)

    def _settled(self, rule: Rule, total: int) -> Determination:
        whom = (self.subject, self.day, self.engine)
        return settled(self.book, rule, *whom, total, self.alternatives)

    def determined(
        self, rules: Iterable[Rule], plain: Mapping[str, int | None] = NOTHING_PLAIN
    ) -> tuple[list[Determination], Known]:
        """
        Some rules of a book after stacking, and what they can come to together.

        ``plain`` is what rules plainly come to, in fen: those need no look.
        """
        found: dict[str, Determination] = {}
        chosen = list(rules)
        whom = (self.subject, self.day, self.engine)

        def find(rule: Rule) -> None:
            """Determine a rule after those that it uses, which never go round."""
            if rule.id in found:
                return
            total = plain.get(rule.id)
            if total is not None:
                found[rule.id] = self._settled(rule, total)
                return
            for used in rule.uses:
                find(self.book[used])
            due = {used: found[used].payable for used in rule.uses}
            found[rule.id] = determine(self.book, rule, *whom, due, self.alternatives)

        for rule in chosen:
            find(rule)
        due = defaultdict(lambda: exactly(0), {r: d.payable for r, d in found.items()})
        alone = [found[rule.id] for rule in chosen]
        return stacked(alone, self.book, self.subject, partial(self._amount, due))

    def _amount(self, due: Due, term: Term) -> Known:
        return self.engine.amount(term, self.subject, self.day, due)

    def one(self, rule: str) -> Determination:
        """One rule, with no more than the rules that it stacks with."""
        needed = peers(rule, self.book)
        found, _ = self.determined(each for each in self.book if each.id in needed)
        return next(d for d in found if d.rule.id == rule)

    def alternatives(self, determination: Determination) -> tuple[Alternative, ...]:
        """What each other reading of one word comes to, where it differs."""
        found = []
        for reading, value in _others(determination, self.book):
            other = self.under({reading: value}).one(determination.rule.id)
            if _result(other) != _result(determination):
                found.append(Alternative(reading, value, other.outcome, other.amount))
        return tuple(found)


def _result(determination: Determination) -> tuple[object, ...]:
    return (determination.outcome, determination.amount, determination.bounds)


def _others(determination: Determination, book: RuleBook) -> Iterator[tuple[str, str]]:
    """The other values of the readings that this rule and its peers depend on."""
    needed = peers(determination.rule.id, book) - {determination.rule.id}
    shared = (name for rule in book if rule.id in needed for name in rule.readings)
    for name in dict.fromkeys((*determination.readings, *shared)):
        for value in determination.declared[name].others:
            if value != book.readings[name]:
                yield name, value
