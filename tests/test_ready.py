"""What the bundled packs were read to beforehand: the same book, or none at all."""

from collections.abc import Callable
from pathlib import Path

import pytest

import incentives

from incentives import RuleBook, packs
from incentives.caching import ready as module
from incentives.caching.ready import pack_files, ready

NAME = "quanzhou-2024"
PACK = Path(__file__).parents[1] / "rules" / NAME


#: What may become of a file.
SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"",
    "only its digest": lambda data: data[:64],
    "cut off": lambda data: data[: len(data) // 2],
    "too deep": lambda data: data[:65] + b"[" * 100_000,
    "another row": lambda data: data[:65] + b"[0]",
    "no text": lambda data: b"\xff" + data[1:],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the bundled packs are ready, and nowhere else."""
    monkeypatch.setattr(module, "FOLDER", tmp_path / "ready")
    packs.make_ready()
    return tmp_path / "ready"


@pytest.fixture
def book(folder: Path) -> RuleBook:
    """The book that comes from there."""
    found = packs._ready(NAME, PACK)  # noqa: SLF001  # what `bundled` asks first
    assert found is not None
    return found


class TestReady:
    """Nobody waits for the bundled pack, and nobody is told anything else."""

    def test_the_same_book(self, book: RuleBook) -> None:
        """It is the book that the files are read to, cases, places and all."""
        read = incentives.load(PACK)
        assert book == read
        assert book.cases == read.cases
        assert dict(book.sources).keys() == dict(read.sources).keys()
        assert len(book.sources) == len(book)

    def test_other_readings(self, book: RuleBook) -> None:
        """Other readings and amendments come from the files."""
        readings = {"stacking": "highest-only"}
        assert book.under(readings) == incentives.load(PACK).under(readings)
        assert book.under({"stacking": "cumulative"}) is book
        reform = book.amend("pilot-platform", cap="800万元")
        assert reform["pilot-platform"] != book["pilot-platform"]

    def test_one_byte_more(self, folder: Path) -> None:
        """A pack whose files have changed is read anew."""
        contents = dict(pack_files(PACK))
        assert ready(NAME, contents) is not None
        contents["policy.yaml"] += b"\n"
        assert ready(NAME, contents) is None

    def test_another_library(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What another version of the library has read is not believed."""
        monkeypatch.setattr(module, "library", lambda: "another")
        assert ready(NAME, pack_files(PACK)) is None

    @pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
    def test_a_damaged_file(
        self, folder: Path, spoil: Callable[[bytes], bytes]
    ) -> None:
        """A file that is not whole is as good as none."""
        path = folder / f"{NAME}.book"
        path.write_bytes(spoil(path.read_bytes()))
        assert ready(NAME, pack_files(PACK)) is None
        assert packs._ready(NAME, PACK) is None  # noqa: SLF001  # what `bundled` asks

    def test_none(self, folder: Path) -> None:
        """Where nothing is ready, the files are read."""
        (folder / f"{NAME}.book").unlink()
        assert packs._ready(NAME, PACK) is None  # noqa: SLF001  # what `bundled` asks
        found = packs.bundled.__wrapped__(NAME)
        assert found == incentives.load(PACK)
