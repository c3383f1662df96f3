"""All determinations of one subject on one day, and what they add up to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import frozen

from .book import RuleBook
from .determination import Determination
from .errors import UnknownRuleError, did_you_mean, one_of
from .items import Alternative, bounds_of
from .known import Known
from .payments import Payment
from .policy import Outcome, Status
from .reports import overview
from .reports.questions import Question, question_of
from .standards import Cash
from .wording import Words


@frozen(repr=False, eq=False)
class Assessment:
    """
    What one subject is entitled to on a day, how much, why, why not, until when.

    ``candidates`` are the determinations of the rules of which something may come, by
    their ids; ``rule_out`` makes that of any other rule when it is asked for.
    """

    subject_id: str
    name: str | None
    subject: str
    as_of: date
    book: RuleBook
    candidates: Mapping[str, Determination]
    rule_out: Callable[[str], Determination]
    possible: Known
    reconsider: Callable[[Mapping[str, str]], "Assessment"]

    @property
    def determinations(self) -> tuple[Determination, ...]:
        """One for every rule, in the order of the book."""
        return tuple(self._of(rule.id) for rule in self.book)

    def _of(self, rule: str) -> Determination:
        found = self.candidates.get(rule)
        return self.rule_out(rule) if found is None else found

    def __eq__(self, other: object) -> bool:
        """Whether another assessment says the same of the same subject and day."""
        if not isinstance(other, Assessment):
            return NotImplemented
        return self._said() == other._said()

    def __hash__(self) -> int:
        return hash((self.subject_id, self.as_of, self.possible))

    def _said(self) -> tuple[object, ...]:
        whom = (self.subject_id, self.name, self.subject, self.as_of)
        return (*whom, self.book, self.possible, self.determinations)

    def __getitem__(self, rule: str) -> Determination:
        if rule in self.candidates or rule in self.book:
            return self._of(rule)
        known = [each.id for each in self.book]
        hint = did_you_mean(str(rule), known) or one_of(known)
        raise UnknownRuleError(f"unknown rule {rule!r}, {hint}")

    def __contains__(self, rule: object) -> bool:
        """Whether there is a determination of a rule, by its id."""
        return any(d is rule or d.rule.id == rule for d in self)

    def __iter__(self) -> Iterator[Determination]:
        return iter(self.determinations)

    def __len__(self) -> int:
        return len(self.book)

    @property
    def total(self) -> Decimal:
        """Yuan due now, after earlier awards and stacking; only what is decided."""
        due = (d.amount for d in self.candidates.values() if d.is_cash)
        return sum((amount for amount in due if amount is not None), Decimal(0))

    @property
    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """
        Yuan that the total can still become once missing facts are known.

        None above is without limit. An unknown list counts as holding at most as many
        records as its declaration assumes: see :attr:`assumptions`.
        """
        return bounds_of(self.possible)

    @property
    def missing(self) -> tuple[str, ...]:
        """Facts that would still change the total, most valuable first."""
        worth: dict[str, tuple[int, Decimal]] = {}
        for determination in self.candidates.values():
            if not determination.is_cash:
                continue
            low, high = determination.bounds
            gain = (1, Decimal(0)) if high is None else (0, high - low)
            for path in determination.missing:
                endless, yuan = worth.get(path, (0, Decimal(0)))
                worth[path] = (endless + gain[0], yuan + gain[1])
        names = sorted(worth)
        return tuple(sorted(names, key=lambda path: worth[path], reverse=True))

    @property
    def schedule(self) -> tuple[tuple[str, Payment], ...]:
        """
        Payments over time, each with the id of its rule, in the order of their days.

        Those whose day is not known come last; rules that pay at once have none.
        """
        found = [(d.rule.id, p) for d in self.candidates.values() for p in d.schedule]
        return tuple(sorted(found, key=lambda pair: pair[1].day or date.max))

    @property
    def repayable(self) -> Decimal | None:
        """Yuan paid before that must be given back; None while that is not known."""
        parts = [d.repayable for d in self._that_claw_back()]
        known = [part for part in parts if part is not None]
        return sum(known, Decimal(0)) if len(known) == len(parts) else None

    def _that_claw_back(self) -> Iterator[Determination]:
        for rule in self.book:
            if isinstance(rule.award, Cash) and rule.award.repayments:
                yield self._of(rule.id)

    def questions(self, lang: str = "zh") -> tuple[Question, ...]:
        """
        What to ask for every fact that is missing, most valuable first.

        >>> import incentives
        >>> record = {"id": "91350582MA31ABCD0M", "city": "泉州市", "listings": []}
        >>> found = incentives.evaluate(record, as_of="2026-06-01")
        >>> question = found.questions()[0]
        >>> question.path, question.text, [value.label for value in question.values]
        ('kind', '请提供：单位类型', ['县域企业', '高校院所', '园区基地'])
        """
        said = self.words(lang)
        return tuple(question_of(path, said) for path in self.missing)

    @property
    def assumptions(self) -> tuple[tuple[str, int], ...]:
        """Unknown lists that `bounds` takes to hold at most so many records."""
        declared = self.book.vocabulary[self.subject].records
        return tuple(
            (path, records.at_most)
            for path in self.missing
            if (records := declared.get(path)) is not None
            and records.at_most is not None
        )

    @property
    def provisional(self) -> bool:
        """Whether the policy is a draft, so that nothing is due in law yet."""
        return self.book.policy.status is Status.DRAFT

    @property
    def readings(self) -> Mapping[str, str]:
        """How every ambiguous word was read."""
        return self.book.readings

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Totals under other readings of one word each, where they differ, in yuan."""
        found = []
        for reading, value in other_readings(self.book):
            other = self.reconsider({reading: value})
            if (other.total, other.bounds) != (self.total, self.bounds):
                undetermined = other.bounds[0] != other.bounds[1]
                found.append(
                    Alternative(
                        reading,
                        value,
                        Outcome.UNDETERMINED if undetermined else Outcome.ELIGIBLE,
                        None if undetermined else other.total,
                    )
                )
        return tuple(found)

    def words(self, lang: str = "zh") -> Words:
        """How this assessment says a fact or a condition."""
        return Words(self.book.vocabulary, self.subject, lang)

    def to_dict(self) -> dict[str, Any]:
        """The assessment, ready for JSON; money as decimal strings of yuan."""
        low, high = self.bounds
        return {
            "id": self.subject_id,
            "as_of": self.as_of.isoformat(),
            "policy": self.book.policy.id,
            "digest": self.book.digest,
            "provisional": self.provisional,
            "total": f"{self.total:f}",
            "bounds": [f"{low:f}", None if high is None else f"{high:f}"],
            "missing": list(self.missing),
            "readings": dict(self.readings),
            "assumptions": dict(self.assumptions),
            **self._over_time(),
            "determinations": [d.to_dict() for d in self.determinations],
        }

    def _over_time(self) -> dict[str, Any]:
        """What only books have that may make something repayable."""
        if all(d.repayable == 0 for d in self._that_claw_back()):
            return {}
        back = self.repayable
        return {"repayable": None if back is None else f"{back:f}"}

    def show(self, lang: str = "zh") -> str:
        """A table a person can read."""
        return overview.assessed(self, lang)

    def __str__(self) -> str:
        return self.show()

    def __repr__(self) -> str:
        low, high = self.bounds
        top = None if high is None else f"{high:f}"
        return (
            f"Assessment(id={self.subject_id!r}, as_of={self.as_of.isoformat()!r}, "
            f"policy={self.book.policy.id!r}, total='{self.total:f}', "
            f"bounds=('{low:f}', {top!r}))"
        )

    def _repr_html_(self) -> str:
        return overview.assessed_html(self, "zh")


def other_readings(book: RuleBook) -> Iterator[tuple[str, str]]:
    """Every reading with every value that is not read now."""
    for reading in book.declared_readings.values():
        for value in reading.others:
            if value != book.readings[reading.id]:
                yield reading.id, value
