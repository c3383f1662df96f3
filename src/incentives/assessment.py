"""All determinations of one subject on one day, and what they add up to."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Protocol

from attrs import frozen

from .book import RuleBook
from .determination import Context, Determination, determined
from .errors import UnknownRuleError, did_you_mean, one_of
from .facts import County, Enterprise
from .items import NOTHING, Alternative, bounds_of
from .known import NOTHING_MISSING, Known, between, total_of
from .money import yuan
from .payments import Payment
from .plain import Plain
from .policy import Outcome, Rule, Status
from .standards import Cash

if TYPE_CHECKING:
    from .reports.questions import Question
    from .wording import Words


class Inquiry(Context, Protocol):
    """Who is asked about, on which day and by which book."""

    @property
    def subject(self) -> Enterprise | County:
        """Whose record it is."""

    def ruled_out(self, rule: str) -> Determination:
        """The determination of a rule of which nothing can come."""

    def reconsidered(self, readings: Mapping[str, str]) -> "Assessment":
        """The same under other readings."""


@frozen(repr=False, eq=False)
class Assessment:
    """
    What one subject is entitled to on a day, how much, why, why not, until when.

    ``rules`` are those of which something may come, and ``said`` what does: plainly, or
    as it was found. ``looked`` is what those together can come to, in fen, about which
    nothing was plainly said.
    """

    inquiry: Inquiry
    rules: Sequence[Rule]
    said: Sequence[Plain | Determination]
    looked: Known = NOTHING

    @property
    def subject_id(self) -> str:
        """Whose assessment it is."""
        return self.inquiry.subject.id

    @property
    def name(self) -> str | None:
        """The name in the record."""
        return self.inquiry.subject.name

    @property
    def subject(self) -> str:
        """What kind of subject it is."""
        return self.inquiry.subject.subject

    @property
    def as_of(self) -> date:
        """The day at which law and facts are taken."""
        return self.inquiry.as_of

    @property
    def book(self) -> RuleBook:
        """The rules, under the readings that were asked for."""
        return self.inquiry.book

    @property
    def possible(self) -> Known:
        """What all rules together can come to, in fen."""
        pairs = zip(self.candidates, self.said, strict=True)
        plain = (d.payable for d, said in pairs if isinstance(said, Plain))
        parts = [self.looked, *plain]
        missing = NOTHING_MISSING.union(*(part.missing for part in parts))
        return between(*total_of(parts), missing)

    @property
    def candidates(self) -> tuple[Determination, ...]:
        """The determinations of the rules of which something may come."""
        return tuple(determined(self.rules, self.said, self.inquiry))

    @property
    def determinations(self) -> tuple[Determination, ...]:
        """One for every rule, in the order of the book."""
        if len(self.rules) == len(self.book):
            return self.candidates
        return tuple(self._of(rule.id) for rule in self.book)

    def _determined(self, rule: Rule, said: Plain | Determination) -> Determination:
        if isinstance(said, Determination):
            return said
        return Determination(rule, said, self.inquiry)

    def _of(self, rule: str) -> Determination:
        """The determination of a rule of the book."""
        for each, said in zip(self.rules, self.said, strict=True):
            if each.id == rule:
                return self._determined(each, said)
        return self.inquiry.ruled_out(rule)

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
        if rule in self.book:
            return self._of(rule)
        known = [each.id for each in self.book]
        hint = did_you_mean(str(rule), known) or one_of(known)
        raise UnknownRuleError(f"unknown rule {rule!r}, {hint}")

    def __contains__(self, rule: object) -> bool:
        """Whether there is a determination of a rule, by its id."""
        if isinstance(rule, Determination):
            return rule.context is self.inquiry and rule.rule in self.book
        return rule in self.book

    def __iter__(self) -> Iterator[Determination]:
        if len(self.rules) == len(self.inquiry.book.rules):
            return iter(determined(self.rules, self.said, self.inquiry))
        return iter(self.determinations)

    def __len__(self) -> int:
        return len(self.book)

    @property
    def total(self) -> Decimal:
        """Yuan due now, after earlier awards and stacking; only what is decided."""
        due = 0
        for said in self.said:
            if said.outcome is Outcome.ELIGIBLE:
                payable = said.payable
                assert payable is not None and isinstance(payable.low, int)  # noqa: PT018, S101  # it is due
                due += payable.low
        return yuan(due)

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
        for determination in self.candidates:
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
        found = [(d.rule.id, p) for d in self.candidates for p in d.schedule]
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

    def questions(self, lang: str = "zh") -> "tuple[Question, ...]":
        """
        What to ask for every fact that is missing, most valuable first.

        >>> import incentives
        >>> record = {"id": "91350582MA31ABCD0M", "city": "泉州市", "listings": []}
        >>> found = incentives.evaluate(record, as_of="2026-06-01")
        >>> question = found.questions()[0]
        >>> question.path, question.text, [value.label for value in question.values]
        ('kind', '请提供：单位类型', ['县域企业', '高校院所', '园区基地'])
        """
        from .reports.questions import question_of  # noqa: PLC0415  # only who reads words waits for them

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
            other = self.inquiry.reconsidered({reading: value})
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

    def words(self, lang: str = "zh") -> "Words":
        """How this assessment says a fact or a condition."""
        from .wording import Words  # noqa: PLC0415  # only who reads words waits for them

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
        from .reports.overview import assessed  # noqa: PLC0415  # only who reads words waits for them

        return assessed(self, lang)

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
        from .reports.overview import assessed_html  # noqa: PLC0415  # only who reads words waits for them

        return assessed_html(self, "zh")


def other_readings(book: RuleBook) -> Iterator[tuple[str, str]]:
    """Every reading with every value that is not read now."""
    for reading in book.declared_readings.values():
        for value in reading.others:
            if value != book.readings[reading.id]:
                yield reading.id, value
