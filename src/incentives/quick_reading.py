"""
Well-formed records in one pass; whatever is odd is left to strict reading.

It never says what is wrong: it gives up, and :mod:`.strict_reading` finds all mistakes.
What it reads, it reads to the same.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeVar

import attrs

from attrs import frozen

from .facts import FURTHER, County, Enterprise, Entry, Given, Record
from .ir import Kind
from .readers import READERS, NotReadableError
from .record_checks import MAX_RECORDS, repeated
from .remembering import Remembered
from .vocabulary import PLAIN_VALUE, FactDeclaration, RecordDeclaration, Vocabulary

R = TypeVar("R", bound=Record)

#: No day and hardly an amount is longer; longer texts are not remembered.
_SHORT = 40
_Read = Callable[[Any], Given]


class _OddError(Exception):
    """Something that is not plainly what it should be."""


def quickly(mapping: object, form: type[R], vocabulary: Vocabulary) -> R | None:
    """The subject that a mapping plainly describes; None where anything is odd."""
    if mapping.__class__ is not dict or not issubclass(form, (Enterprise, County)):
        return None
    try:
        found: R = _reader_of(form, vocabulary)(mapping)
    except (_OddError, NotReadableError):
        return None
    return found


@frozen(eq=False)
class _Reader:
    """
    How records of one class are read.

    ``readers`` are those of its fields, ``slots`` say how to fill each core field, with
    what it holds where nothing is given, and ``silent`` what further lists do;
    ``blank`` are the core lists that are empty where null is given.
    """

    form: type[Any]
    readers: Mapping[str, _Read]
    slots: tuple[tuple[str, Callable[[Any, Any], None], Given], ...]
    core: frozenset[str]
    silent: Mapping[str, Given]
    blank: Mapping[str, Given]
    needs_id: bool

    def __call__(self, raw: Mapping[str, Any]) -> Any:
        values: dict[str, Given] = {}
        further: dict[str, Given] = dict(self.silent)
        readers, core = self.readers, self.core
        for name, given in raw.items():
            read = readers.get(name)
            if read is None:
                raise _OddError
            if name in core:
                values[name] = self.blank.get(name) if given is None else read(given)
            elif given is not None:
                further[name] = read(given)
        if self.needs_id and values.get("id") is None:
            raise _OddError
        record = object.__new__(self.form)
        for name, fill, otherwise in self.slots:
            fill(record, values.get(name, otherwise))
        self._fill_facts(record, further)
        return record

    def _fill_facts(self, record: Any, further: dict[str, Given]) -> None:
        facts = tuple(sorted(further.items(), key=_name_of)) if further else ()
        _fill_facts(record, facts)
        _fill_by_name(record, further)


_fill_facts = vars(Record)["facts"].__set__
_fill_by_name = vars(Record)["_by_name"].__set__


def _name_of(pair: tuple[str, Given]) -> str:
    return pair[0]


_READERS: Remembered[Vocabulary, dict[type, _Reader]] = Remembered()


def _reader_of(form: type[Any], vocabulary: Vocabulary) -> _Reader:
    known = _READERS.get(vocabulary)
    if known is None:
        known = {}
        _READERS.keep(vocabulary, known)
    found = known.get(form)
    if found is None:
        found = known[form] = _reader(form, vocabulary)
    return found


def _reader(form: type[Any], vocabulary: Vocabulary) -> _Reader:
    declared = vocabulary[form.subject]
    lists = {a.name: a.metadata.get("form", Record) for a in attrs.fields(form)}
    readers: dict[str, _Read] = _values(declared.facts)
    silent: dict[str, Given] = {}
    for name, records in declared.records.items():
        readers[name] = _list(records, lists.get(name, Record))
        if records.closed:
            silent[name] = ()
    return _made(form, readers, silent)


def _made(
    form: type[Any], readers: Mapping[str, _Read], silent: Mapping[str, Given]
) -> _Reader:
    """A reader that fills the fields of a class, and facts with whatever else is."""
    fields = [a for a in attrs.fields(form) if a.name not in FURTHER]
    slots = tuple(
        (a.name, getattr(form, a.name).__set__, silent.get(a.name, a.default))
        for a in fields
    )
    core = frozenset(a.name for a in fields)
    further = {name: given for name, given in silent.items() if name not in core}
    needs_id = issubclass(form, (Enterprise, County))
    return _Reader(form, readers, slots, core, further, silent, needs_id)


def _list(declaration: RecordDeclaration, form: type[Any]) -> _Read:
    fields = _values(declaration.fields)
    if declaration.plain:
        value = fields[PLAIN_VALUE]
        entry = _made(Entry, {PLAIN_VALUE: value}, {})

        def one(raw: Any) -> Any:
            if raw is None:
                raise _OddError
            return entry({PLAIN_VALUE: raw})

    else:
        record = _made(form, fields, {})

        def one(raw: Any) -> Any:
            if raw.__class__ is not dict:
                raise _OddError
            return record(raw)

    def read(raw: Any) -> Given:
        if raw.__class__ not in (list, tuple) or len(raw) > MAX_RECORDS:
            raise _OddError
        records = tuple([one(each) for each in raw])
        if len(records) > 1 and repeated(declaration, records):
            raise _OddError
        return records

    return read


# --- values --------------------------------------------------------------------------


def _values(declared: Mapping[str, FactDeclaration]) -> dict[str, _Read]:
    return {name: _value(declaration) for name, declaration in declared.items()}


def _value(declaration: FactDeclaration) -> _Read:
    """How a value is read that is plainly one of its kind."""
    odd = declaration.values and declaration.kind is not Kind.TEXT
    if declaration.yearly or declaration.unit or odd:
        return declaration.read
    match declaration.kind:
        case Kind.TEXT:
            if declaration.values:
                return _enumerated(declaration)
            return _or_strictly(_text, declaration)
        case Kind.DATE:
            return _or_strictly(_day, declaration)
        case Kind.MONEY:
            return _or_strictly(
                _any_money if declaration.negative else _money, declaration
            )
        case _:
            return declaration.read


def _enumerated(declaration: FactDeclaration) -> _Read:
    names = {name: declaration.read(name) for name in declaration.names()}

    def read(raw: Any) -> Given:
        found = names.get(raw) if raw.__class__ is str else None
        if found is None:
            raise _OddError
        return found

    return read


def _kept(kind: Kind) -> Callable[[str], Any]:
    """The reader of a kind, for short texts, which come again and again."""
    read = READERS[kind]

    @lru_cache(maxsize=16_384)
    def quick(text: str) -> Any:
        try:
            return read(text)
        except ValueError:
            raise _OddError from None

    return quick


_text, _day, _any_money = map(_kept, (Kind.TEXT, Kind.DATE, Kind.MONEY))


def _or_strictly(quick: Callable[[str], Given], declaration: FactDeclaration) -> _Read:
    """Texts are remembered, as the same days and amounts come again and again."""
    strict = declaration.read

    def read(raw: Any) -> Given:
        is_short = raw.__class__ is str and len(raw) <= _SHORT
        return quick(raw) if is_short else strict(raw)

    return read


def _money(text: str) -> Decimal:
    amount: Decimal = _any_money(text)
    if amount < 0:
        raise _OddError
    return amount
