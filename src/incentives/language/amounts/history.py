"""What was paid before: awards of the past, and how often a rule pays."""

from fractions import Fraction

import attrs

from attrs import frozen

from ...dates import Period, parse_period
from ...errors import closest, did_you_mean
from ...ir import (
    Add,
    All,
    AsOf,
    Calendar,
    Compare,
    Comparison,
    Condition,
    Constant,
    Exists,
    Extreme,
    Fact,
    InCalendar,
    Kind,
    Negate,
    Not,
    Shift,
    Sum,
    Term,
)
from ...ir_kinds import kind_of
from ...policy import ReasonCode, Requirement
from .. import expressions
from ..expressions.awards import award_fact, paid_under, under_rules
from ..expressions.scope import Context
from ..expressions.terms import named
from ..keys import NONE
from ..nodes import Scalar
from ..words import PER, TIMES, VALUES, after_per


def paid_before(
    rules: tuple[str, ...], policy: str, context: Context, *conditions: Condition
) -> Term:
    """What was paid by the day asked about under some rules of a policy."""
    scope = attrs.evolve(context.scope, policy=policy)
    return paid_under(rules, scope, *conditions)


@frozen
class Once:
    """
    How often a rule pays: never again what was paid already.

    ``again`` are the conditions on an award of the past that bars another one, ``key``
    is what is paid once each, and ``grant`` what tells one award from another, where
    instalments of one award are several payments (None: nothing does).
    """

    again: tuple[Condition, ...] = ()
    key: Term | None = None
    grant: tuple[Condition, ...] | None = ()

    def requirement(self, context: Context) -> Requirement:
        """That it was not paid before."""
        where = All((under_rules((context.rule,), context.scope), *self.again))
        paid = Not(Exists("awards", "award", where))
        return Requirement(ReasonCode.ALREADY_AWARDED, paid)


def once_of(scalar: Scalar, context: Context) -> Once | None:
    """
    `once: per enterprise`, `per listing.year`, `per year`, `per 36个月`.

    The last two count calendar years and periods in which it was paid.
    """
    if VALUES.says(scalar.text, NONE):
        return None
    if VALUES.says(scalar.text, "per year"):
        return Once(again=(paid_this_year(context),), grant=None)
    whole = f"per {context.subject}"
    start = after_per(scalar.text)
    if not start:
        context.problems.add(
            "unknown-word",
            f"'once' cannot be {scalar.text!r}",
            scalar.place,
            did_you_mean(scalar.text, (whole, NONE))
            or f"write {whole!r}, or 'per' and a year or a record's key",
        )
        return None
    rest = scalar.after(start)
    if VALUES.says(rest.text.strip(), context.subject):
        return Once()
    if (period := _period(rest.text)) is not None:
        return Once(again=(paid_within(period, context),), grant=None)
    lang = "zh" if scalar.text.startswith(PER) else "en"
    if (help_ := _other_subject(rest.text, context, lang)) is not None:
        said = f"'once' cannot be {scalar.text!r}"
        context.problems.add("unknown-word", said, rest.place, help_)
        return None
    key = expressions.term(rest, context.scope, context.problems)
    same = None if key is None else _same_thing(key, rest, context)
    if key is None or same is None:
        return None
    this = (Compare(Comparison.EQ, same, key),)
    return Once(again=this, key=key, grant=this)


def _period(text: str) -> Period | None:
    try:
        return parse_period(text)
    except ValueError:
        return None


def _day_paid(context: Context) -> Fact:
    """The day of an award; of one without a date nobody knows when it was paid."""
    return attrs.evolve(award_fact(context.scope, "date"), default=None)


def paid_this_year(context: Context) -> Condition:
    """An award paid in the calendar year of the day asked about."""
    return Compare(
        Comparison.EQ,
        InCalendar(Calendar.YEAR_OF, _day_paid(context)),
        InCalendar(Calendar.YEAR_OF, AsOf()),
    )


def paid_within(period: Period, context: Context) -> Condition:
    """An award paid in the period that ends with the day asked about."""
    start = Shift(AsOf(), period, back=True)
    return Compare(Comparison.GT, _day_paid(context), start)


# --- how many times ------------------------------------------------------------


@frozen
class AtMost:
    """How many times a rule pays in all, or what ends it after some years."""

    most: Term | None
    requirement: Requirement


def at_most_of(scalar: Scalar, context: Context) -> AtMost | None:
    """
    `at most: 3 times`, `2 times in 36个月`, `3 years`.

    Years are calendar years from the one of the first payment on.
    """
    found = TIMES.fullmatch(scalar.text.strip())
    period = None if found is None else found["period"]
    within = None if period is None else _period(period.strip())
    years = found is not None and found["unit"] in ("year", "years", "年")
    if found is None or (period and (within is None or years)):
        context.problems.add(
            "unknown-word",
            f"'at most' cannot be {scalar.text!r}",
            scalar.place,
            "write '3 times', '2 times in 36个月' or '3 years'",
        )
        return None
    count = int(found["count"])
    if years:
        return AtMost(None, _for_years(count, context))
    conditions = () if within is None else (paid_within(within, context),)
    where = All((under_rules((context.rule,), context.scope), *conditions))
    one = Constant(Fraction(1), Kind.NUMBER)
    paid = Sum("awards", "award", where, one)
    limit = Constant(Fraction(count), Kind.NUMBER)
    return AtMost(
        Add((limit, Negate(paid))),
        Requirement(
            ReasonCode.LIMIT_REACHED, Compare(Comparison.LT, paid, limit), scalar.text
        ),
    )


def _for_years(count: int, context: Context) -> Requirement:
    """That the year asked about is one of the first so many since it was first paid."""
    where = under_rules((context.rule,), context.scope)
    first = Extreme(
        "awards", "award", where, _day_paid(context), largest=False, otherwise=AsOf()
    )
    end = Shift(InCalendar(Calendar.YEAR_OF, first), Period(years=count))
    now = InCalendar(Calendar.YEAR_OF, AsOf())
    return Requirement(ReasonCode.LIMIT_REACHED, Compare(Comparison.LT, now, end))


#: What authors call an enterprise.
_ENTERPRISES = ("company", "firm", "business", "subject", "applicant", "公司")


def _other_subject(word: str, context: Context, lang: str) -> str | None:
    """What to write for a word that probably means the subject of the rule."""
    meant = word in _ENTERPRISES or closest(word, (context.subject,)) is not None
    if not meant or word in context.scope.names():
        return None
    return f"did you mean {VALUES.said(f'per {context.subject}', lang)!r}?"


def _same_thing(key: Term, written: Scalar, context: Context) -> Fact | None:
    """What an award paid before says for a key, or None with a diagnostic."""
    if kind_of(key) is Kind.YEAR:
        return award_fact(context.scope, "year")
    each = context.scope.each
    if each is not None and each.key is not None:
        if key == each.fields[each.key].as_fact(each.binder):
            return award_fact(context.scope, "record")
        help_ = f"write 'per {each.binder}.{each.key}'"
    else:
        help_ = f"write 'per {context.subject}', or 'per' and a year"
    context.problems.add(
        "kind-mismatch",
        f"once per {named(kind_of(key))}: an award tells its year and record only",
        written.place,
        help_,
    )
    return None
