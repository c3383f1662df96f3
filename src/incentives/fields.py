"""Fields of records: each reads what it is given, and names itself where it cannot."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import attrs

from attrs import field

from .dates import NEVER
from .errors import Mistake, RecordError
from .ir import Kind
from .readers import FactValue, NotReadableError
from .vocabulary import EnumerationValue, FactDeclaration

if TYPE_CHECKING:
    from .facts import Award, Record


def _converted(raw: object, attribute: "attrs.Attribute[Any]") -> object:
    declaration: FactDeclaration = attribute.metadata["declaration"]
    if isinstance(raw, date) and raw == NEVER:
        return NEVER  # read already, from false
    try:
        return declaration.read(raw)
    except NotReadableError as error:
        name = attribute.name
        raise RecordError([Mistake(name, str(error), error.suggestion)]) from None


def _needed(raw: object, attribute: "attrs.Attribute[Any]") -> object:
    if is_missing(raw):
        raise RecordError([Mistake("id", MISSING_ID)])
    return _converted(raw, attribute)


MISSING_ID = "missing: every record has an id"


def is_missing(raw: object) -> bool:
    """Whether nothing was given where something is needed."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def fact(
    kind: Kind,
    label: str,
    english: str,
    *,
    initial: FactValue | None = None,
    values: tuple[EnumerationValue, ...] = (),
) -> Any:
    """An optional field for a fact, with its wording; None is unknown."""
    declaration = FactDeclaration("", kind, label, english, values)
    return field(
        default=initial,
        converter=attrs.Converter(_converted, takes_field=True),
        metadata={"declaration": declaration},
    )


def list_of(form: "type[Record]", binder: str, **declared: Any) -> dict[str, Any]:
    """What a list of records declares: the class of its records, and their name."""
    return {"form": form, "binder": binder, "declared": declared}


def _listed(raw: object, attribute: "attrs.Attribute[Any]") -> tuple[Any, ...] | None:
    if raw is None:
        return () if attribute.metadata["declared"].get("closed") else None
    return of_form(raw, attribute.metadata["form"], attribute.name)


def of_form(raw: object, form: "type[Any]", path: str) -> tuple[Any, ...]:
    """Some records, all of one class; raises :class:`RecordError`."""
    if not isinstance(raw, Iterable) or isinstance(raw, str | bytes | Mapping):
        wrong = f"expected a list of {form.__name__}, got {type(raw).__name__}"
        raise RecordError([Mistake(path, wrong, "write [] if there is none")])
    records = tuple(raw)
    mistakes = [
        Mistake(
            f"{path}[{index}]",
            f"expected {form.__name__}, got {type(record).__name__}",
            f"write {form.__name__}(…)" if isinstance(record, Mapping) else None,
        )
        for index, record in enumerate(records)
        if not isinstance(record, form)
    ]
    if mistakes:
        raise RecordError(mistakes)
    return records


def declared_as(kind: Kind, label: str, english: str) -> dict[str, FactDeclaration]:
    """What a field with a converter of its own declares: its kind and wording."""
    return {"declaration": FactDeclaration("", kind, label, english)}


if TYPE_CHECKING:
    # What may be given for such a field, as a type checker sees it.
    def day(raw: date | str | Literal[False] | None) -> date | None: ...
    def money(raw: Decimal | str | int | None) -> Decimal | None: ...
    def text_id(raw: str) -> str: ...
    def many(raw: Iterable[Record] | None) -> tuple[Any, ...] | None: ...
    def paid(raw: Iterable[Award] | None) -> tuple[Any, ...]: ...

else:
    day = money = attrs.Converter(_converted, takes_field=True)
    text_id = attrs.Converter(_needed, takes_field=True)
    many = paid = attrs.Converter(_listed, takes_field=True)
