"""
Frozen data as rows of JSON, and back: the classes that annotations name, and no others.

Every object is one row, after the rows of its parts: the number of its form, how many
cells where that differs, then a cell for each part. A cell is a text, a number or a
truth as it is, or else the number of a row. So equal parts are written once and become
one object again, no row can hold itself, and however deep the data is, reading it goes
once through one flat list, which leaves the garbage collector little to do.

Nothing is looked up by a name from the file, except the members of an enumeration.
The forms are those that can be reached from annotations, and a cell is refused unless
what it holds has a form, or a type, that the annotation of its part allows.
"""

import json
import types

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from attrs import define, field

from ..errors import Place, Placed

#: What JSON itself can say, each in its own way.
_PLAIN = frozenset({str, int, bool, type(None)})

#: What may stand where an annotation says `Any`: the values of a record.
_ANY = (*_PLAIN, Fraction, Decimal, date, list[Any], dict[str, Any])


class UnfitError(ValueError):
    """Data of a class, or rows of a form, that an annotation does not provide for."""


@define(eq=False)
class _Slot:
    """What a cell may hold: plain values of some types, or rows of some forms."""

    plain: frozenset[type] = frozenset()
    forms: dict[type, "_Form"] = field(factory=dict)
    numbers: frozenset[int] = frozenset()


@define(eq=False)
class _Form:
    """
    How objects of one class are taken apart and put together.

    The slots are repeated for as long as there are cells where a form is ``open``.
    """

    number: int
    said: str
    apart: Callable[[Any], Iterable[Any]]
    together: Callable[[list[Any]], object]
    slots: tuple[_Slot, ...] = ()
    open: bool = False


class Rows:
    """The form of data with named fields, each of an annotated type."""

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._names = tuple(fields)
        self._forms: list[_Form] = []
        self._known: dict[Any, _Form] = {}
        self._root = self._form("data", tuple, list, tuple(fields.values()))

    @property
    def shape(self) -> str:
        """Every form with what its parts are; data of another shape is not read."""
        parts = [f"{self._names}"]
        for form in self._forms:
            slots = [
                (sorted(p.__name__ for p in slot.plain), sorted(slot.numbers))
                for slot in form.slots
            ]
            parts.append(f"{form.said}{slots}")
        return "\n".join(parts)

    def encoded(self, data: Mapping[str, object]) -> bytes:
        """The rows of data; raises :class:`UnfitError` where it is not as annotated."""
        rows: dict[tuple[Any, ...], int] = {}
        _number_of(self._root, [data[name] for name in self._names], rows)
        cells = [cell for row in rows for cell in row]
        said = json.dumps(cells, ensure_ascii=False, separators=(",", ":"))
        return said.encode("utf-8", "surrogatepass")

    def decoded(self, said: bytes) -> dict[str, Any]:
        """
        The data in rows.

        Raises :class:`ValueError`, :class:`TypeError`, :class:`LookupError`,
        :class:`ArithmeticError` or :class:`RecursionError` where they are no such data.
        """
        forms = self._forms
        found: list[Any] = []
        numbers: list[int] = []
        cells = json.loads(said)
        at = 0
        while at < len(cells):
            form = forms[cells[at]]
            at += 1
            slots = form.slots
            if form.open:
                if not 0 <= cells[at] <= len(cells):
                    raise UnfitError(f"row {len(found)} cannot have {cells[at]} cells")
                slots *= cells[at]
                at += 1
            parts = []
            for slot, cell in zip(slots, cells[at : at + len(slots)], strict=True):
                if type(cell) in slot.plain:
                    parts.append(cell)
                elif numbers[cell] in slot.numbers:
                    parts.append(found[cell])
                else:
                    raise UnfitError(f"row {len(found)} cannot hold {cell!r}")
            at += len(slots)
            found.append(form.together(parts))
            numbers.append(form.number)
        if numbers[-1] != self._root.number:
            raise UnfitError("the last row is not the whole")
        return dict(zip(self._names, found[-1], strict=True))

    # --- forms of annotations --------------------------------------------------

    def _form(  # noqa: PLR0913  # each a different thing
        self,
        said: str,
        apart: Callable[[Any], Iterable[Any]],
        together: Callable[[list[Any]], object],
        parts: Iterable[Any],
        known_as: object = None,
        *,
        open: bool = False,
    ) -> _Form:
        form = _Form(len(self._forms), said, apart, together, open=open)
        self._forms.append(form)
        self._known[known_as] = form  # before its parts, which may hold it again
        form.slots = tuple(map(self._slot, parts))
        return form

    def _slot(self, annotation: Any) -> _Slot:
        members = set(_members(annotation))
        if members <= _PLAIN and not {int, bool} <= members:  # True == 1 as a key
            return _Slot(plain=frozenset(members))
        forms = {
            _class_of(member): self._known.get(member) or self._form_of(member)
            for member in sorted(members - {type(None)}, key=str)
        }
        numbers = frozenset(form.number for form in forms.values())
        return _Slot(frozenset(members & {type(None)}), forms, numbers)

    def _form_of(self, kind: Any) -> _Form:
        arguments = get_args(kind)
        said = str(kind)
        cls = _class_of(kind)
        if attrs.has(cls):
            return self._form_of_class(cls)
        if issubclass(cls, Enum):
            return self._form_of_enumeration(cls)
        if cls in _PARTS:
            parts, apart, together = _PARTS[cls]
            return self._form(said, apart, together, parts, kind)
        if cls is tuple and arguments[-1] is not Ellipsis:
            return self._form(said, tuple, tuple, arguments, kind)
        if cls is dict:
            return self._form(said, _flat, _paired, arguments, kind, open=True)
        apart = _in_order if cls is frozenset else tuple
        return self._form(said, apart, cls, arguments[:1], kind, open=True)

    def _form_of_enumeration(self, cls: type[Enum]) -> _Form:
        members = cls.__members__
        return self._form(
            f"{cls}{list(members)}",
            lambda value: (value.name,),
            lambda cells: members[cells[0]],
            (str,),
            cls,
        )

    def _form_of_class(self, cls: type[Any]) -> _Form:
        names = tuple(attribute.name for attribute in attrs.fields(cls))
        hints = get_type_hints(cls)

        def apart(value: object) -> list[object]:
            return [getattr(value, name) for name in names]

        def together(cells: list[Any]) -> object:
            return cls(*cells)

        said = f"{cls}{names}"
        return self._form(said, apart, together, [hints[n] for n in names], cls)


def _number_of(form: _Form, value: Any, rows: dict[tuple[Any, ...], int]) -> int:
    """The number of the row of a value, written down where there is none yet."""
    slots = form.slots
    parts = form.apart(value)
    cells = [form.number]
    if form.open:
        parts = list(parts)
        times = len(parts) // len(slots)
        slots *= times
        cells.append(times)
    for slot, part in zip(slots, parts, strict=True):
        if type(part) in slot.plain:
            cells.append(part)
        elif type(part) in slot.forms:
            cells.append(_number_of(slot.forms[type(part)], part, rows))
        else:
            raise UnfitError(f"no form for {type(part)} in {form.said}")
    return rows.setdefault(tuple(cells), len(rows))


def _members(annotation: Any) -> Iterable[Any]:
    """The types that an annotation allows."""
    if annotation in (Any, object):
        return _ANY
    if get_origin(annotation) in (Union, types.UnionType):
        return [m for each in get_args(annotation) for m in _members(each)]
    return (annotation,)


def _class_of(kind: Any) -> type[Any]:
    """The class of the objects that a type stands for: of a mapping, a dict."""
    cls = get_origin(kind) or kind
    return dict if cls is Mapping else cls


def _in_order(members: Iterable[Any]) -> Iterable[Any]:
    """The members of a set in one order, whatever their hashes: data has one writing."""
    return sorted(members, key=repr)


def _flat(mapping: Mapping[Any, Any]) -> Iterable[Any]:
    return (part for entry in mapping.items() for part in entry)


def _paired(cells: list[Any]) -> object:
    return dict(zip(cells[::2], cells[1::2], strict=True))


def _same(value: object) -> Iterable[object]:
    return (value,)


def _first(cells: list[Any]) -> object:
    return cells[0]


#: Classes without annotated fields: what their parts are, and how to come by them.
_PARTS: Mapping[
    type,
    tuple[
        tuple[Any, ...],
        Callable[[Any], Iterable[Any]],
        Callable[[list[Any]], object],
    ],
] = {
    str: ((str,), _same, _first),
    int: ((int,), _same, _first),
    bool: ((bool,), _same, _first),
    Fraction: ((int, int), Fraction.as_integer_ratio, lambda cells: Fraction(*cells)),
    Decimal: ((str,), lambda value: (str(value),), lambda cells: Decimal(*cells)),
    date: (
        (str,),
        lambda value: (value.isoformat(),),
        lambda cells: date.fromisoformat(cells[0]),
    ),
    Placed: (
        (dict[str, Any], Mapping[str, Place]),
        lambda value: (dict(value), value.places),
        lambda cells: Placed(*cells),
    ),
}
