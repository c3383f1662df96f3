"""The Chinese labels of facts and records, where they can stand for names."""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as AbstractMapping

from ..vocabulary import RecordDeclaration, SubjectDeclaration


def by_label(labels: Iterable[tuple[str, str]]) -> dict[str, str]:
    """
    The names of labels, given as pairs of a name and its label.

    A label stands for a name where no other name has it, or is spelt so itself.

    >>> by_label([("city", "注册地"), ("cost", "费用"), ("fee", "费用")])
    {'注册地': 'city'}
    """
    pairs = list(labels)
    names = {name for name, _ in pairs}
    counted = Counter(label for _, label in pairs)
    return {
        label: name
        for name, label in pairs
        if label and counted[label] == 1 and label not in names
    }


def ambiguous(labels: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    """
    The labels that several names have, each with these names.

    >>> ambiguous([("city", "注册地"), ("cost", "费用"), ("fee", "费用")])
    {'费用': ['cost', 'fee']}
    """
    found: dict[str, list[str]] = {}
    for name, label in labels:
        found.setdefault(label, []).append(name)
    return {label: names for label, names in found.items() if len(names) > 1}


def labels_of(subject: SubjectDeclaration) -> list[tuple[str, str]]:
    """Every fact and list of a subject with its label."""
    declared: AbstractMapping[str, str] = {
        **{name: fact.label for name, fact in subject.facts.items()},
        **{name: records.label for name, records in subject.records.items()},
    }
    return list(declared.items())


def fields_of(records: RecordDeclaration) -> list[tuple[str, str]]:
    """Every field of a record with its label."""
    return [(name, field.label) for name, field in records.fields.items()]


def binders_of(subject: SubjectDeclaration) -> list[tuple[str, str]]:
    """What a single record of each list is called in rules, with the list's label."""
    return [(each.binder, each.label) for each in subject.records.values()]
