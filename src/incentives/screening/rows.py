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
from ..policy import Outcome, ReasonCode, Rule
from ..standards import Cash

OUTCOMES = list(Outcome)
REASONS = list(ReasonCode)

NOTHING = pl.lit(0, dtype=pl.Int64)
NOWHERE = pl.lit(None, dtype=pl.Int64)
#: Amounts beyond these, in fen, are seen at the record.
_MOST_FEN = 2**62


def outcome(of: Outcome) -> pl.Expr:
    """An outcome as a number."""
    return pl.lit(OUTCOMES.index(of), dtype=pl.UInt8)


def reason(code: ReasonCode) -> pl.Expr:
    """A reason code as a number."""
    return pl.lit(REASONS.index(code), dtype=pl.UInt8)


def fen(term: Term, frame: Frame) -> Column:
    """An amount in whole fen; one that is not whole must be seen at the record."""
    found = column(term, frame)
    if found.scale.denominator != 1 or found.by is not None:
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
    codes = [each.code for each in rule.requirements]
    conditions = _Conditions.of(truths, codes, frame)
    award = rule.award
    if not isinstance(award, Cash):
        return conditions.without_money(frame)
    found = conditions.with_money(fen(award.amount, frame), frame)
    if award.schedule is None:
        return found
    # Where nothing is due of it today, its payments tell why.
    return found.with_columns(see=pl.col("see") | pl.col("zero"))


@frozen(eq=False)
class _Conditions:
    """The requirements of a rule, taken together."""

    truths: Sequence[Truth]
    codes: Sequence[ReasonCode]
    is_unmet: pl.Expr
    is_met: pl.Expr

    @classmethod
    def of(
        cls, truths: Sequence[Truth], codes: Sequence[ReasonCode], frame: Frame
    ) -> "_Conditions":
        values = [each.value for each in truths]
        unmet = [(~value).fill_null(value=False) for value in values]
        met = [value.fill_null(value=False) for value in values]
        return cls(
            truths,
            codes,
            frame.keep(pl.any_horizontal(unmet)) if unmet else FALSE,
            frame.keep(pl.all_horizontal(met)) if met else TRUE,
        )

    def _shared(self) -> dict[str, pl.Expr]:
        """What is said of every rule, whatever it grants."""
        count, first = NOTHING, pl.lit(None, dtype=pl.UInt8)
        unknown = FALSE
        for each, code in zip(reversed(self.truths), reversed(self.codes), strict=True):
            is_unmet = (~each.value).fill_null(value=False)
            count += is_unmet.cast(pl.Int64)
            first = pl.when(is_unmet).then(reason(code)).otherwise(first)
            unknown |= each.value.is_null()
        return {"unmet": count, "first": first, "unknown": unknown}

    def without_money(self, frame: Frame) -> pl.DataFrame:
        is_open = ~self.is_unmet & ~self.is_met
        found = frame.table(
            **self._shared(),
            zero=FALSE,
            met=self.is_met,
            low=NOTHING,
            high=NOTHING,
            open=is_open,
            odd=FALSE,
        )
        return self._with_missing(found, NONE_MISSING, frame)

    def with_money(self, amount: Column, frame: Frame) -> pl.DataFrame:
        low, high = amount.low, amount.high
        is_nothing = frame.keep(amount.known & (low == 0) & ~self.is_unmet)
        # Below nothing, or no more than nothing for all that is known.
        is_odd = (high <= 0).fill_null(value=False) & ~is_nothing & ~self.is_unmet
        is_out = self.is_unmet | is_nothing
        least = frame.keep(self._due(is_out, low, pl.min_horizontal(low, NOTHING)))
        most = frame.keep(self._due(is_out, high, pl.max_horizontal(high, NOTHING)))
        decided = frame.keep((least == most).fill_null(value=False))
        for end in (least, most):
            is_odd |= (end.abs() > _MOST_FEN).fill_null(value=False)
        found = frame.table(
            **self._shared(),
            zero=is_nothing,
            met=self.is_met & ~is_nothing,
            low=least.cast(pl.Int64, strict=False),
            high=most.cast(pl.Int64, strict=False),
            open=~is_out & ~decided,
            odd=is_odd,
        )
        owing = union([amount.lacking, self._lacking])
        owing = pl.when(self.is_met).then(amount.lacking).otherwise(owing)
        owing = pl.when(decided).then(NONE_MISSING).otherwise(owing)
        return self._with_missing(found, owing, frame)

    def _due(self, is_out: pl.Expr, end: pl.Expr, perhaps: pl.Expr) -> pl.Expr:
        """An end of what is due: nothing, all, or perhaps all."""
        some = pl.when(end.is_null()).then(None).otherwise(perhaps)
        due = pl.when(is_out).then(NOTHING).when(self.is_met).then(end)
        return due.otherwise(some)

    # --- what is missing -------------------------------------------------------------

    @property
    def _lacking(self) -> pl.Expr:
        return union([each.missing for each in self.truths])

    def _with_missing(
        self, found: pl.DataFrame, owing: pl.Expr, frame: Frame
    ) -> pl.DataFrame:
        """With what is missing of the rows that are not known entirely."""
        rows = found.select(pl.col("unknown") | pl.col("open")).to_series()
        silent = {
            "owing": NOTHING,
            "lacking": NOTHING,
            "why": reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN),
            "early": FALSE,
        }
        if not rows.any():
            return found.with_columns(see="odd", **silent)
        asked = {
            "owing": owing,
            "lacking": self._lacking,
            "why": self._why(frame),
            "early": self._early(),
        }
        noted = frame.noted(rows, **asked).with_columns(row=rows.arg_true())
        numbered = found.with_row_index("row")
        joined = numbered.join(noted, on="row", how="left", maintain_order="left")
        filled = {name: pl.col(name).fill_null(each) for name, each in silent.items()}
        vague = pl.col("lacking") & SEE != 0
        owes = pl.col("owing") & SEE != 0
        see = pl.col("odd") | ((pl.col("open") | pl.col("zero")) & vague)
        see |= (pl.col("open") & owes) | ((pl.col("unmet") > 0) & pl.col("early"))
        return joined.with_columns(**filled).with_columns(see=see).drop("row")

    def _why(self, frame: Frame) -> pl.Expr:
        """The code of the first requirement that is not known."""
        why = reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN)
        for each in reversed(self.truths):
            is_fact = each.missing & ~policy_bits(frame) != 0
            here = (
                pl.when(is_fact)
                .then(reason(ReasonCode.FACT_MISSING))
                .otherwise(reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN))
            )
            why = pl.when(each.value.is_null()).then(here).otherwise(why)
        return why

    def _early(self) -> pl.Expr:
        """Whether columns do not tell of a requirement before the first unmet one."""
        early = FALSE
        for each in reversed(self.truths):
            is_unmet = (~each.value).fill_null(value=False)
            early = ~is_unmet & ((each.missing & SEE != 0) | early)
        return early


def policy_bits(frame: Frame) -> pl.Expr:
    """The bits of what no record can supply."""
    bits = (1 << n for n, p in enumerate(frame.paths) if p.is_of_policy)
    return pl.lit(sum(bits), dtype=pl.Int64)
