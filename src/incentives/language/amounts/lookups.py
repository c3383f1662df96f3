"""`look up`: the value that a table has for one key or several."""

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence as AbstractSequence
from itertools import product
from math import prod

from attrs import frozen

from ...errors import Place, did_you_mean, one_of
from ...ir import Kind, Lookup, Term, Value
from ...ir_kinds import kind_of, unit_of
from ...readers import NotReadableError
from ...tables import Table
from ...units import unit_words
from ...vocabulary import FactDeclaration, inner
from .. import expressions
from ..expressions.scope import Context
from ..expressions.terms import named
from ..fact_files import raw_value
from ..nodes import Node, Scalar, Sequence
from .slots import Slots

#: The kinds that cells can be found by.
_FOUND_BY = (Kind.TEXT, Kind.YEAR, Kind.NUMBER, Kind.BOOLEAN)


@frozen
class _Column:
    """A column of a table, and the columns before it that it is found by."""

    table: Table
    name: str
    keys: tuple[str, ...]


def look_up(slots: Slots, kind: Kind | None) -> Term | None:
    """`look up: table.column` `by: [a, b]`: the row whose first columns are a and b."""
    context = slots.context
    keys = _keys(slots)
    path = slots.keys.scalar("look up", required=True)
    column = None if path is None else _column(path, len(keys), context)
    otherwise = slots.value("otherwise", kind)
    if not keys or column is None or path is None:
        return None
    if "otherwise" not in slots.keys:
        if not all(_values(key, context) for key in keys):
            slots.keys.get("otherwise", required=True)
            return None
        otherwise = _model(column, kind, path, context)
    if otherwise is None:
        return None
    rows = _rows(column, keys, otherwise, context)
    if "otherwise" not in slots.keys:
        _check_complete(rows, keys, path, context)
    return Lookup(column.table.name, column.name, keys, rows, otherwise)


def _keys(slots: Slots) -> tuple[Term, ...]:
    """The values that a row is found by, in the order of the columns."""
    node = slots.keys.get("by", required=True)
    items: AbstractSequence[Node] = () if node is None else (node,)
    if isinstance(node, Sequence):
        items = tuple(slots.keys.items("by", empty="write what a row is found by"))
    found: list[Term] = []
    for item in items:
        term = slots.read(item, slots.context, None)
        if term is not None and kind_of(term) not in _FOUND_BY:
            said = f"no row is found by {named(kind_of(term))}"
            slots.problems.add("kind-mismatch", said, item.place)
        elif term is not None:
            found.append(term)
    return tuple(found) if len(found) == len(items) else ()


def _column(path: Scalar, count: int, context: Context) -> _Column | None:
    """The column that a path names, after as many others, or None with a diagnostic."""
    name, _, column = path.text.partition(".")
    table = context.scope.tables.get(name)
    if table is not None and column in table.columns[max(count, 1) :]:
        return _Column(table, column, table.columns[:count])
    tables = context.scope.tables.values()
    known = [
        f"{table.name}.{other}"
        for table in tables
        for other in table.columns[max(count, 1) :]
    ]
    none = f"no table has more than {count} columns" if tables else _NO_TABLE
    expected = f"expected {one_of(known)}" if known else none
    context.problems.add(
        "unknown-column",
        f"no such column: {path.text!r}",
        path.place,
        did_you_mean(path.text, known) or expected,
    )
    return None


_NO_TABLE = "the pack has no table"


def _model(
    column: _Column, kind: Kind | None, path: Scalar, context: Context
) -> Term | None:
    """A value like those of a column, where no other one says what they are."""
    rows = zip(column.table.rows, column.table.places, strict=True)
    for cells, place in rows:
        first = Scalar(cells[column.name], place)
        return expressions.term(first, context.scope, context.problems, kind)
    context.problems.add("no-amount", "the table has no row", path.place)
    return None


def _rows(
    column: _Column, keys: tuple[Term, ...], model: Term, context: Context
) -> dict[tuple[Value, ...], Value]:
    """What a column says for the keys of each row; a key may have several names."""
    rows: dict[tuple[Value, ...], Value] = {}
    wanted = _declared(column.name, model)
    for cells, place in zip(column.table.rows, column.table.places, strict=True):
        value = _cell(cells[column.name], wanted, place, context)
        found = [
            _key_cell(cells[name], name, key, place, context)
            for name, key in zip(column.keys, keys, strict=True)
        ]
        for row in product(*found):
            if value is not None and rows.setdefault(row, value) != value:
                told = row[0] if len(row) == 1 else row
                said = f"another value for {told!r} stands above"
                context.problems.add("ambiguous-table", said, place)
    return rows


def _key_cell(
    text: str, column: str, key: Term, place: Place, context: Context
) -> tuple[Value, ...]:
    """What a cell that rows are found by stands for; nothing, with a diagnostic."""
    if kind_of(key) is Kind.TEXT:
        return _texts(text, column, key, place, context)
    value = _cell(text, _declared(column, key), place, context)
    return () if value is None else (value,)


def _texts(
    text: str, column: str, key: Term, place: Place, context: Context
) -> tuple[Value, ...]:
    """A text with its synonyms; one of the values of a fact that lists them."""
    declared = context.scope.declaration(key)
    if declared is None or not declared.values:
        return context.scope.synonyms(key, text)
    value = _cell(text, declared, place, context)
    return () if value is None else (value,)


def _declared(column: str, model: Term) -> FactDeclaration:
    """How the cells of a column are read: as values like another."""
    kind, words = kind_of(model), unit_words(unit_of(model))
    unit = f"元{words}" if kind is Kind.MONEY and words else words
    return FactDeclaration(column, kind, unit=unit)


def _cell(
    text: str, declared: FactDeclaration, place: Place, context: Context
) -> Value | None:
    """What a cell says, or None with a diagnostic."""
    column = declared.name
    try:
        raw = raw_value(text, declared.kind)
        value = None if raw is None else declared.read_one(raw)
    except NotReadableError as error:
        context.problems.add("bad-cell", f"{column}: {error}", place, error.suggestion)
        return None
    if value is None:
        context.problems.add("bad-cell", f"{column}: an empty cell", place)
        return None
    return inner(value, declared.kind)


# --- what no row is about --------------------------------------------------------


def _values(key: Term, context: Context) -> tuple[Value, ...]:
    """Everything that a key can be; nothing where that is not listed."""
    if kind_of(key) is Kind.BOOLEAN:
        return (True, False)
    declared = context.scope.declaration(key)
    return () if declared is None else tuple(v.value for v in declared.values)


def _check_complete(
    rows: AbstractMapping[tuple[Value, ...], Value],
    keys: tuple[Term, ...],
    path: Scalar,
    context: Context,
) -> None:
    """Report the values for which a table says nothing, where nothing else does."""
    values = [_values(key, context) for key in keys]
    missed = prod(map(len, values)) - len(rows)
    if missed <= 0:
        return
    first = [row for row in product(*values) if row not in rows][:_SHOWN]
    told = ["、".join(map(str, row)) for row in first]
    more = f" and {missed - len(first)} more" if missed > len(first) else ""
    context.problems.add(
        "lookup-misses",
        f"{path.text!r} says nothing for {', '.join(map(repr, told))}{more}",
        path.place,
        "add the rows, or say what holds: 'otherwise: …'",
    )


#: As many missing rows are named.
_SHOWN = 4
