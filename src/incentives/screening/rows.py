"""What a rule comes to in every row of a frame, before the records are combined."""

from collections.abc import Sequence
from fractions import Fraction

import polars as pl

from attrs import frozen

from ..engines.columns.column import (
    FALSE,
    NONE_MISSING,
    SEE,
    TRUE,
    Column,
    Form,
    Truth,
    scaled,
    union,
    unseen,
)
from ..engines.columns.frame import Frame
from ..engines.columns.lowering import column, truth
from ..ir import Term
from ..policy import ReasonCode, Rule
from ..standards import Cash

REASONS = list(ReasonCode)

NOTHING = pl.lit(0, dtype=pl.Int64)
NOWHERE = pl.lit(None, dtype=pl.Int64)
#: Amounts beyond these, in fen, are seen at the record.
_MOST_FEN = 2**62


def reason(code: ReasonCode) -> pl.Expr:
    """A reason code as a number."""
    return pl.lit(REASONS.index(code), dtype=pl.UInt8)


def fen(term: Term, frame: Frame) -> Column:
    """An amount in whole fen; one that is not whole must be seen at the record."""
    found = column(term, frame)
    if found.scale.denominator != 1:
        return unseen(Form.WHOLE)
    return frame.kept(scaled(found, Fraction(1)))


def looked_at(rule: Rule, frame: Frame) -> pl.DataFrame:
    """
    What a rule comes to in every row.

    ``unmet`` counts the requirements that are, and ``first`` is the code of the first;
    ``zero`` is whether an amount comes to nothing although none is unmet, ``met``
    whether all are and it does not. ``low`` and ``high`` are what is due, in fen, null
    without end; ``open`` is whether that, or a support, is not decided, ``why`` the
    code of the first requirement that is not, ``owing`` what is missing of the amount
    and ``lacking`` of the requirements; ``see`` is whether columns do not tell.
    """
    truths = [truth(each.condition, frame) for each in rule.requirements]
    conditions = _Conditions.of(truths, frame)
    codes = [each.code for each in rule.requirements]
    award = rule.award
    if not isinstance(award, Cash):
        return conditions.without_money(codes, frame)
    found = conditions.with_money(codes, fen(award.amount, frame), frame)
    if award.schedule is not None or award.repayments:
        # What is paid over time, or may have to be given back.
        return found.with_columns(see=pl.col("unmet") == 0)
    return found


@frozen(eq=False)
class _Conditions:
    """The requirements of a rule, taken together."""

    truths: Sequence[Truth]
    is_unmet: pl.Expr
    is_met: pl.Expr
    lacking: pl.Expr

    @classmethod
    def of(cls, truths: Sequence[Truth], frame: Frame) -> "_Conditions":
        values = [each.value for each in truths]
        unmet = [(~value).fill_null(value=False) for value in values]
        met = [value.fill_null(value=False) for value in values]
        return cls(
            truths,
            frame.keep(pl.any_horizontal(unmet)) if unmet else FALSE,
            frame.keep(pl.all_horizontal(met)) if met else TRUE,
            frame.keep(union([each.missing for each in truths])),
        )

    def _shared(self, codes: Sequence[ReasonCode], frame: Frame) -> dict[str, pl.Expr]:
        """What is said of every rule, whatever it grants."""
        count, first, early = NOTHING, pl.lit(None, dtype=pl.UInt8), FALSE
        for each, code in zip(reversed(self.truths), reversed(codes), strict=True):
            is_unmet = (~each.value).fill_null(value=False)
            count += is_unmet.cast(pl.Int64)
            first = pl.when(is_unmet).then(reason(code)).otherwise(first)
            early = ~is_unmet & ((each.missing & SEE != 0) | early)
        why = reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN)
        for each in reversed(self.truths):
            is_fact = each.missing & ~policy_bits(frame) != 0
            code_here = pl.when(is_fact).then(reason(ReasonCode.FACT_MISSING))
            here = code_here.otherwise(reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN))
            why = pl.when(each.value.is_null()).then(here).otherwise(why)
        return {
            "unmet": count,
            "first": first,
            "why": why,
            "lacking": self.lacking,
            "early": early,
        }

    def without_money(self, codes: Sequence[ReasonCode], frame: Frame) -> pl.DataFrame:
        is_open = ~self.is_unmet & ~self.is_met
        return frame.table(
            **self._shared(codes, frame),
            zero=FALSE,
            met=self.is_met,
            low=NOTHING,
            high=NOTHING,
            open=is_open,
            owing=NOTHING,
            see=is_open & self._vague,
        ).with_columns(see=pl.col("see") | _unsure)

    def with_money(
        self, codes: Sequence[ReasonCode], amount: Column, frame: Frame
    ) -> pl.DataFrame:
        low = NOWHERE if amount.low is None else amount.low
        high = NOWHERE if amount.high is None else amount.high
        is_nothing = frame.keep(amount.known & (low == 0) & ~self.is_unmet)
        # Below nothing, or no more than nothing for all that is known.
        is_odd = (high <= 0).fill_null(value=False) & ~is_nothing & ~self.is_unmet
        is_out = self.is_unmet | is_nothing
        least = frame.keep(self._due(is_out, low, pl.min_horizontal(low, NOTHING)))
        most = frame.keep(self._due(is_out, high, pl.max_horizontal(high, NOTHING)))
        decided = frame.keep((least == most).fill_null(value=False))
        is_open = frame.keep(~is_out & ~decided)
        owing = union([amount.lacking, self.lacking])
        owing = pl.when(self.is_met).then(amount.lacking).otherwise(owing)
        owing = frame.keep(pl.when(decided).then(NONE_MISSING).otherwise(owing))
        is_large = [
            (end.abs() > _MOST_FEN).fill_null(value=False) for end in (least, most)
        ]
        see = is_odd | is_large[0] | is_large[1]
        see |= is_open & (owing & SEE != 0)
        see |= (is_open | is_nothing) & self._vague
        return frame.table(
            **self._shared(codes, frame),
            zero=is_nothing,
            met=self.is_met & ~is_nothing,
            low=least.cast(pl.Int64, strict=False),
            high=most.cast(pl.Int64, strict=False),
            open=is_open,
            owing=owing,
            see=see,
        ).with_columns(see=pl.col("see") | _unsure)

    @property
    def _vague(self) -> pl.Expr:
        """Whether columns do not tell of some requirement."""
        return self.lacking & SEE != 0

    def _due(self, is_out: pl.Expr, end: pl.Expr, perhaps: pl.Expr) -> pl.Expr:
        """An end of what is due: nothing, all, or perhaps all."""
        some = pl.when(end.is_null()).then(None).otherwise(perhaps)
        due = pl.when(is_out).then(NOTHING).when(self.is_met).then(end)
        return due.otherwise(some)


#: Where columns do not tell of a requirement before the first that is unmet.
_unsure = (pl.col("unmet") > 0) & pl.col("early")


def policy_bits(frame: Frame) -> pl.Expr:
    """The bits of what no record can supply."""
    bits = (1 << n for n, p in enumerate(frame.paths) if p.is_of_policy)
    return pl.lit(sum(bits), dtype=pl.Int64)
