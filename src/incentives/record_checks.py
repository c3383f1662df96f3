"""What holds of every record, however it is read: lists, keys, names mistyped."""

from collections.abc import Iterable, Sequence

from .errors import Mistake, did_you_mean
from .facts import Given, Record
from .readers import shown
from .vocabulary import RecordDeclaration

#: No honest list of records of one subject is longer.
MAX_RECORDS = 10_000

#: No name that somebody mistyped is longer; comparing longer ones takes long.
LONGEST_NAME = 100


def meant(name: str, known: Iterable[str]) -> str | None:
    """What somebody may have meant by a name that nobody knows."""
    return did_you_mean(name, known) if len(name) <= LONGEST_NAME else None


def repeated(
    declaration: RecordDeclaration, records: Sequence[Record]
) -> list[Mistake]:
    """A key stands for one thing: two records with one key would share its cap."""
    if declaration.key is None:
        return []
    seen: dict[Given, str] = {}
    mistakes: list[Mistake] = []
    for index, record in enumerate(records):
        value = record.fact(declaration.key)
        path = f"{declaration.records}[{index}]"
        if value is not None and value in seen:
            if declaration.plain:
                wrong = f"{shown(value)} stands at {seen[value]} too"
                mistakes.append(Mistake(path, wrong, "say it once"))
            else:
                wrong = f"{shown(value)} is the {declaration.key} of {seen[value]} too"
                mistakes.append(Mistake(f"{path}.{declaration.key}", wrong))
        seen.setdefault(value, path)
    return mistakes
