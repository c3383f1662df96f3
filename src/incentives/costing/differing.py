"""
By how much one rule can come to more or less than another that reads almost the same.

Unknown facts are the same under both, so that much of what is unknown cancels.
"""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import ceil, floor

from attrs import evolve

from ..book import RuleBook
from ..ir import (
    Add,
    Choose,
    Constant,
    Fact,
    Greatest,
    Kind,
    Least,
    Lookup,
    Multiply,
    Negate,
    Round,
    Sum,
    Term,
    Value,
)
from ..ir_kinds import kind_of
from ..policy import Rule
from ..standards import Cash, Combination
from .spans import NOTHING, End, Span, largest, least, times

_MEASURES = frozenset({Kind.MONEY, Kind.NUMBER, Kind.RATE})
_ANY = Span()


def spans(old: RuleBook, new: RuleBook) -> Iterator[tuple[str, Span]]:
    """The rules of both books of which it can be told, each with what it may change."""
    if old.vocabulary != new.vocabulary:  # a record may not be read as the same facts
        return
    grouped = {
        rule for book in (old, new) for group in book.groups for rule in group.members
    }
    for rule in old:
        if rule.id in new and rule.id not in grouped:
            found = of_rules(rule, new[rule.id])
            if found != _ANY:
                yield rule.id, found


def of_rules(old: Rule, new: Rule) -> Span:
    """What a rule comes to less what another comes to, of one and the same subject."""
    one, other = old.award, new.award
    if not (isinstance(one, Cash) and isinstance(other, Cash)) or not _alike(old, new):
        return _ANY
    # Where the conditions are not met, neither comes to anything.
    of_one = of_terms(_below_cap(one), _below_cap(other)) | NOTHING
    is_single = one.combination is Combination.ONCE and one.per is None
    total = of_one if old.each is None or is_single else of_one.direction
    return _capped(total, one.cap, other.cap) | NOTHING


def _alike(old: Rule, new: Rule) -> bool:
    """Whether two rules pay the same items, whatever each of these comes to."""
    same = ("subject", "requirements", "window", "each", "dated", "uses")
    awards = ("combination", "per", "most", "schedule")
    return (
        all(getattr(old, name) == getattr(new, name) for name in same)
        and all(getattr(old.award, n) == getattr(new.award, n) for n in awards)
        and getattr(old.award, "schedule", None) is None
        and not old.uses
    )


def _below_cap(award: Cash) -> Term:
    """What an item comes to, without limits that never bind below the cap of all."""
    most = None if award.cap is None else highest(award.cap)
    floor_ = lowest(award.amount)
    if most is None or floor_ is None or floor_ < 0:
        return award.amount
    return _unlimited(award.amount, most, 1)


def _unlimited(term: Term, most: int | Fraction, unit: int | Fraction) -> Term:
    """A term that is not below zero, without the limits that ``most`` does not reach."""
    match term:
        case Round():
            return evolve(term, term=_unlimited(term.term, most, term.unit))
        case Greatest(terms=(Constant(value=0) as zero, other)):
            return evolve(term, terms=(zero, _unlimited(other, most, unit)))
        case Least():
            kept = tuple(
                part for part in term.terms if not _is_beyond(part, most, unit)
            )
            return evolve(term, terms=kept) if kept else term
        case _:
            return term


def _is_beyond(part: Term, most: int | Fraction, unit: int | Fraction) -> bool:
    """Whether a part is a limit that is not reached, and that rounding leaves alone."""
    if not isinstance(part, Constant) or not isinstance(part.value, int | Fraction):
        return False
    return part.value >= most and part.value % unit == 0


def _capped(total: Span, old: Term | None, new: Term | None) -> Span:
    """What is left of a difference below caps."""
    if old is None:
        return total if new is None else Span(None, total.high)
    return Span(total.low, None) if new is None else total | of_terms(old, new)


# --- terms -----------------------------------------------------------------------------


def of_terms(old: Term, new: Term) -> Span:
    """One term less another, whatever the facts are that both ask for."""
    if old == new:
        return NOTHING
    return _alike_in_form(old, new) & _beyond(old, new)


def _beyond(old: Term, new: Term) -> Span:
    """That a minimum is none of its parts exceeds, nor a maximum falls short of one."""
    found = _ANY
    for part in new.terms if isinstance(new, Least) else ():
        found &= Span(None, of_terms(old, part).high)
    for part in new.terms if isinstance(new, Greatest) else ():
        found &= Span(of_terms(old, part).low, None)
    for part in old.terms if isinstance(old, Least) else ():
        found &= Span(of_terms(part, new).low, None)
    for part in old.terms if isinstance(old, Greatest) else ():
        found &= Span(None, of_terms(part, new).high)
    return found


def _alike_in_form(old: Term, new: Term) -> Span:  # one line for every form
    """The difference of two terms of one form, by those of their parts."""
    match old, new:
        case Constant(), Constant() if old.kind in _MEASURES:
            return _step(old.value, new.value)
        case Least(), Least():
            return _hull(_pairs(old.terms, new.terms))
        case Greatest(), Greatest():
            return _hull(_pairs(old.terms, new.terms))
        case Add(), Add():
            return _total(_pairs(old.terms, new.terms))
        case Negate(), Negate():
            return -of_terms(old.term, new.term)
        case Multiply(), Multiply():
            return _product(old, new)
        case Round(), Round() if (old.unit, old.mode) == (new.unit, new.mode):
            return _rounded(old, new)
        case _:
            return _of_several(old, new)


def _of_several(old: Term, new: Term) -> Span:
    """The difference of two terms that choose between several, or add them up."""
    match old, new:
        case Choose(), Choose():
            return _chosen(old, new)
        case Lookup(), Lookup() if old.keys == new.keys and kind_of(old) in _MEASURES:
            return _looked_up(old, new)
        case Sum(), Sum() if evolve(old, term=new.term) == new:
            return of_terms(old.term, new.term).direction
        case _:
            return _ANY


def _step(old: Value, new: Value) -> Span:
    """The difference of two measures that are known."""
    step: int | Fraction = new - old  # type: ignore[operator,assignment]  # measures
    return Span(step, step)


def _pairs(old: Sequence[Term], new: Sequence[Term]) -> list[Span]:
    if len(old) != len(new):
        return [_ANY]
    return [of_terms(one, other) for one, other in zip(old, new, strict=True)]


def _hull(parts: Sequence[Span]) -> Span:
    found = parts[0]
    for part in parts[1:]:
        found |= part
    return found


def _total(parts: Sequence[Span]) -> Span:
    found = NOTHING
    for part in parts:
        found += part
    return found


def _product(old: Multiply, new: Multiply) -> Span:
    """One factor is the same, and never below nothing."""
    for one, other, same in (
        (old.left, new.left, (old.right, new.right)),
        (old.right, new.right, (old.left, new.left)),
    ):
        weight = lowest(same[0])
        if same[0] == same[1] and weight is not None and weight >= 0:
            step = of_terms(one, other)
            sign = step.direction
            return Span(
                None if sign.low is None else times(step.low, weight),
                None if sign.high is None else times(step.high, weight),
            )
    return _ANY


def _rounded(old: Round, new: Round) -> Span:
    """Rounding keeps whole steps, and the order of amounts; below zero it may go on."""
    unit, step = old.unit, of_terms(old.term, new.term)
    ends = [lowest(old.term), lowest(new.term)]
    is_above = all(end is not None and end >= 0 for end in ends)
    more: int | Fraction = 0 if is_above else unit
    wide = Span(
        None if step.low is None else floor(step.low / Fraction(unit)) * unit - more,
        None if step.high is None else ceil(step.high / Fraction(unit)) * unit + more,
    )
    return wide & step.direction


def _chosen(old: Choose, new: Choose) -> Span:
    """The same branch is taken by both where they ask for the same."""
    asked = [[branch.condition for branch in each.branches] for each in (old, new)]
    if asked[0] != asked[1]:
        return _ANY
    terms = (
        [*(branch.term for branch in each.branches), each.otherwise]
        for each in (old, new)
    )
    return _hull(_pairs(*terms))


def _looked_up(old: Lookup, new: Lookup) -> Span:
    """The same row is found in both tables, where both have the same rows."""
    if old.rows.keys() != new.rows.keys():
        return _ANY
    steps = [_step(value, new.rows[key]) for key, value in old.rows.items()]
    return _hull([of_terms(old.otherwise, new.otherwise), *steps])


def lowest(term: Term) -> End:  # one line for every form
    """What a term never falls short of; None where nobody can say."""
    match term:
        case Constant() if term.kind in _MEASURES:
            return term.value  # type: ignore[return-value]  # a number
        case Fact() if term.kind in _MEASURES:
            return term.low  # type: ignore[return-value]  # a number
        case Least():
            ends = [lowest(part) for part in term.terms]
            return None if None in ends else least(ends)
        case Greatest():
            return largest([lowest(part) for part in term.terms])
        case Add():
            ends = [lowest(part) for part in term.terms]
            return None if None in ends else sum(end for end in ends if end is not None)
        case Negate():
            return times(highest(term.term), -1)
        case Multiply():
            return _never_below_zero(term.left, term.right)
        case Round() | Sum():
            return _never_below_zero(term.term)
        case _:
            return None


def highest(term: Term) -> End:
    """What a term never exceeds; None where nobody can say."""
    match term:
        case Constant() if term.kind in _MEASURES:
            return term.value  # type: ignore[return-value]  # a number
        case Least():
            return least([highest(part) for part in term.terms])
        case Greatest():
            ends = [highest(part) for part in term.terms]
            return None if None in ends else largest(ends)
        case Add():
            ends = [highest(part) for part in term.terms]
            return None if None in ends else sum(end for end in ends if end is not None)
        case Negate():
            return times(lowest(term.term), -1)
        case Round():
            end = highest(term.term)
            return end if end is not None and end % term.unit == 0 else None
        case _:
            return None


def _never_below_zero(*terms: Term) -> End:
    ends = [lowest(term) for term in terms]
    return 0 if all(end is not None and end >= 0 for end in ends) else None
