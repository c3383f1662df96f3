"""The kinds of forms: what a value of a pack file may be made of."""

from enum import Enum

from attrs import frozen

from ..words import VALUES


class Says(Enum):
    """What a single value says, and so how it is read, checked and translated."""

    TEXT = "text"  # for people, perhaps empty
    STATEMENT = "statement"  # for people, never empty
    ID = "id"  # what others refer to
    NAME = "name"  # a rule, a reading's value, a table, a file
    BINDER = "binder"  # what one record of a list is called
    EXPRESSION = "expression"
    TEST = "test"  # an interval, a list or a table, for a term that stands elsewhere
    DATE = "date"
    WHOLE = "whole number"
    WORD = "word"  # one of some words
    EXPECTATION = "expectation"  # an amount of money, or an outcome
    MONEY = "money"
    PATH = "path"  # a fact of a record
    PER = "per"  # `per enterprise`
    TIMES = "times"  # `2 times in 36个月`
    CAP_PER = "cap per"  # `platform, lifetime`
    PERIOD = "period"  # `36个月`
    VALUE = "value"  # of a fact


@frozen
class Leaf:
    """
    A single value; ``words`` are what it may say besides, or instead.

    ``group`` is that of the words, where they are all of one.
    """

    says: Says
    words: tuple[str, ...] = ()
    group: str = ""


@frozen
class ListOf:
    """A list; ``empty`` where it may have no items."""

    item: "Form"
    empty: bool = False


@frozen
class Named:
    """A mapping whose keys are names that the pack gives, not words."""

    value: "Form"


@frozen
class Given:
    """The facts of a case: names or labels, with values, lists and records."""


@frozen
class Key:
    """
    A keyword with the form of its value, and what it means in both languages.

    ``fixed`` values are no switches, and hold none.
    """

    name: str
    form: "Form"
    chinese: str
    english: str
    required: bool = False
    fixed: bool = False


@frozen
class Shape:
    """A mapping with keys in canonical order; ``group`` is that of their words."""

    group: str
    keys: tuple[Key, ...]

    def __getitem__(self, name: str) -> Key:
        return next(key for key in self.keys if key.name == name)


@frozen
class Worded:
    """
    A mapping that holds one of several words, each with its companions.

    The group of each shape is its word. ``beside`` are keys that may stand beside any
    of the words, and ``bare`` are words that nothing can stand beside.
    """

    words: tuple[Shape, ...]
    beside: tuple[Key, ...] = ()
    bare: tuple[Shape, ...] = ()

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """The mapping that each word makes."""
        full = (Shape(s.group, (*s.keys, *self.beside)) for s in self.words)
        return (*full, *self.bare)


@frozen
class Either:
    """One of several forms, which differ by what YAML makes of them."""

    forms: tuple["Form", ...]


@frozen
class Ref:
    """A form that may hold itself, by the name that it has in :mod:`.forms`."""

    name: str


Form = Leaf | ListOf | Named | Given | Shape | Worded | Either | Ref


def names(shape: Shape) -> tuple[str, ...]:
    """The keys of a shape, in canonical order."""
    return tuple(key.name for key in shape.keys)


TEXT = Leaf(Says.TEXT)
STATEMENT = Leaf(Says.STATEMENT)
NAME = Leaf(Says.NAME)
EXPRESSION = Leaf(Says.EXPRESSION)


def one_word(group: str) -> Leaf:
    """A value that is one of a group of words."""
    return Leaf(Says.WORD, tuple(VALUES.groups[group]), group)


TRUTH = one_word("truth")
