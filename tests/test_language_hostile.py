"""Packs that mean harm: too large, too deep, too many, not there."""

import os
import shutil

from pathlib import Path

import pytest

from incentives import PackError, load
from incentives.language import nodes
from tests.support.bad_packs import SOUND


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SOUND, tmp_path / "pack"))


def refusal(directory: Path | str) -> str:
    """What load() says of a directory that it refuses."""
    with pytest.raises(PackError) as caught:
        load(directory)
    return str(caught.value)


def test_billion_laughs(pack: Path) -> None:
    """Aliases that multiply are refused before they are followed."""
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{c}: &{c} [*{b}, *{b}, *{b}, *{b}]"
        for b, c in zip("abcd", "bcde", strict=True)
    ]
    (pack / "1-bonus.yaml").write_text("\n".join(lines), encoding="utf-8")
    assert refusal(pack) == (
        "1-bonus.yaml:1:4: error[yaml-feature]: anchors and aliases are not used in "
        "rule files: write it out\n"
        " 1 | a: &a [x, x, x, x, x, x, x, x, x]\n"
        "   |    ^"
    )


@pytest.mark.parametrize("opening", ["[", "{a: ", "- ", "? "])
def test_nesting(pack: Path, opening: str) -> None:
    """A hundred thousand levels are refused like forty."""
    (pack / "1-bonus.yaml").write_text(f"a: 1\nb: {opening * 100_000}")
    assert "error[" in refusal(pack)


def test_large_file(pack: Path) -> None:
    """A file beyond any honest size is not read."""
    (pack / "1-bonus.yaml").write_bytes(b"#" * (nodes.MAX_BYTES + 1))
    assert refusal(pack) == (
        "1-bonus.yaml:1:1: error[file-too-large]: larger than 1000000 bytes"
    )


def test_another_encoding(pack: Path) -> None:
    """A file in GBK is refused, with the line where it shows."""
    text = "rule: bonus\ntitle: 上云奖励\n"
    (pack / "1-bonus.yaml").write_bytes(text.encode("gbk"))
    assert refusal(pack) == (
        "1-bonus.yaml:2:1: error[not-utf-8]: not UTF-8\n  = help: save the file as UTF-8"
    )


@pytest.mark.parametrize("name", ["9-more.yaml", "more.csv"])
def test_directory_with_the_name_of_a_file(pack: Path, name: str) -> None:
    """A directory called like a file is said to be no file."""
    (pack / name).mkdir()
    assert refusal(pack) == (
        f"{name}:1:1: error[unreadable-file]: cannot read: not a file"
    )


def test_pipe(pack: Path) -> None:
    """A pipe, which nobody may ever write to, is not waited for."""
    os.mkfifo(pack / "more.csv")
    assert "cannot read: not a file" in refusal(pack)


def test_no_directory(tmp_path: Path) -> None:
    """A directory that is not there is said to be missing."""
    missing = tmp_path / "nowhere"
    assert refusal(missing) == f"{missing}:1:1: error[no-pack]: no such directory"


def test_file_instead_of_directory(pack: Path) -> None:
    """A file is no pack."""
    assert refusal(pack / "policy.yaml") == (
        f"{pack / 'policy.yaml'}:1:1: error[no-pack]: a file, not a directory\n"
        "  = help: give the directory that holds policy.yaml"
    )


def test_nul_in_a_path() -> None:
    """A path that no system can have is refused like any other."""
    assert "no such directory" in refusal("a\0b")


def test_no_policy(tmp_path: Path) -> None:
    """A directory without policy.yaml is no pack."""
    assert refusal(tmp_path) == (
        f"{tmp_path}:1:1: error[no-pack]: the directory has no policy.yaml"
    )


def test_no_rules(pack: Path) -> None:
    """A pack without rules decides nothing."""
    for rule in pack.glob("[0-9]*.yaml"):
        rule.unlink()
    assert refusal(pack).startswith(
        "policy.yaml:1:1: error[no-rules]: the pack has no rule file\n"
    )


def test_hidden_files_are_left_alone(pack: Path) -> None:
    """What an editor or a system leaves behind is no part of a pack."""
    before = load(pack)
    (pack / "._1-bonus.yaml").write_bytes(b"\x00\x05\x16\x07")
    assert load(pack) == before


def test_digest_is_of_the_text(pack: Path) -> None:
    """The ends of lines do not matter to the digest, anything else does."""
    before = load(pack).digest
    rule = pack / "1-bonus.yaml"
    text = rule.read_bytes()
    rule.write_bytes(text.replace(b"\n", b"\r\n"))
    assert load(pack).digest == before
    rule.write_bytes(text + b"\n")
    assert load(pack).digest != before
    assert before.startswith("sha256:")
    assert len(before) == len("sha256:") + 64
