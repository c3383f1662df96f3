"""A result as people see it, before it becomes text, a page or a picture."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from decimal import Decimal
from html import escape
from pathlib import Path
from typing import Any

from attrs import field, frozen

from .. import layout
from ..atomic import beside


@frozen
class Sheet:
    """A table of words: its title, the heads of its columns, its rows."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    brief: bool = True

    @property
    def right(self) -> frozenset[int]:
        """The columns that are set to the right: all but the first, which are words."""
        return frozenset(range(self.words, len(self.head)))


@frozen
class Bars:
    """
    Amounts by name, to be drawn as bars; ``in_time`` if the names are months.

    ``amounts`` are yuan. ``key`` names the chart for programs.
    """

    key: str
    title: str
    axis: str
    amounts: tuple[tuple[str, Decimal], ...]
    in_time: bool = False


@frozen
class Report:
    """
    A title, facts with their names, remarks, tables and charts, all in one language.

    Sheets that are not ``brief`` are on pages only. ``plain_names`` are names in plain
    letters, for where there is no font that has the others.
    """

    lang: str
    title: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]
    sheets: tuple[Sheet, ...]
    charts: tuple[Bars, ...] = ()
    plain_names: Mapping[str, str] = field(factory=dict, hash=False)

    def text(self) -> str:
        """Everything that a terminal can show."""
        colon = "：" if self.lang == "zh" else ": "
        lines = [self.title, *self.remarks, ""]
        lines += [f"{name}{colon}{value}" for name, value in self.facts]
        for sheet in self.sheets:
            if sheet.brief and sheet.rows:
                table = layout.table(sheet.head, sheet.rows, right=sheet.right)
                lines += ["", sheet.title, *table]
        return "\n".join(lines)


class Shown(ABC):
    """A result that people can read: printed, as a page, or as a picture."""

    @abstractmethod
    def report(self, lang: str = "zh") -> Report:
        """The result in words; raises :class:`UsageError` for an unknown language."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """The result, ready for JSON; money as decimal strings of yuan."""

    def show(self, lang: str = "zh") -> str:
        """A text a person can read."""
        return self.report(lang).text()

    def __str__(self) -> str:
        return self.show()

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.show())}</pre>"

    def to_html(self, path: str | Path, lang: str = "zh") -> Path:
        """
        Write one page that needs no network: a summary, charts and tables.

        The file is there in whole or not at all. Raises :class:`UsageError` for an
        unknown language, and :class:`OSError` where it cannot be written.
        """
        from .page import page  # noqa: PLC0415  # only who writes pages has what it takes

        return _written(Path(path), page(self.report(lang)).encode())

    def to_png(self, path: str | Path, lang: str = "zh") -> Path:
        """
        Write the charts as a picture.

        Where no font has Chinese, labels are English, rules go by their ids, and what
        has no other name is drawn as one sum. The file is there in whole or not at all. Raises :class:`UsageError` for
        an unknown language, and :class:`OSError` where it cannot be written.
        """
        from .picture import language, picture  # noqa: PLC0415  # only who draws has what it takes

        return _written(Path(path), picture(self.report(language(lang))))


def _written(path: Path, data: bytes) -> Path:
    with beside(path) as part:
        part.write_bytes(data)
    return path
