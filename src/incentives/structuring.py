"""From a plain mapping to an Enterprise or a County, with every mistake at once."""

import re

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeVar

import attrs

from .book import RuleBook
from .errors import Mistake, RecordError
from .facts import COUNTY, KINDS, County, Enterprise, Record, Subject
from .quick_reading import quickly
from .readers import shown
from .record_checks import meant, repeated
from .remembering import Remembered
from .vocabulary import Vocabulary

S = TypeVar("S", bound=Subject)


def structured(mapping: object, form: type[S], rules: RuleBook | None = None) -> S:
    """
    The subject that a mapping describes.

    Raises :class:`RecordError` with every mistake, each with its path and a suggestion.
    """
    from .packs import bundled  # noqa: PLC0415  # only where no book is given

    book = bundled() if rules is None else rules
    subject = quickly(mapping, form, book.vocabulary)
    mistakes: list[Mistake] = []
    if subject is None:
        subject, mistakes = _strictly(mapping, form, book.vocabulary)
    if subject is not None:
        mistakes += _empty_awards(subject)
    told = {mistake.path for mistake in mistakes}
    if rules is not None:  # else the awards may be under any rules
        awards = mapping.get("awards") if isinstance(mapping, Mapping) else None
        mistakes += [m for m in _unknown_rules(awards, rules) if m.path not in told]
    if subject is None or mistakes:
        raise RecordError(sorted(mistakes, key=_in_path_order))
    if rules is not None and isinstance(subject, (Enterprise, County)):
        _CHECKED.keep(subject, (rules, None))
    return subject


def _strictly(
    mapping: object, form: type[S], vocabulary: Vocabulary
) -> tuple[S | None, list[Mistake]]:
    from .strict_reading import strictly  # noqa: PLC0415  # only for odd records

    if isinstance(mapping, Mapping):
        _refuse_other_kind(mapping.get("kind"), form, vocabulary)
    return strictly(mapping, form, vocabulary)


def _in_path_order(mistake: Mistake) -> tuple[list[object], str]:
    """By path, `listings[2]` before `listings[10]`."""
    steps = re.split(r"([0-9]{1,9})", mistake.path)
    return [int(s) if i % 2 else s for i, s in enumerate(steps)], mistake.message


def subject_of(record: object, rules: RuleBook) -> Enterprise | County:
    """
    The subject itself, or the one that a mapping describes, checked against rules.

    Raises :class:`RecordError`.
    """
    if isinstance(record, (Enterprise, County)):  # faster than their union
        return _checked_once(record, rules)
    if not isinstance(record, Mapping):
        kind = type(record).__name__
        wrong = f"expected an Enterprise, a County or a mapping, got {kind}"
        raise RecordError([Mistake("record", wrong)])
    said = record.get("kind")
    if isinstance(said, str) and _means_county(said):
        return structured(record, County, rules)
    return structured(record, Enterprise, rules)


def subjects_of(
    records: Iterable[object], rules: RuleBook, called: str
) -> tuple[list[Enterprise | County], dict[int, list[Mistake]]]:
    """
    The subjects that records describe, and the mistakes of those that cannot be read.

    Mistakes are by where the record stands, from 0; each says whose record it is, by
    its id or else by where it stands among what is ``called`` so.
    """
    found: list[Enterprise | County] = []
    wrong: dict[int, list[Mistake]] = {}
    for index, record in enumerate(records):
        try:
            found.append(subject_of(record, rules))
        except RecordError as error:
            name = _name_of(record, f"{called}[{index}]")
            wrong[index] = [
                attrs.evolve(mistake, path=f"{name}: {mistake.path}")
                for mistake in error.mistakes
            ]
    return found, wrong


def _name_of(record: object, place: str) -> str:
    """The id of a record with mistakes, or where it stands."""
    given = record.get("id") if isinstance(record, Mapping) else None
    given = getattr(record, "id", given)
    plain = isinstance(given, str) and given.isprintable() and given.strip()
    return str(given) if plain else place


_COUNTY_NAMES = (COUNTY.value, COUNTY.label)
_ENTERPRISES = frozenset(name for kind in KINDS for name in (kind.value, kind.label))


@lru_cache(maxsize=1_024)
def _means_county(kind: str) -> bool:
    """Whether a kind is that of a county, or a slip of the pen for it."""
    if len(kind) > 2 * len(COUNTY.value) or kind in _ENTERPRISES:
        return False
    from difflib import get_close_matches  # noqa: PLC0415  # only slips need it

    close = get_close_matches(kind, [COUNTY.value], cutoff=0.8)
    return bool(close) or kind == COUNTY.label


def _refuse_other_kind(kind: object, form: type[S], vocabulary: Vocabulary) -> None:
    """A record of another kind of subject: its other fields are no mistakes."""
    enterprises = vocabulary[Enterprise.subject].facts["kind"]
    if form is Enterprise and kind in _COUNTY_NAMES:
        wrong = Mistake(
            "kind", "a county is no enterprise", "read it with County.from_dict"
        )
        raise RecordError([wrong])
    if form is County and isinstance(kind, str) and kind in enterprises.names():
        wrong = Mistake(
            "kind", "an enterprise is no county", "read it with Enterprise.from_dict"
        )
        raise RecordError([wrong])


#: Objects that were checked, with the book, and what they were read as where that is
#: another object: they cannot change.
_CHECKED: Remembered[
    Enterprise | County, tuple[RuleBook, Enterprise | County | None]
] = Remembered()


def _checked_once(subject: Enterprise | County, rules: RuleBook) -> Enterprise | County:
    """An object built by hand, checked when it is first met with."""
    known = _CHECKED.get(subject)
    if known is not None and known[0] is rules:
        return subject if known[1] is None else known[1]
    found = _checked(subject, rules)
    _CHECKED.keep(subject, (rules, None if found is subject else found))
    return found


def _checked(subject: Enterprise | County, rules: RuleBook) -> Enterprise | County:
    """An object built by hand, whose further facts nobody has read yet."""
    lists = dict(_lists(subject))
    if subject.facts or any(r.facts for records in lists.values() for r in records):
        return structured(subject.to_dict(), type(subject), rules)
    mistakes = [*_unknown_rules(subject.awards, rules), *_empty_awards(subject)]
    for name, declared in rules.vocabulary[subject.subject].records.items():
        mistakes += repeated(declared, lists.get(name, ()))
    if mistakes:
        raise RecordError(sorted(mistakes, key=_in_path_order))
    return subject


def _lists(subject: Record) -> Iterator[tuple[str, tuple[Record, ...]]]:
    for attribute in attrs.fields(type(subject)):
        value = getattr(subject, attribute.name)
        if attribute.name != "facts" and isinstance(value, tuple):
            yield attribute.name, value


def _unknown_rules(awards: object, rules: RuleBook) -> Iterator[Mistake]:
    """An award under a rule that nobody knows would be paid twice: refuse it."""
    given = awards if isinstance(awards, list | tuple) else ()
    for index, entry in enumerate(given):
        award = entry.to_dict() if isinstance(entry, Record) else entry
        if not isinstance(award, Mapping):
            continue
        rule, policy = award.get("rule"), award.get("policy")
        here = policy is None or policy == rules.policy.id
        if isinstance(rule, str) and here and rule not in rules:
            hint = meant(rule, [each.id for each in rules]) or (
                "an award under another policy names it: policy: …"
            )
            yield Mistake(f"awards[{index}].rule", f"unknown rule {shown(rule)}", hint)


def _empty_awards(subject: Subject) -> Iterator[Mistake]:
    """An award of nothing would count as an award, and bar the real one: refuse it."""
    awards = subject.fact("awards")
    for index, award in enumerate(awards if isinstance(awards, tuple) else ()):
        if award.fact("amount") == 0:
            path = f"awards[{index}].amount"
            yield Mistake(path, "an award of nothing", "leave out what was not paid")
