"""What one rule comes to for one subject on one day, as data that explains itself."""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve, frozen

from .book import RuleBook
from .dates import NEVER
from .explanation import Finding, Ground, Later, Working
from .found import Details, Found
from .ir import Compare, Constant, Kind, Member, Value
from .ir_kinds import kind_of
from .items import (
    Alternative,
    Cut,
    Item,
    Reason,
    amount_of,
    bounds_of,
    decisive,
    facts_only,
)
from .known import NOTHING_MISSING, Known, between, exactly, total_of
from .money import decimal_string, rate_words, yuan
from .payments import Payment, shared_out
from .plain import Plain
from .policy import Outcome, Reading, ReasonCode, Rule, Status
from .standards import Cash
from .verdict import Verdict
from .vocabulary import Vocabulary

if TYPE_CHECKING:
    from .wording import Words


class Context(Protocol):
    """What all determinations of one assessment have in common."""

    @property
    def as_of(self) -> date:
        """The day at which law and facts are taken."""

    @property
    def book(self) -> RuleBook:
        """The rules, under the readings that were asked for."""

    def find(self, rule: Rule, said: Plain) -> Found:
        """Why a rule comes to what an engine plainly said of it."""

    def alternatives(self, determination: "Determination") -> tuple[Alternative, ...]:
        """What other readings would make of it."""


@frozen(repr=False, eq=False)
class Determination:
    """
    Outcome, amount and reasons of one rule.

    ``said`` is what was found, or what an engine plainly said before anybody asked why.
    """

    rule: Rule
    said: Plain | Found
    context: Context

    @property
    def found(self) -> Found:
        """
        All that was found, reasons included.

        Raises :class:`EngineDisagreement` where they are reasons for something else.
        """
        said = self.said
        return self.context.find(self.rule, said) if isinstance(said, Plain) else said

    def changed(self, **changes: Any) -> "Determination":
        """The same with something else found."""
        return Determination(self.rule, evolve(self.found, **changes), self.context)

    def __eq__(self, other: object) -> bool:
        """Whether the same was found of the same rule on the same day."""
        if not isinstance(other, Determination):
            return NotImplemented
        return self._whole() == other._whole()

    def __hash__(self) -> int:
        return hash((self.rule, self.as_of, self.outcome))

    def _whole(self) -> tuple[object, ...]:
        return (self.rule, self.as_of, self.readings, self.found)

    @property
    def outcome(self) -> Outcome:
        """What comes of the rule."""
        return self.said.outcome

    @property
    def code(self) -> ReasonCode | None:
        """Why nothing is due of the rule as a whole, whatever its records say."""
        return self.said.code

    @property
    def reason_code(self) -> ReasonCode | None:
        """The code of the first of the reasons: what decides."""
        said = self.said
        if isinstance(said, Plain) and said.reason is not None:
            return said.reason
        return next((reason.code for reason in self.reasons), None)

    @property
    def payable(self) -> Known:
        """What is due after stacking, in fen, as far as it is known."""
        payable = self.said.payable
        return self.found.payable if payable is None else payable

    @property
    def entitlement(self) -> Known:
        """What the rule alone gives, in fen, as far as it is known."""
        said = self.said
        # What was plainly said was not changed by any group.
        return self.payable if isinstance(said, Plain) else said.entitlement

    @property
    def details(self) -> Later[Details]:
        """Makes what it follows from."""
        return self.found.details

    @property
    def rival(self) -> str | None:
        """The rule that is paid instead."""
        return None if isinstance(self.said, Plain) else self.said.rival

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """What the groups of the rule have taken off, in turn."""
        return () if isinstance(self.said, Plain) else self.said.cuts

    @property
    def as_of(self) -> date:
        """The day at which law and facts are taken."""
        return self.context.as_of

    @property
    def vocabulary(self) -> Vocabulary:
        """What the facts are called."""
        return self.context.book.vocabulary

    @property
    def readings(self) -> Mapping[str, str]:
        """How the ambiguous words on which the rule depends were read."""
        readings = self.context.book.readings
        return {name: readings[name] for name in self.rule.readings}

    @property
    def declared(self) -> Mapping[str, Reading]:
        """Every reading that the policy declares."""
        return self.context.book.declared_readings

    @property
    def provisional(self) -> bool:
        """Whether the policy is a draft, so that nothing is due in law yet."""
        return self.context.book.policy.status is Status.DRAFT

    @property
    def items(self) -> tuple[Item, ...]:
        """Every record that the rule looked at, in the order of their list."""
        return self.details().items

    @property
    def leading(self) -> Item:
        """The item that explains the rule best."""
        return self.details().leading

    @property
    def amount(self) -> Decimal | None:
        """Yuan due now; None where undetermined, discretionary or not money."""
        said = self.said
        if isinstance(said, Plain):
            return said.amount
        return amount_of(said.outcome, said.payable, is_cash=self.is_cash)

    @property
    def is_cash(self) -> bool:
        """Whether the rule grants money by a formula."""
        return isinstance(self.rule.award, Cash)

    @property
    def bounds(self) -> tuple[Decimal, Decimal | None]:
        """Yuan that the amount can still become; None above is without limit."""
        return bounds_of(self.payable)

    @property
    def remaining(self) -> Known:
        """What can still be paid, in fen: what is due now, or later as well."""
        award = self.rule.award
        if not isinstance(award, Cash) or award.schedule is None:
            return self.payable
        if not any(item.payments for item in self.items or (self.leading,)):
            return self.payable
        parts = [item.remaining for item in self.items or (self.leading,)]
        missing = NOTHING_MISSING.union(*(part.missing for part in parts))
        return between(*total_of(parts), missing)

    @property
    def schedule(self) -> tuple[Payment, ...]:
        """
        What is paid over time: the payments of every record that is not out of it.

        Empty where the award is paid at once.
        """
        award = self.rule.award
        at_once = not isinstance(award, Cash) or award.schedule is None
        if at_once or self.code is ReasonCode.SUPERSEDED:
            return ()
        found = [i for i in self.items or (self.leading,) if _is_scheduled(i)]
        return tuple(payment for item in found for payment in item.payments)

    @property
    def repayable(self) -> Decimal | None:
        """Yuan paid before that must be given back; None while that is not known."""
        parts = [item.repayable for item in self.items or (self.leading,)]
        low, high = total_of([exactly(0) if part is None else part for part in parts])
        return yuan(low) if isinstance(low, int) and low == high else None

    @property
    def repayable_needs(self) -> tuple[str, ...]:
        """The facts without which nobody knows what must be given back."""
        parts = [item.repayable for item in self.items or (self.leading,)]
        open_parts = [part for part in parts if part is not None and not part.is_known]
        return facts_only(NOTHING_MISSING.union(*(p.missing for p in open_parts)))

    @property
    def payers(self) -> tuple[tuple[str, Decimal | None], ...]:
        """Who pays how much of the amount, in yuan; None while that is not known."""
        names = [payer.who for payer in self.rule.payers]
        parts = (
            None
            if self.amount is None
            else shared_out(self.amount, self.details().shares)
        )
        if parts is None:
            return tuple((name, None) for name in names)
        return tuple(zip(names, parts, strict=True))

    @property
    def missing(self) -> tuple[str, ...]:
        """The facts that would still decide this rule."""
        if self.outcome is not Outcome.UNDETERMINED:
            return ()
        looked_at = (self.leading, *self.items)
        lacking = self.payable.missing.union(*(item.missing for item in looked_at))
        return facts_only(lacking)

    @property
    def alternatives(self) -> tuple[Alternative, ...]:
        """Amounts under other readings of ambiguous words, where they differ."""
        return self.context.alternatives(self)

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """Why: what decides first, then everything that was looked at."""
        by_weight = sorted(self.leading.grounds, key=_weight)
        grounds = (*self._lacking(), *map(self.reason, by_weight))
        code = self.code
        if code is None:
            capped = [cut for cut in self.cuts if cut.room is not None]
            return (*map(self._cut_reason, capped), *grounds)
        verdict = (
            Verdict.UNKNOWN
            if self.outcome in (Outcome.UNDETERMINED, Outcome.DISCRETIONARY)
            else Verdict.UNMET
        )

        def words(lang: str) -> str:
            from .reports.phrases import code_words  # noqa: PLC0415  # only who reads words waits for them

            return code_words(code, lang, self.because(lang))

        return (Reason(code, verdict, words("zh"), words=words), *grounds)

    def because(self, lang: str) -> str | None:
        """The rule that is paid instead, or the group whose cap is used up."""
        if self.code is ReasonCode.CAPPED:
            return self.cuts[-1].group.name_in(lang)
        return self.rival

    def _cut_reason(self, cut: Cut) -> Reason:
        """That a cap has taken something off, and yet something may be due."""
        met = Verdict.MET if cut.after.is_known else Verdict.UNKNOWN
        lacking = facts_only(cut.after.missing)

        def words(lang: str) -> str:
            from .reports.report import cut_words  # noqa: PLC0415  # only who reads words waits for them

            return cut_words(cut, lang)

        code = ReasonCode.CAPPED
        return Reason(code, met, words("zh"), missing=lacking, words=words)

    def _lacking(self) -> tuple[Reason, ...]:
        """What leaves the amount open besides the conditions that are listed."""
        if self.outcome is not Outcome.UNDETERMINED:
            return ()
        grounds = [ground.found for ground in self.leading.grounds]
        told = NOTHING_MISSING.union(*(found.missing for found in grounds))
        paths = facts_only(self.payable.missing - told)
        if not paths and any(f.verdict is Verdict.UNKNOWN for f in grounds):
            return ()
        missing = ReasonCode.FACT_MISSING
        code = missing if paths else ReasonCode.EFFECTIVE_DATE_UNKNOWN

        def words(lang: str) -> str:
            from .reports.phrases import code_words, listed, say  # noqa: PLC0415  # only who reads words waits for them

            said = self.words(lang)
            names = listed([said.path(path) for path in paths], lang)
            key = "amount-needs"
            return say(key, lang, names) if paths else code_words(code, lang)

        fact = paths[0] if paths else None
        unknown = Verdict.UNKNOWN
        return (Reason(code, unknown, words("zh"), fact, missing=paths, words=words),)

    def reason(self, ground: Ground) -> Reason:
        """A ground as public data."""
        return self._reason(ground.found, ground.code)

    def _reason(self, found: Finding, code: ReasonCode) -> Reason:
        def words(lang: str) -> str:
            return self.words(lang).condition(found.node)

        looked_at = found.fact()
        parts = [part for part in found.because if isinstance(part, Finding)]
        return Reason(
            code=code,
            verdict=found.verdict,
            condition=words("zh"),
            fact=looked_at.path if looked_at else None,
            value=_plain(looked_at.known.value, looked_at.node) if looked_at else None,
            threshold=_threshold(found),
            missing=tuple(sorted(found.missing)),
            because=tuple(self._reason(part, _part_code(part, code)) for part in parts),
            words=words,
        )

    def words(self, lang: str) -> "Words":
        """How this determination says a condition."""
        from .wording import Words  # noqa: PLC0415  # only who reads words waits for them

        return Words(self.vocabulary, self.rule.subject, lang)

    def explain(self, lang: str = "zh") -> str:
        """Clause, quote, every condition with its facts, the working, the window."""
        from .reports.report import explained  # noqa: PLC0415  # only who reads words waits for them

        return explained(self, lang)

    def __str__(self) -> str:
        return self.explain()

    def __repr__(self) -> str:
        amount = None if self.amount is None else f"{self.amount:f}"
        return (
            f"Determination(rule={self.rule.id!r}, outcome={self.outcome.value!r}, "
            f"amount={amount!r}, as_of={self.as_of.isoformat()!r})"
        )

    def _repr_html_(self) -> str:
        from html import escape  # noqa: PLC0415  # only who reads words waits for them

        return f"<pre>{escape(self.explain())}</pre>"

    def to_dict(self) -> dict[str, Any]:
        """The determination, ready for JSON."""
        amount = self.amount
        low, high = self.bounds
        window = self.rule.window
        return {
            "rule": self.rule.id,
            "clause": self.rule.clause.number,
            "outcome": self.outcome.value,
            "amount": None if amount is None else f"{amount:f}",
            "reasons": [reason.to_dict() for reason in self.reasons],
            "items": [self._item(item) for item in self.items],
            "alternatives": [other.to_dict() for other in self.alternatives],
            "window": [
                None if window.first is None else window.first.isoformat(),
                window.last.isoformat(),
            ],
            "missing": list(self.missing),
            "bounds": [f"{low:f}", None if high is None else f"{high:f}"],
            **self._over_time(),
        }

    def _over_time(self) -> dict[str, Any]:
        """What only rules have that pay over time, claw back, or share the cost."""
        award = self.rule.award
        found: dict[str, Any] = {}
        if isinstance(award, Cash) and award.schedule is not None:
            found["schedule"] = [payment.to_dict() for payment in self.schedule]
        if isinstance(award, Cash) and award.repayments:
            found["repayable"] = _digits(self.repayable)
        if self.rule.payers:
            found["payers"] = {who: _digits(part) for who, part in self.payers}
        return found

    def _item(self, item: Item) -> dict[str, Any]:
        amount = item.amount
        codes = [ground.code for ground in decisive(item)]
        if item.code is not None:
            codes = [item.code]
        elif item.amount_needs and not codes:
            codes = [ReasonCode.FACT_MISSING]
        return {
            "record": item.path,
            "label": item.label,
            "outcome": item.outcome.value,
            "amount": None if amount is None else f"{amount:f}",
            "date": None if item.dated in (None, NEVER) else str(item.dated),
            "codes": list(dict.fromkeys(code.value for code in codes)),
            "missing": list(item.missing),
            "working": self._item_working(item),
        }

    def _item_working(self, item: Item) -> str:
        """How its amount was computed; nothing where none of it is due."""
        if item.outcome is Outcome.INELIGIBLE and item.code is None:
            return ""
        from .reports.workings import working_words  # noqa: PLC0415  # only who reads words waits for them

        return working_words(item.working, self.words("zh"))


_new = object.__new__
_fill_rule = vars(Determination)["rule"].__set__
_fill_said = vars(Determination)["said"].__set__
_fill_context = vars(Determination)["context"].__set__


def determined(
    rules: Sequence[Rule], said: Sequence[Plain | Determination], context: Context
) -> list[Determination]:
    """Determinations, in half the time that checked assignment takes."""
    found = []
    for rule, each in zip(rules, said, strict=True):
        if isinstance(each, Plain):
            made = _new(Determination)
            _fill_rule(made, rule)
            _fill_said(made, each)
            _fill_context(made, context)
        else:
            made = each
        found.append(made)
    return found


def _is_scheduled(item: Item) -> bool:
    """Whether something of it is paid, was paid, or may still be."""
    unmet = any(ground.found.verdict is Verdict.UNMET for ground in item.grounds)
    elsewhere = (ReasonCode.ONCE_ONLY, ReasonCode.SUPERSEDED)
    return not unmet and item.code not in elsewhere


def _weight(ground: Ground) -> int:
    """What is unmet decides, then what is unknown."""
    return (Verdict.UNMET, Verdict.UNKNOWN, Verdict.MET).index(ground.found.verdict)


def _digits(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _part_code(part: Finding, whole: ReasonCode) -> ReasonCode:
    if part.verdict is Verdict.MET:
        return ReasonCode.CONDITION_MET
    if part.verdict is Verdict.UNKNOWN:
        return ReasonCode.FACT_MISSING
    met = whole in (ReasonCode.CONDITION_MET, ReasonCode.FACT_MISSING)
    return ReasonCode.CONDITION_UNMET if met else whole


def _threshold(found: Finding) -> object:
    match found.node:
        case Compare(right=Constant() as constant):
            return _plain(constant.value, constant)
        case Compare():
            right = found.because[1]
            assert isinstance(right, Working)  # noqa: S101  # a comparison of terms
            return _plain(right.known.value, right.node)
        case Member(shown=shown) if shown:
            return list(shown) if len(shown) > 1 else shown[0]
        case Member(name=name):
            return name
        case _:
            return None


def _plain(value: Value | None, node: Any) -> object:  # any term
    """A value of the kernel, ready for JSON."""
    match value:
        case bool() | str() | None:
            return value
        case date():
            return False if value == NEVER else value.isoformat()
        case Fraction() if kind_of(node) is Kind.RATE:
            return rate_words(value)
        case _ if kind_of(node) is Kind.MONEY:
            return decimal_string(round(value))
        case Fraction():
            return str(value)
        case _:
            return value
