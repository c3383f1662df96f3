"""
How the rules of a book add up: the highest of a group, caps over several, the total.

Groups of which only the highest is paid come first, in all or for each record, then
caps in the order of the file, each on what the groups before it have left.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import assert_never

from attrs import evolve, frozen

from .book import RuleBook
from .combining import (
    Place,
    Stands,
    fen_low,
    highest_only,
    less,
    lower_of,
    pro_rata,
    rest_of,
    share_of,
    sum_of,
)
from .determination import Determination
from .explanation import Later
from .facts import Subject
from .found import Details
from .grouping import Capped, Group, Highest, Past, PerRecord, Sharing
from .ir import Entitlement
from .ir_walk import walk
from .items import Cut
from .known import NOTHING_MISSING, Known, between, exactly
from .per_record import Find, highest_of_each
from .policy import Outcome, ReasonCode

_NOTHING = exactly(0)


@frozen
class _Block:
    """Rules that were combined: together they come to less than they seem to alone."""

    rules: frozenset[str]
    total: Known


@frozen
class _Heap:
    """All determinations so far, and the blocks that they fall into."""

    found: Mapping[str, Determination]
    blocks: tuple[_Block, ...]

    def payable(self, rule: str) -> Known:
        return self.found[rule].payable

    def together(self, rules: Collection[str]) -> Known:
        """What some rules come to, with what is known of their blocks."""
        wanted = frozenset(rules)
        hit = [block for block in self.blocks if block.rules & wanted]
        return sum_of([self._part(block, wanted) for block in hit])

    def _part(self, block: _Block, wanted: frozenset[str]) -> Known:
        """What some rules of a block come to, given what the whole block does."""
        if block.rules <= wanted:
            return block.total
        inside = sum_of([self.payable(rule) for rule in block.rules & wanted])
        others = sum_of([self.payable(rule) for rule in block.rules - wanted])
        most = None if others.high is None else int(others.high)  # type: ignore[arg-type]  # fen
        least = 0 if most is None else max(0, fen_low(block.total) - most)
        low = max(fen_low(inside), least)
        high = lower_of(inside.high, block.total.high)  # type: ignore[arg-type]  # fen
        return between(low, high, inside.missing | block.total.missing)

    def merged(self, found: Iterable[Determination], total: Known) -> "_Heap":
        """The same with some rules combined, and every block that they touch."""
        changed = {d.rule.id: d for d in found}
        touched = [block for block in self.blocks if block.rules & changed.keys()]
        rest = tuple(block for block in self.blocks if block not in touched)
        rules = frozenset[str]().union(*(block.rules for block in touched))
        now = sum_of([total, self.together(rules - changed.keys())])
        # Nothing is ever raised by a group.
        high = lower_of(now.high, sum_of([block.total for block in touched]).high)  # type: ignore[arg-type]  # fen
        block = _Block(rules, between(now.low, high, now.missing))
        return _Heap({**self.found, **changed}, (*rest, block))


def stacked(
    alone: Sequence[Determination],
    book: RuleBook,
    subject: Subject,
    find: Find,
    stands: Stands,
) -> tuple[list[Determination], Known]:
    """
    Every determination after stacking, and what all of them together can come to.

    ``find`` tells what a term over the facts of the subject comes to, in fen, and
    ``stands`` is told which of the rules of a group is paid, and why.
    """
    found = {d.rule.id: d for d in alone}
    blocks = tuple(_Block(frozenset({d.rule.id}), d.payable) for d in alone)
    heap = _Heap(found, blocks)
    for group in _in_turn(book.groups):
        present = filter(None, map(heap.found.get, group.members))
        members = [d for d in present if _counts(d, group)]
        if members:
            heap = _combined(group, members, heap, subject, find, stands)
    return list(heap.found.values()), heap.together(heap.found)


def peers(rule: str, book: RuleBook) -> set[str]:
    """A rule and all those on which it depends through groups, by their ids."""
    known: set[str] = set()
    new = {rule}
    while new:
        known |= new
        groups = (group for group in book.groups if known & set(group.members))
        new = {*chain.from_iterable(map(concerned, groups))} - known
    return known


def concerned(group: Group) -> Iterator[str]:
    """The members of a group, and the rules from whose amounts its cap follows."""
    yield from group.members
    if isinstance(group.combine, Capped):
        for term in group.combine.room.values():
            yield from (n.rule for n in walk(term) if isinstance(n, Entitlement))


def _in_turn(groups: Sequence[Group]) -> list[Group]:
    """The highest only first: sorting keeps the order of the file otherwise."""
    return sorted(groups, key=lambda group: isinstance(group.combine, Capped))


def _counts(determination: Determination, group: Group) -> bool:
    """Only what may be due uses up a cap; what may be due later can be the highest."""
    if not determination.is_cash:
        return False
    over_time = isinstance(group.combine, Highest)
    counted = determination.remaining if over_time else determination.payable
    return counted.high != 0


def _combined(  # noqa: PLR0913, PLR0917  # what is asked, each a different thing
    group: Group,
    members: Sequence[Determination],
    heap: _Heap,
    subject: Subject,
    find: Find,
    stands: Stands,
) -> _Heap:
    match group.combine:
        case Highest(past=past, per=PerRecord() as per):
            whom = (subject, find, stands)
            after, total = highest_of_each(group, members, past, per, *whom)
            found = _all_told(group, members, after)
        case Highest(past=past):
            found, total = _highest_only(group, members, past, find, stands)
        case Capped() as cap:
            room = find(cap.room[members[0].rule.subject])
            found, total = _capped(group, members, room, heap)
        case _:
            assert_never(group.combine)
    return heap.merged(found, total)


# --- only the highest ------------------------------------------------------------


def _highest_only(
    group: Group,
    members: Sequence[Determination],
    past: Past,
    find: Find,
    stands: Stands,
) -> tuple[list[Determination], Known]:
    """
    The members with only the highest left, and what the group comes to.

    What the other members were paid before counts against a member, so that the group
    never receives more than its highest rule gives. Of awards that are paid over time
    what can still be paid of each is compared, and what is due now is paid.
    """
    paid = [
        find(past.under(*(rule for rule in group.members if rule != d.rule.id)))
        for d in members
    ]
    nets = [less(d.payable, before) for d, before in zip(members, paid, strict=True)]
    remaining = [
        less(d.remaining, before) for d, before in zip(members, paid, strict=True)
    ]
    missing = NOTHING_MISSING.union(*(net.missing for net in (*nets, *remaining)))
    standing, total = highest_only(nets, remaining, stands)
    found = [
        _placed(determination, net, place, missing)
        for determination, net, place in zip(members, nets, standing, strict=True)
    ]
    due = {d.rule.id: net for d, net in zip(members, remaining, strict=True)}
    named = [_named(after, group, due, past, find) for after in found]
    return _all_told(group, members, named), total


def _all_told(
    group: Group, before: Sequence[Determination], after: Sequence[Determination]
) -> list[Determination]:
    """The determinations, each with a note of what the group did to it."""
    pairs = zip(before, after, strict=True)
    return [_told(now, group, then.payable) for then, now in pairs]


def _placed(
    determination: Determination, net: Known, place: Place, missing: frozenset[str]
) -> Determination:
    match place:
        case Place.BEATEN:
            return _nothing(determination, ReasonCode.SUPERSEDED)
        case Place.PAID:
            return _paying(determination, net)
        case Place.OPEN:
            perhaps = between(0, net.high, missing)
            if perhaps.is_known:  # nothing is due now, whichever it is
                return _paying(determination, perhaps)
            return determination.changed(outcome=Outcome.UNDETERMINED, payable=perhaps)
        case _:
            assert_never(place)


def _named(
    determination: Determination,
    group: Group,
    due: Mapping[str, Known],
    past: Past,
    find: Find,
) -> Determination:
    """With the rule that is paid instead: now, or else the one paid the most before."""
    if determination.code is not ReasonCode.SUPERSEDED:
        return determination
    rule = determination.rule.id
    others = [other for other in group.members if other != rule]
    if due[rule].high != 0:
        paid = {other: fen_low(due.get(other, _NOTHING)) for other in others}
    else:
        paid = {other: fen_low(find(past.under(other))) for other in others}
    rival = max(others, key=lambda other: paid[other])
    return determination.changed(rival=rival)


# --- caps over several rules -----------------------------------------------------


def _capped(
    group: Group, members: Sequence[Determination], room: Known, heap: _Heap
) -> tuple[list[Determination], Known]:
    """The members within their cap, and what they come to together."""
    ids = [d.rule.id for d in members]
    together = heap.together(ids)
    after = _after(group, ids, room, heap)
    found = [
        _within(determination, group, share, room)
        for determination, share in zip(members, after, strict=True)
    ]
    least = min(fen_low(together), fen_low(room))
    most = lower_of(together.high, room.high)  # type: ignore[arg-type]  # fen
    # What the members come to one by one may tell more than their sum does.
    shares = sum_of(after)
    low = max(least, fen_low(shares))
    high = lower_of(most, shares.high)  # type: ignore[arg-type]  # fen
    return found, between(low, high, together.missing | room.missing)


def _after(group: Group, ids: Sequence[str], room: Known, heap: _Heap) -> list[Known]:
    """What each member comes to under the cap."""
    together = heap.together(ids)
    dues = [heap.payable(rule) for rule in ids]
    if together.high is not None and together.high <= fen_low(room):  # type: ignore[operator]  # fen
        return dues
    assert isinstance(group.combine, Capped)  # noqa: S101  # the caller looked
    if group.combine.sharing is Sharing.IN_ORDER:
        return [
            rest_of(due, room, heap.together(ids[:index]))
            for index, due in enumerate(dues)
        ]
    if room.is_known and all(due.is_known for due in dues):
        shares = pro_rata([fen_low(due) for due in dues], fen_low(room))
        return [exactly(share) for share in shares]
    return [
        _lowered(share_of(due, room, heap.together([r for r in ids if r != rule])), due)
        for rule, due in zip(ids, dues, strict=True)
    ]


def _lowered(share: Known, due: Known) -> Known:
    """A share is never more than what is due without the cap."""
    high = lower_of(share.high, due.high)  # type: ignore[arg-type]  # fen
    return between(min(fen_low(share), fen_low(due)), high, share.missing)


def _within(
    determination: Determination, group: Group, share: Known, room: Known
) -> Determination:
    """A determination under a cap of its group, and what the cap did to it."""
    before = determination.payable
    if share == before:
        return determination
    if (share.low, share.high) == (before.low, before.high):
        return determination.changed(payable=share)  # it may depend on more now
    if share.high == 0:
        determination = _nothing(determination, ReasonCode.CAPPED)
    else:
        determination = _paying(determination, share)
    return _told(determination, group, before, room)


# --- what becomes of a determination ---------------------------------------------


def _nothing(determination: Determination, code: ReasonCode) -> Determination:
    outcome = Outcome.INELIGIBLE
    return determination.changed(outcome=outcome, payable=_NOTHING, code=code)


def _paying(determination: Determination, due: Known) -> Determination:
    """A determination of which so much is paid; decided items explain what is."""
    if not due.is_known:
        outcome = Outcome.UNDETERMINED
        return determination.changed(outcome=outcome, payable=due, code=None)
    if due.value == 0:  # the highest as a whole, of which nothing is due now
        code = determination.code or ReasonCode.ALREADY_AWARDED
        nothing = Outcome.INELIGIBLE
        return determination.changed(outcome=nothing, payable=due, code=code)
    eligible = Outcome.ELIGIBLE
    details = Later(lambda: _led_by_due(determination.details()))
    return determination.changed(outcome=eligible, payable=due, details=details)


def _led_by_due(details: Details) -> Details:
    """The same with an item that is due to explain it, if there is one."""
    due = (item for item in details.items if item.outcome is Outcome.ELIGIBLE)
    return evolve(details, leading=next(due, details.leading))


def _told(
    determination: Determination,
    group: Group,
    before: Known,
    room: Known | None = None,
) -> Determination:
    """With a note of what a group did, where it did anything."""
    after = determination.payable
    if (after.low, after.high) == (before.low, before.high):
        return determination
    cut = Cut(group, before, after, room)
    return determination.changed(cuts=(*determination.cuts, cut))
