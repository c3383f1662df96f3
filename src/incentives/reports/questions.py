"""What to ask for so that more can be decided: the questions of the facts that miss."""

import re

from attrs import frozen

from ..ir import Kind
from ..vocabulary import PLAIN_VALUE, EnumerationValue, FactDeclaration
from ..wording import Words
from .phrases import say


@frozen
class Question:
    """
    A fact that is missing, as its owner can be asked for it.

    ``kind`` is None for a list of records. ``unit`` is empty where there is none, 元
    for an amount; ``values`` are those to choose from, and empty if any will do.
    """

    path: str
    text: str
    unit: str = ""
    kind: Kind | None = None
    values: tuple[EnumerationValue, ...] = ()
    certified_by: str = ""


def question_of(path: str, said: Words) -> Question:
    """The question for a missing fact, in the words that its pack has for it, if any."""
    declared = _declared(path, said)
    if declared is None:
        return Question(path, say("please-state", said.lang, said.path(path)))
    unit = declared.unit or ("元" if declared.kind is Kind.MONEY else "")
    return Question(
        path,
        _asked(path, declared, said) or _request(path, unit, said),
        unit,
        declared.kind,
        declared.values,
        declared.certified_by,
    )


def has_question(path: str, said: Words) -> bool:
    """Whether the pack says how to ask for a fact."""
    declared = _declared(path, said)
    return declared is not None and bool(_asked(path, declared, said))


_STEPS = re.compile(
    r"(?P<name>\w+)(?:\[(?P<index>\d+)\])?(?:\.(?P<field>\w+)(?:\[(?P<year>\d+)\])?)?"
)


def _declared(path: str, said: Words) -> FactDeclaration | None:
    """The fact that a path leads to; None for a list of records, or one of them."""
    subject = said.vocabulary[said.subject]
    name, _, field, _ = _steps(path)
    if name in subject.facts:
        return subject.facts[name]
    records = subject.records[name]
    return records.fields.get(PLAIN_VALUE if records.plain else field)


def _steps(path: str) -> tuple[str, str, str, str]:
    """The name of a path, its index or year, the field in a record, and its year."""
    found = _STEPS.fullmatch(path)
    assert found is not None  # noqa: S101  # paths are made by engines
    name, index, field, year = (step or "" for step in found.groups())
    return name, index, field, year


def _asked(path: str, declared: FactDeclaration, said: Words) -> str:
    """The declared question, with the record and the year that it is about."""
    text = (declared.question, declared.english_question)[said.index]
    if not text:
        return ""
    name, index, field, year = _steps(path)
    year = year if field else index
    if declared.yearly and year:
        text = say("aside", said.lang, text, said.say("in-year", year))
    return (
        say("colon", said.lang, said.path(f"{name}[{index}]"), text) if field else text
    )


def _request(path: str, unit: str, said: Words) -> str:
    """What is asked where the pack says nothing."""
    label = said.path(path)
    if unit == "元":
        unit = say("yuan", said.lang)
    if unit:
        label = say("aside", said.lang, label, unit)
    return say("please-state", said.lang, label)
