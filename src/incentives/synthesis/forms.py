"""The columns of one form of record, from its declarations and what rules say of it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from attrs import evolve, frozen

from ..book import RuleBook
from ..engines.indexing import Needed, needs
from ..ir import Kind
from ..policy import Rule
from ..vocabulary import FactDeclaration, RecordDeclaration
from .choices import (
    Asked,
    Choice,
    pair_choices,
    rate_choices,
    text_choices,
    truth_choices,
    with_unknown,
)
from .columns import Column
from .hints import Hints, hints_of
from .ranges import amount_choices, day_choices, step, year_choices

#: Which rule a record is made for, where several look at its list.
MADE_FOR = "#made_for"
#: Of rules that look at one list, more are not told apart.
MOST_MADE_FOR = 24
#: For so many years up to the day figures are known.
_YEARS = 4


@frozen
class Maker:
    """Makes columns: from what rules say, for a day counted from 1970."""

    book: RuleBook
    kind: str
    hints: Hints
    dense: bool
    today: int
    year: int

    def asked(self, declared: FactDeclaration, records: str = "") -> Asked:
        """What choices for a fact are made for."""
        key = (records, declared.name)
        hints = self.hints
        if declared.kind is Kind.TEXT and not hints.known(key):
            elsewhere = self._elsewhere(declared.name)
            hints = evolve(hints, values={**hints.values, key: elsewhere})
        return Asked(declared, key, hints, self.dense, self.today)

    def _elsewhere(self, name: str) -> tuple[str, ...]:
        """Subjects of another kind that are called as a fact: the counties of firms."""
        if name not in self.book.vocabulary.subjects or name == self.kind:
            return ()
        return known_ids(self.book, name)

    def subject(self) -> Iterator[Column]:
        """The facts of the subject itself but for who it is."""
        facts = self.book.vocabulary[self.kind].facts
        rest = {n: fact for n, fact in facts.items() if n not in {"id", "name"}}
        yield from self._columns(rest.values(), "", ())

    def rules(self, records: str) -> tuple[Rule, ...]:
        """The rules that look at every record of a list, as far as they are told apart."""
        found = [
            rule
            for rule in self.book
            if rule.subject == self.kind
            and rule.each is not None
            and rule.each.records == records
        ]
        return tuple(found[:MOST_MADE_FOR])

    def record(self, declared: RecordDeclaration) -> Iterator[Column]:
        """The facts of a record but for its key."""
        facts = [f for n, f in declared.fields.items() if n != declared.key]
        if declared.records != "awards":
            yield from self._columns(
                facts, declared.records, self.rules(declared.records)
            )
            return
        paid = dict(self._paid())
        for fact in facts:
            if fact.name in paid:
                salt = f"{declared.records}.{fact.name}"
                yield Column.of(fact.name, fact.kind, salt, [paid[fact.name]])
        rest = [fact for fact in facts if fact.name not in paid]
        yield from self._columns(rest, declared.records, ())

    def _paid(self) -> Iterator[tuple[str, list[Choice]]]:
        """Of an award: a rule of the book, its policy, a record, and more than nothing."""
        fields = self.book.vocabulary[self.kind].records["awards"].fields
        ours = [rule.id for rule in self.book if rule.subject == self.kind]
        ids = ours or [rule.id for rule in self.book]
        yield "rule", with_unknown([Choice(each, 1.0) for each in ids], 0.01)
        yield "policy", with_unknown([Choice(self.book.policy.id, 1.0)], 0.7)
        keyed = [r for r in self.book.vocabulary[self.kind].records.values() if r.key]
        keys = [str(key) for each in keyed for key in self.keys(each)]
        if keys:
            yield "record", with_unknown([Choice(key, 1.0) for key in keys], 0.3)
        amounts = amount_choices(self.asked(fields["amount"], "awards"))
        yield "amount", [each for each in map(_something, amounts) if each is not None]

    def keys(self, declared: RecordDeclaration) -> tuple[object, ...]:
        """What tells the records of a list apart; each is used once by a subject."""
        fact = declared.fields[declared.key or ""]
        asked = self.asked(fact, declared.records)
        names = [f"{declared.binder}-{n}" for n in range(1, 5)]
        if fact.values:
            return tuple(entry.value for entry in fact.values)
        match fact.kind:
            case Kind.TEXT:
                known = asked.readable(asked.hints.values.get(asked.key, ()))
                return tuple(
                    dict.fromkeys([*map(str, map(fact.canonical, known)), *names])
                )
            case Kind.RATE:
                return tuple(f"{n}%" for n in range(1, 5))
            case Kind.BOOLEAN:
                return (True, False)
            case Kind.DATE:
                return tuple(self.today - n for n in range(4))
            case Kind.YEAR:
                return tuple(self.year - n for n in range(4))
            case Kind.MONEY | Kind.NUMBER:
                return tuple(100 * n for n in range(1, 5))
            case _:
                assert_never(fact.kind)

    # --- columns -----------------------------------------------------------------------

    def _columns(
        self, facts: Iterable[FactDeclaration], records: str, rules: Sequence[Rule]
    ) -> Iterator[Column]:
        left = {fact.name: fact for fact in facts}
        for names, rows in self.hints.pairs:
            if all(n in left and left[n].kind is Kind.TEXT for n in names) and rows:
                yield from self._pair([left.pop(n) for n in names], records, rows)
        needed = [_needed(rule) for rule in rules]
        for fact in left.values():
            asked = self.asked(fact, records)
            salt = f"{records}.{fact.name}"
            made = [_choices(asked, None)]
            if any(fact.name in each for each in needed):
                made += [_choices(asked, each.get(fact.name)) for each in needed]
            for name in self._names(fact):
                yield Column.of(
                    name, fact.kind, salt, made, step=step(asked), by=MADE_FOR
                )

    def _names(self, fact: FactDeclaration) -> list[str]:
        """A column for a fact, or one for each year."""
        if not fact.yearly:
            return [fact.name]
        return [f"{fact.name}[{self.year - n}]" for n in reversed(range(_YEARS))]

    def _pair(
        self,
        facts: Sequence[FactDeclaration],
        records: str,
        rows: Sequence[tuple[str, ...]],
    ) -> Iterator[Column]:
        """Columns that draw the same slot of tables that stand side by side."""
        asked = [self.asked(fact, records) for fact in facts]
        readable = [
            row
            for row in rows
            if all(len(list(a.readable([v]))) for a, v in zip(asked, row, strict=True))
        ]
        choices = pair_choices(asked, readable or [tuple(a.invented[2] for a in asked)])
        salt = f"{records}." + "|".join(fact.name for fact in facts)
        for place, fact in enumerate(facts):
            one = [Choice(c.value[place], c.weight) for c in choices]
            yield Column.of(fact.name, fact.kind, salt, [one])


def _something(amount: Choice) -> Choice | None:
    """An amount of a fen or more; None for nothing, which nobody is paid."""
    if amount.value is None or amount.value > 0:
        return amount
    return evolve(amount, value=1) if amount.spread > 1 else None


def _needed(rule: Rule) -> Mapping[str, Needed]:
    """What a rule needs of the facts of the record that it looks at."""
    binder = "" if rule.each is None else rule.each.binder
    return {each.fact.name: each for each in needs(rule) if each.fact.scope == binder}


def _choices(asked: Asked, needed: Needed | None) -> list[Choice]:
    match asked.kind:
        case Kind.TEXT:
            return text_choices(asked, None if needed is None else needed.values)
        case Kind.BOOLEAN:
            return truth_choices(asked, None if needed is None else needed.values)
        case Kind.RATE:
            return rate_choices(asked)
        case Kind.MONEY | Kind.NUMBER:
            return amount_choices(asked, needed)
        case Kind.DATE:
            return day_choices(asked, needed)
        case Kind.YEAR:
            return year_choices(asked, needed)
        case _:
            assert_never(asked.kind)


def known_ids(book: RuleBook, kind: str) -> tuple[str, ...]:
    """The subjects of a kind that the rules name, each by one name."""
    fact = book.vocabulary[kind].facts["id"]
    hints = hints_of(book, kind)
    asked = Asked(fact, ("", "id"), hints, dense=False, today=0)
    known = asked.readable(hints.values.get(asked.key, ()))
    return tuple(dict.fromkeys(str(fact.canonical(each)) for each in known))
