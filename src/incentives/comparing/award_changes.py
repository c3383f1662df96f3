"""How the amount of a rule differs between two versions: part by part, tier by tier."""

from collections.abc import Iterator

import attrs

from attrs import frozen

from ..ir import (
    Branch,
    Choose,
    Constant,
    Greatest,
    Kind,
    Least,
    Lookup,
    Multiply,
    Round,
    Term,
)
from ..ir_kinds import kind_of
from ..policy import Rule
from ..reports.catalogue import bare_amount
from ..standards import Cash
from .effects import (
    Aspect,
    Change,
    Effect,
    condition_effect,
    term_effect,
    together,
)


def award_changes(old: Rule, new: Rule) -> Iterator[Change]:
    """What differs between the awards of two versions of a rule."""
    if old.award == new.award:
        return
    if isinstance(old.award, Cash) and isinstance(new.award, Cash):
        yield from _cash(old.award, new.award, new.id)
    else:
        effect = Effect.NONE if type(old.award) is type(new.award) else Effect.DEPENDS
        yield Change(Aspect.AWARD, new.id, old=old, new=new, effect=effect)


@frozen
class _Parts:
    """An amount without its limits, and these."""

    standard: Term
    floor: Term | None = None
    cap: Term | None = None
    rounding: Round | None = None


def _parts(amount: Term) -> _Parts:
    rounding = amount if isinstance(amount, Round) else None
    bare = bare_amount(amount)
    floor: Term | None = None
    cap: Term | None = None
    if isinstance(bare, Least):
        bare, *caps = bare.terms
        cap = caps[0] if len(caps) == 1 else Least(tuple(caps))
    # A rate of a base that is never negative is a product: this is a floor.
    if isinstance(bare, Greatest):
        bare, floor = bare.terms
    return _Parts(bare, floor, cap, rounding)


def _cash(old: Cash, new: Cash, rule: str) -> Iterator[Change]:
    before, after = _parts(old.amount), _parts(new.amount)
    yield from _standard(before.standard, after.standard, rule)
    yield from _limit(Aspect.FLOOR, before.floor, after.floor, rule)
    yield from _limit(Aspect.CAP, before.cap, after.cap, rule)
    one, other = (cap and bare_amount(cap) for cap in (old.cap, new.cap))
    yield from _limit(Aspect.CAP_OF_ALL, one, other, rule)
    roundings = [
        each.rounding and attrs.evolve(each.rounding, term=_NOTHING)
        for each in (before, after)
    ]
    if None not in roundings and roundings[0] != roundings[1]:
        yield Change(
            Aspect.ROUNDING,
            rule,
            old=roundings[0],
            new=roundings[1],
            effect=Effect.DEPENDS,
        )
    for field in attrs.fields(Cash):
        if field.name not in _TOLD and getattr(old, field.name) != getattr(
            new, field.name
        ):
            yield Change(Aspect.OTHER, rule, name=field.name)


#: What is told part by part; how items combine is told with how often it is paid.
_TOLD = frozenset({"amount", "cap", "combination", "per"})
_NOTHING = Constant(0, Kind.MONEY)


def _limit(
    aspect: Aspect, old: Term | None, new: Term | None, rule: str
) -> Iterator[Change]:
    """A floor that is new gives more, a cap less."""
    if old == new:
        return
    if old is None or new is None:
        gains = (aspect is Aspect.FLOOR) == (old is None)
        effect = Effect.GAINS if gains else Effect.LOSES
    else:
        effect = term_effect(old, new)
    yield Change(aspect, rule, old=old, new=new, effect=effect)


def _standard(old: Term, new: Term, rule: str) -> Iterator[Change]:
    if old == new:
        return
    match old, new:
        case Multiply(left=Constant(kind=Kind.RATE)), Multiply(
            left=Constant(kind=Kind.RATE)
        ):
            for aspect, one, other in (
                (Aspect.RATE, old.left, new.left),
                (Aspect.BASE, old.right, new.right),
            ):
                if one != other:
                    effect = term_effect(one, other)
                    yield Change(aspect, rule, old=one, new=other, effect=effect)
        case Choose(), Choose():
            yield from _tiers(old, new, rule)
        case Lookup(), Lookup() if _place(old) == _place(new):
            yield from _rows(old, new, rule)
        case _:
            effect = term_effect(old, new)
            yield Change(Aspect.AMOUNT, rule, old=old, new=new, effect=effect)


# --- tiers and tables ----------------------------------------------------------


def _tiers(old: Choose, new: Choose, rule: str) -> Iterator[Change]:
    """Tiers of the same test are compared; others in the order in which they stand."""
    before = {branch.condition: branch for branch in old.branches}
    after = {branch.condition: branch for branch in new.branches}
    for condition, branch in after.items():
        if before.get(condition, branch) != branch:
            yield _tier(before[condition], branch, rule)
    gone = [branch for test, branch in before.items() if test not in after]
    come = [branch for test, branch in after.items() if test not in before]
    if len(gone) == len(come):
        for one, other in zip(gone, come, strict=True):
            alone = len(gone) == 1
            yield _moved(one, other, rule, old.otherwise if alone else None)
    else:
        for branch in gone:
            effect = term_effect(branch.term, new.otherwise)
            yield Change(Aspect.TIER, rule, old=branch, effect=effect)
        for branch in come:
            effect = term_effect(old.otherwise, branch.term)
            yield Change(Aspect.TIER, rule, new=branch, effect=effect)
    if old.otherwise != new.otherwise:
        effect = term_effect(old.otherwise, new.otherwise)
        yield Change(
            Aspect.TIER,
            rule,
            name="otherwise",
            old=old.otherwise,
            new=new.otherwise,
            effect=effect,
        )


def _tier(old: Branch, new: Branch, rule: str) -> Change:
    effect = term_effect(old.term, new.term)
    return Change(Aspect.TIER, rule, old=old, new=new, effect=effect)


def _moved(old: Branch, new: Branch, rule: str, below: Term | None) -> Change:
    """A tier of another test; where only one has moved, it gives more if it is wider."""
    effect = Effect.DEPENDS
    if below is not None and term_effect(below, new.term) is Effect.GAINS:
        amount = term_effect(old.term, new.term)
        effect = together((amount, condition_effect(old.condition, new.condition)))
    return Change(Aspect.TIER, rule, old=old, new=new, effect=effect)


def _place(lookup: Lookup) -> tuple[str, str, tuple[Term, ...], Term]:
    return lookup.table, lookup.column, lookup.keys, lookup.otherwise


def _rows(old: Lookup, new: Lookup, rule: str) -> Iterator[Change]:
    kind = kind_of(old.otherwise)
    for key in dict.fromkeys((*old.rows, *new.rows)):
        one, other = (
            Constant(each.rows[key], kind) if key in each.rows else None
            for each in (old, new)
        )
        if one != other:
            effect = term_effect(one or old.otherwise, other or new.otherwise)
            name = "、".join(map(str, key))
            yield Change(Aspect.ROW, rule, name=name, old=one, new=other, effect=effect)
