"""What a rule comes to in every row of a frame, before the records are combined."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache, reduce
from operator import add

import polars as pl

from attrs import evolve, frozen

from ..engines.columns.column import (
    FALSE,
    NONE_MISSING,
    SEE,
    Column,
    Form,
    Truth,
    fits_narrow,
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


@cache
def outcome(of: Outcome) -> pl.Expr:
    """An outcome as a number."""
    return pl.lit(OUTCOMES.index(of), dtype=pl.UInt8)


@cache
def reason(code: ReasonCode) -> pl.Expr:
    """A reason code as a number."""
    return pl.lit(REASONS.index(code), dtype=pl.UInt8)


def fen(term: Term, frame: Frame) -> Column:
    """An amount in whole fen; one that is not whole must be seen at the record."""
    found = column(term, frame)
    if found.scale.denominator != 1 or found.by is not None:
        return unseen(Form.WHOLE)
    return frame.kept(scaled(found, Fraction(1)))


@frozen(eq=False)
class Looked:
    """
    What a rule comes to in every row of a frame, as columns that are not computed yet.

    ``unmet`` is whether a requirement is, ``first`` the code of the first that is, and
    ``distance`` how many are, where records are compared; ``zero`` is whether an amount
    comes to nothing although none is unmet, ``met`` whether all are and it does not.
    ``low`` and ``high`` are what is due, in fen, null without end; ``open`` is whether
    that, or a support, is not decided, ``why`` the code of the first requirement that
    is not, ``owing`` what is missing of the amount and ``lacking`` of the requirements;
    ``see`` is whether columns do not tell.

    ``notes`` is what is asked of rows that are not known entirely: without them every
    row is.
    """

    frame: Frame
    columns: Mapping[str, pl.Expr]
    notes: Mapping[str, pl.Expr]

    @property
    def settled(self) -> bool:
        """Whether every row knows all that matters."""
        return not self.notes

    def asked(self, **further: pl.Expr) -> Callable[[], pl.DataFrame]:
        """A table of them, and of further columns, when all others are computed too."""
        computed = self.frame.asked(**self.columns, **further)

        def table() -> pl.DataFrame:
            found = computed()
            return found if self.settled else self._with_notes(found)

        return table

    def _with_notes(self, found: pl.DataFrame) -> pl.DataFrame:
        """With what is missing of the rows that are not known entirely."""
        rows = found["unknown"] | found["open"]
        if not rows.any():
            return found.with_columns(see="odd", **SILENT)
        noted = self.frame.noted(rows, **self.notes).with_columns(row=rows.arg_true())
        numbered = found.with_row_index("row")
        joined = numbered.join(noted, on="row", how="left", maintain_order="left")
        filled = {name: pl.col(name).fill_null(each) for name, each in SILENT.items()}
        vague = pl.col("lacking") & SEE != 0
        owes = pl.col("owing") & SEE != 0
        see = pl.col("odd") | ((pl.col("open") | pl.col("zero")) & vague)
        see |= (pl.col("open") & owes) | (pl.col("unmet") & pl.col("early"))
        return joined.with_columns(**filled).with_columns(see=see).drop("row")


#: What is said of what is missing where nothing is.
SILENT: Mapping[str, pl.Expr] = {
    "owing": NOTHING,
    "lacking": NOTHING,
    "why": reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN),
    "early": FALSE,
}


def looked_at(rule: Rule, frame: Frame) -> pl.DataFrame:
    """What a rule comes to in every row, computed."""
    return look(rule, frame).asked()()


def look(rule: Rule, frame: Frame) -> Looked:
    """What a rule comes to in every row."""
    truths = [truth(each.condition, frame) for each in rule.requirements]
    conditions = _Conditions.of(
        truths, [each.code for each in rule.requirements], frame
    )
    award = rule.award
    if isinstance(award, Cash):
        found = conditions.with_money(fen(award.amount, frame), rule)
    else:
        found = conditions.without_money()
    if rule.each is None:
        return found
    return evolve(found, columns={**found.columns, "distance": conditions.distance})


@frozen(eq=False)
class _Conditions:
    """The requirements of a rule, taken together."""

    frame: Frame
    truths: Sequence[Truth]
    codes: Sequence[ReasonCode]
    sure: bool
    is_unmet: pl.Expr
    is_met: pl.Expr

    @classmethod
    def of(
        cls, truths: Sequence[Truth], codes: Sequence[ReasonCode], frame: Frame
    ) -> "_Conditions":
        unmet = [_is_unmet(each) for each in truths]
        met = [each.value.fill_null(value=False) for each in truths]
        sure = all(each.sure for each in truths)
        is_unmet = frame.keep(pl.any_horizontal(unmet)) if unmet else FALSE
        is_met = ~is_unmet if sure else pl.all_horizontal(met)
        return cls(frame, truths, codes, sure, is_unmet, frame.keep(is_met))

    @property
    def distance(self) -> pl.Expr:
        """How many are unmet."""
        each = (_is_unmet(each).cast(pl.Int64) for each in self.truths)
        return reduce(add, each, NOTHING)

    def _shared(self) -> dict[str, pl.Expr]:
        """What is said of every rule, whatever it grants."""
        first = pl.lit(None, dtype=pl.UInt8)
        unknown = FALSE
        for each, code in zip(reversed(self.truths), reversed(self.codes), strict=True):
            first = pl.when(_is_unmet(each)).then(reason(code)).otherwise(first)
            if not each.sure:
                unknown |= each.value.is_null()
        return {"unmet": self.is_unmet, "first": first, "unknown": unknown}

    def without_money(self) -> Looked:
        columns = {
            **self._shared(),
            "zero": FALSE,
            "met": self.is_met,
            "low": NOTHING,
            "high": NOTHING,
        }
        if self.sure:
            return self._settled(columns, FALSE)
        columns |= {"open": ~self.is_unmet & ~self.is_met, "odd": FALSE}
        return Looked(self.frame, columns, self._notes(NONE_MISSING))

    def with_money(self, amount: Column, rule: Rule) -> Looked:
        keep, low, high = self.frame.keep, amount.low, amount.high
        is_nothing = keep(amount.known & (low == 0) & ~self.is_unmet)
        is_out = keep(self.is_unmet | is_nothing)
        # Below nothing, or no more than nothing for all that is known.
        is_odd = FALSE
        if amount.signed or not amount.sure:
            is_odd = (high <= 0).fill_null(value=False) & ~is_out
        least = keep(self._due(is_out, low, pl.min_horizontal(low, NOTHING)))
        most = least
        if not (self.sure and amount.is_whole):
            most = keep(self._due(is_out, high, pl.max_horizontal(high, NOTHING)))
        if not fits_narrow(amount.most):
            for end in (least, most):
                is_odd |= (end.abs() > _MOST_FEN).fill_null(value=False)
        both = least is most
        least = keep(least.cast(pl.Int64, strict=False))
        most = least if both else keep(most.cast(pl.Int64, strict=False))
        if isinstance(rule.award, Cash) and rule.award.schedule is not None:
            # Where nothing is due of it today, its payments tell why.
            is_odd |= is_nothing
        columns = {
            **self._shared(),
            "zero": is_nothing,
            "met": self.is_met & ~is_nothing,
            "low": least,
            "high": most,
        }
        if self.sure and amount.sure:
            return self._settled(columns, is_odd)
        decided = keep((least == most).fill_null(value=False))
        columns |= {"open": ~is_out & ~decided, "odd": is_odd}
        owing = union([amount.lacking, self._lacking])
        owing = pl.when(self.is_met).then(amount.lacking).otherwise(owing)
        owing = pl.when(decided).then(NONE_MISSING).otherwise(owing)
        return Looked(self.frame, columns, self._notes(owing))

    def _due(self, is_out: pl.Expr, end: pl.Expr, perhaps: pl.Expr) -> pl.Expr:
        """An end of what is due: nothing, all, or perhaps all."""
        due = pl.when(is_out).then(NOTHING)
        if self.sure:
            return due.otherwise(end)
        some = pl.when(end.is_null()).then(None).otherwise(perhaps)
        return due.when(self.is_met).then(end).otherwise(some)

    def _settled(self, columns: Mapping[str, pl.Expr], odd: pl.Expr) -> Looked:
        return Looked(self.frame, {**columns, **SILENT, "open": FALSE, "see": odd}, {})

    # --- what is missing -------------------------------------------------------------

    @property
    def _lacking(self) -> pl.Expr:
        return union([each.missing for each in self.truths])

    def _notes(self, owing: pl.Expr) -> dict[str, pl.Expr]:
        return {
            "owing": owing,
            "lacking": self._lacking,
            "why": self._why(),
            "early": self._early(),
        }

    def _why(self) -> pl.Expr:
        """The code of the first requirement that is not known."""
        why = reason(ReasonCode.EFFECTIVE_DATE_UNKNOWN)
        for each in reversed(self.truths):
            is_fact = each.missing & ~policy_bits(self.frame) != 0
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
            is_unmet = _is_unmet(each)
            early = ~is_unmet & ((each.missing & SEE != 0) | early)
        return early


def _is_unmet(truth: Truth) -> pl.Expr:
    return ~truth.value if truth.sure else (~truth.value).fill_null(value=False)


def policy_bits(frame: Frame) -> pl.Expr:
    """The bits of what no record can supply."""
    return _bits(each.is_of_policy for each in frame.bits)


def record_bits(frame: Frame) -> pl.Expr:
    """The bits of the facts of a record, which are other facts of another record."""
    return _bits(each.records != "" and each.name != "" for each in frame.bits)


def _bits(paths: Iterable[bool]) -> pl.Expr:
    mask = sum(1 << bit for bit, is_one in enumerate(paths) if is_one)
    return pl.lit(mask, dtype=pl.Int64)
