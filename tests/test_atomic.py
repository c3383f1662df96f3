"""A file is there in whole or not at all."""

from pathlib import Path

import pytest

from incentives.atomic import beside


def write(path: Path, data: bytes) -> None:
    with beside(path) as part:
        part.write_bytes(data)


def test_over_another(tmp_path: Path) -> None:
    """A file that is there is replaced, and nothing is left beside it."""
    path = tmp_path / "page.html"
    path.write_text("old")
    write(path, b"new")
    assert path.read_bytes() == b"new"
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]


def test_through_a_link(tmp_path: Path) -> None:
    """What a link points to is replaced, not the link."""
    link = tmp_path / "link.html"
    link.symlink_to(tmp_path / "page.html")
    write(link, b"new")
    assert link.is_symlink()
    assert (tmp_path / "page.html").read_bytes() == b"new"


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    """Where it cannot be written nothing is left, and what was there stays."""
    (tmp_path / "page.html").mkdir()
    with pytest.raises(OSError, match="page"):
        write(tmp_path / "page.html", b"new")
    assert [each.name for each in tmp_path.iterdir()] == ["page.html"]
    with pytest.raises(FileNotFoundError):
        write(tmp_path / "none" / "page.html", b"new")


@pytest.mark.parametrize("is_folder", [False, True])
def test_broken_off(tmp_path: Path, *, is_folder: bool) -> None:
    """What breaks off while it is written leaves nothing, be it a file or a folder."""

    def broken() -> None:
        with beside(tmp_path / "out") as part:
            if is_folder:
                part.mkdir()
                (part / "one").write_text("x")
            else:
                part.write_text("x")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken()
    assert list(tmp_path.iterdir()) == []
