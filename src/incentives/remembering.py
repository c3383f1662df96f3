"""What was worked out of an object that cannot change, for as long as it lives."""

from typing import Any, Generic, TypeVar
from weakref import ref

Of = TypeVar("Of")
What = TypeVar("What")


class Remembered(Generic[Of, What]):
    """
    One value for each object, found by identity: equal objects are not compared.

    A value must not hold its own object, which would then live for ever.
    """

    def __init__(self) -> None:
        self._found: dict[int, tuple[ref[Any], What]] = {}

    def get(self, of: Of) -> What | None:
        """What is remembered of an object; None where nothing is."""
        found = self._found.get(id(of))
        return found[1] if found is not None and found[0]() is of else None

    def keep(self, of: Of, what: What) -> None:
        """Remember a value until the object is gone."""
        key, found = id(of), self._found

        def forget(_: object) -> None:
            found.pop(key, None)

        found[key] = (ref(of, forget), what)

    def __len__(self) -> int:
        return len(self._found)
