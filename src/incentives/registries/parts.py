"""
Parts of a result that are done, kept beside it until all of them are there.

A part is done once its note is: that is written last, and moved to its place. Whoever
was stopped goes on after the parts that are done, if everything is as it was.
"""

import json
import shutil

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from attrs import asdict, field, frozen

from .chunks import Reject, TargetError

#: So many ids are compared at once, to bound the memory.
_IDS = 2**24


@frozen(eq=False)
class Parts:
    """A folder of parts, and what they are parts of."""

    folder: Path
    question: Mapping[str, str]
    written: list[int] = field(factory=list)

    @classmethod
    def begun(
        cls, place: Path, question: Mapping[str, str], *, resume: bool
    ) -> "Parts":
        """
        The folder for the parts of a result, empty unless it is gone on with.

        Raises :class:`TargetError` where what is there are parts of something else.
        """
        if not place.parent.is_dir():
            raise TargetError(f"{place}: no such folder")
        folder = place.with_name(f".{place.name}.parts")
        manifest = folder / "question.json"
        if resume and manifest.is_file():
            before = json.loads(manifest.read_text("utf-8"))
            differs = [name for name in question if before.get(name) != question[name]]
            if differs:
                raise TargetError(
                    f"{folder}: these parts answer another question ({', '.join(differs)} "
                    "differs); leave out --resume to begin anew"
                )
        else:
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            _written(manifest, json.dumps(dict(question), ensure_ascii=False))
        return cls(folder, question)

    @property
    def staging(self) -> Path:
        """Where tables of the source are staged."""
        return self.folder / "staged"

    # --- one part --------------------------------------------------------------------

    def done(self) -> int:
        """How many parts are done, from the first on."""
        number = 0
        while self._note(number).is_file():
            number += 1
        return number

    def keep(
        self,
        number: int,
        table: pl.DataFrame,
        ids: pl.DataFrame,
        rejects: Sequence[Reject],
        note: Mapping[str, Any],
    ) -> None:
        """Keep a part: its table, the ids of its subjects with their rows, and the rest."""
        # Written and read once each: what takes no time to code is best.
        table.write_ipc(self._table(number), compression="lz4")
        ids.write_ipc(self._ids(number), compression="lz4")
        told = {**note, "rejects": [asdict(each) for each in rejects]}
        _written(self._note(number), json.dumps(told, ensure_ascii=False))

    def note(self, number: int) -> Mapping[str, Any]:
        """What was said of a part."""
        found: Mapping[str, Any] = json.loads(self._note(number).read_text("utf-8"))
        return found

    def rejects(self, number: int) -> Iterator[Reject]:
        """The rows of a part that were left out."""
        return (Reject(**each) for each in self.note(number)["rejects"])

    def table(self, number: int, without: Sequence[str]) -> pl.LazyFrame:
        """The results of a part, without some ids."""
        found = pl.scan_ipc(self._table(number))
        if not without:
            return found
        return found.filter(~pl.col("id").is_in(pl.Series(without).implode()))

    def _table(self, number: int) -> Path:
        return self.folder / f"{number:06d}.arrow"

    def _ids(self, number: int) -> Path:
        return self.folder / f"{number:06d}.ids.arrow"

    def _note(self, number: int) -> Path:
        return self.folder / f"{number:06d}.json"

    # --- all of them -----------------------------------------------------------------

    def again(self, count: int) -> pl.DataFrame:
        """
        Subjects that have a row in an earlier part too: their part, row and id.

        Ids are told apart by their hashes first, some of these at a time.
        """
        files = [self._ids(number) for number in range(count)]
        height = pl.scan_ipc(files).select(pl.len()).collect().item()
        rounds = -(-height // _IDS) or 1
        found = [self._again(files, each, rounds) for each in range(rounds)]
        return pl.concat(found).sort("part", "row")

    def _again(self, files: Sequence[Path], turn: int, rounds: int) -> pl.DataFrame:
        hashed = pl.col("id").hash()
        mine = pl.lit(value=True) if rounds == 1 else (hashed % rounds) == turn
        parts = [pl.scan_ipc(file).filter(mine) for file in files]
        hashes = pl.concat([part.select(hashed) for part in parts]).collect()["id"]
        twice = hashes.clear()
        if hashes.n_unique() < hashes.len():
            twice = hashes.filter(hashes.is_duplicated()).unique()
        else:
            parts = [part.clear() for part in parts]
        some = pl.concat(
            [
                part.filter(hashed.is_in(twice.implode())).with_columns(part=number)
                for number, part in enumerate(parts)
            ]
        ).collect()
        return some.filter(~pl.col("id").is_first_distinct())

    def drop(self) -> None:
        """Forget them."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _written(path: Path, text: str) -> None:
    """A file that is there in whole once it is there."""
    part = path.with_suffix(".new")
    part.write_text(text, "utf-8")
    part.replace(path)
