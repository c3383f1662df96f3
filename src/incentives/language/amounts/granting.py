"""What a rule grants, how often, and when: `award`, `once`, `at most`, `pay`, `claw back`."""

import attrs

from ...ir import Compare, Comparison, Condition, Not, Term
from ...policy import Requirement
from ...standards import AwardStandard, Cash, Combination
from ...vocabulary import RecordDeclaration
from ..expressions.awards import award_fact
from ..expressions.scope import Context
from ..keys import Keys
from .history import AtMost, Once, at_most_of, once_of, paid_before
from .repayments import barred_by, repayments_of
from .schedules import due_now, schedule_of
from .sugar import award_of


def granted(
    keys: Keys, context: Context
) -> tuple[AwardStandard | None, list[Requirement]]:
    """The award of a rule, and what its history and its repayments require."""
    scalar = keys.scalar("once")
    once = None if scalar is None else once_of(scalar, context)
    grant = _grant(once, keys, context)
    in_parts = attrs.evolve(context, grant=grant if "pay" in keys else None)
    paid = paid_before((context.rule,), context.policy, context, *grant)
    award = _award(keys, once, paid, in_parts)
    found: list[Requirement] = []
    if once is not None:
        barred = (
            _not_for_another(once, context)
            if "pay" in keys
            else once.requirement(context)
        )
        found += [] if barred is None else [barred]
    scalar = keys.scalar("at most")
    limit = None if scalar is None else at_most_of(scalar, context)
    if limit is not None:
        found.append(limit.requirement)
        _refuse_times_of_parts(keys, limit, context)
    repayments = tuple(repayments_of(keys, paid, context))
    found += barred_by(repayments)
    if not isinstance(award, Cash):
        _refuse_without_money(keys, award, context)
        return award, found
    most = None if limit is None else limit.most
    award = attrs.evolve(award, most=most, repayments=repayments)
    if once is not None:
        award = attrs.evolve(award, combination=Combination.ONCE, per=once.key)
    return award, found


def _refuse_times_of_parts(keys: Keys, limit: AtMost, context: Context) -> None:
    """Report a number of times of what is paid several times anyhow."""
    if limit.most is not None and "pay" in keys:
        context.problems.add(
            "bad-instalment",
            "each instalment would count as a time",
            keys.node.at("at most"),
            "limit the years, such as '3 years', or say 'once: per …'",
        )


def _refuse_without_money(
    keys: Keys, award: AwardStandard | None, context: Context
) -> None:
    """Report what only money can do."""
    for key in ("pay", "claw back"):
        if award is not None and key in keys:
            message = f"{keys.shown(key)!r} needs an award of money"
            context.problems.add("no-amount", message, keys.node.place_of(key))


def _grant(once: Once | None, keys: Keys, context: Context) -> tuple[Condition, ...]:
    """What tells the award at hand from others that the rule paid."""
    same = () if once is None else once.grant or ()
    each = context.scope.each
    needed = [key for key in ("pay", "claw back") if key in keys]
    if each is None or not needed:
        return same
    if each.key is None:
        if once is None:
            context.problems.add(
                "missing-key",
                f"the records of {each.records!r} have no key to tell them apart",
                keys.node.place_of(needed[0]),
                f"declare it in facts.yaml: {each.records}: key: …",
            )
        return same
    return tuple(dict.fromkeys((*same, _same_record(each, context))))


def _same_record(each: RecordDeclaration, context: Context) -> Condition:
    assert each.key is not None  # noqa: S101  # the callers looked
    key = each.fields[each.key].as_fact(each.binder)
    return Compare(Comparison.EQ, award_fact(context.scope, "record"), key)


def _not_for_another(once: Once, context: Context) -> Requirement | None:
    """That what is paid once only was not begun to be paid for another record."""
    each = context.scope.each
    if each is None or each.key is None:
        return None
    other = Not(_same_record(each, context))
    again = attrs.evolve(once, again=(*once.again, other))
    return again.requirement(context)


def _award(
    keys: Keys, once: Once | None, paid: Term, context: Context
) -> AwardStandard | None:
    """What is granted: at once, in instalments, or as instalments alone."""
    node = keys.get("award", required="pay" not in keys)
    award = None if node is None else award_of(node, context)
    items = list(keys.items("pay", empty="leave the key out"))
    if not items or (node is not None and not isinstance(award, Cash)):
        return award
    if once is not None and once.grant is None:
        context.problems.add(
            "bad-instalment",
            "the instalments of one award may be paid in several years",
            keys.node.at("once"),
            "say what the award is for: 'per' and a year or a record's key",
        )
        return None
    whole = award.amount if isinstance(award, Cash) else None
    schedule = schedule_of(items, whole, paid, context)
    if schedule is None:
        return None
    cap = award.cap if isinstance(award, Cash) else None
    return Cash(due_now(schedule), cap=cap, schedule=schedule)
