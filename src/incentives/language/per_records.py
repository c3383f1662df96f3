"""
`per` of a stacking group: only the highest is paid for each record of a list.

So every member must pay for each record of that list by itself: without a limit over
several records, and each record with a key by which awards of the past name it.
"""

from collections.abc import Mapping as AbstractMapping

from ..errors import did_you_mean, one_of
from ..grouping import PerRecord
from ..ir import Kind
from ..policy import Rule
from ..standards import Cash, Combination
from ..vocabulary import RecordDeclaration
from .expressions.awards import award_fact
from .expressions.scope import Context
from .keys import NONE, Keys
from .labels import binders_of, by_label
from .nodes import Scalar
from .words import VALUES


def per_record_of(
    keys: Keys,
    members: AbstractMapping[str, Scalar],
    context: Context,
    rules: AbstractMapping[str, Rule],
) -> PerRecord | None:
    """
    The list for each record of which one rule is paid; None: the highest of all is.

    ``members`` are the rules of the group with where they are named.
    """
    scalar = _per(keys)
    records = None if scalar is None else _list_of(scalar, context)
    if scalar is None or records is None:
        return None
    key = _key_of(records, scalar, context)
    if key is None:
        return None
    for rule, named in members.items():
        wrong = _not_per_record(rules[rule], records, key, context.subject)
        if wrong is not None:
            said = f"the rule {rule!r} {wrong[0]}"
            context.problems.add("not-per-record", said, named.place, wrong[1])
    return PerRecord(records.records, key, award_fact(context.scope, "record"))


def refuse_per_record(keys: Keys) -> None:
    """Report `per` in a group of which more than the highest is paid."""
    scalar = _per(keys)
    if scalar is None:
        return
    highest = VALUES.said("highest-only", keys.lang)
    keys.problems.add(
        "not-per-record",
        f"{keys.shown('per')!r} needs a group of which only the highest is paid",
        scalar.place,
        f"write '{keys.shown('mode')}: {highest}', or leave the key out",
    )


def _per(keys: Keys) -> Scalar | None:
    """What `per` says; None where it says nothing, or `none`."""
    scalar = keys.scalar("per")
    none = scalar is not None and VALUES.says(scalar.text, NONE)
    return None if none else scalar


def _list_of(scalar: Scalar, context: Context) -> RecordDeclaration | None:
    """The list of the subject that a binder or a label means."""
    declared = context.scope.subject
    labels = by_label(binders_of(declared))
    records = declared.by_binder(labels.get(scalar.text, scalar.text))
    if records is None:
        known = [each.binder for each in declared.records.values()]
        context.problems.add(
            "unknown-record",
            f"no records called {scalar.text!r}",
            scalar.place,
            did_you_mean(scalar.text, known) or f"expected {one_of(known)}",
        )
    return records


def _key_of(records: RecordDeclaration, scalar: Scalar, context: Context) -> str | None:
    """The field that tells the records apart, or None with a diagnostic."""
    if records.key is None:
        context.problems.add(
            "missing-key",
            f"the records of {records.records!r} have no key to tell them apart",
            scalar.place,
            f"declare it in facts.yaml: {records.records}: key: …",
        )
        return None
    if records.fields[records.key].kind is not Kind.TEXT:
        context.problems.add(
            "kind-mismatch",
            f"the key of {records.records!r} is no text, and awards name records by one",
            scalar.place,
            f"declare it in facts.yaml: {records.key}: type: text",
        )
        return None
    return records.key


def _not_per_record(
    rule: Rule, records: RecordDeclaration, key: str, subject: str
) -> tuple[str, str] | None:
    """Why a rule does not pay for each record by itself, and what to do; or None."""
    each, award = rule.each, rule.award
    if each is None or (rule.subject, each.records) != (subject, records.records):
        said = f"does not look at each {records.binder!r}"
        return said, f"write 'each: {records.binder}' there, or leave the rule out"
    if not isinstance(award, Cash):
        return "grants no amount of money", "leave the rule out of the group"
    # Once for each record is no limit over several.
    own = records.fields[key].as_fact(records.binder)
    limits = {
        "once": award.combination is Combination.ONCE and award.per != own,
        "at most": award.most is not None,
        "cap per": award.cap is not None,
    }
    limit = next((key for key, is_set in limits.items() if is_set), None)
    if limit is None:
        return None
    said = f"has {limit!r}, a limit over several records"
    return said, "leave that out, or the rule out of the group"
