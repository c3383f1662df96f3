"""Whatever stands in the files of a pack, loading it ends in a book or in diagnostics."""

import tempfile

from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from incentives.checks.checking import Report, check
from incentives.packs import DEFAULT_PACK
from tests.support.bad_packs import SOUND
from tests.support.measuring import unmeasured

BUNDLED = Path(__file__).resolve().parent.parent / "rules" / DEFAULT_PACK
SMALL = {p.name: p.read_bytes() for p in SOUND.iterdir() if p.suffix != ".txt"}
LARGE = {
    p.name: p.read_bytes() for p in BUNDLED.iterdir() if p.suffix in (".yaml", ".csv")
}

#: Pieces of rule files, so that random texts are sometimes almost right.
PIECES = """
rule title clause quote subject each label event application define conditions award
once cases sunset effective reading of rate tiers in is then otherwise cap floor
amount name given expect none inherit include policy issuer status readings values
stacking group rules mode platform listing listing.year platform.id county revenue size
500万元 30% 2026-01-01 36个月 “甲” "乙" ∞ 至 属于 且 或 非 and or not in as_of
"""
SIGNS = (
    ": - [ ] ( ) { } , = < > <= + × * # | > & ! % @ ` ? ~ ' \" “ ” ： （ ， \t \r \x00"
)
words = st.sampled_from([*PIECES.split(), *SIGNS.split(" "), "\n", "\n  ", "\n    - "])
texts = st.lists(words | st.text(max_size=3), max_size=60).map("".join)
blanked = st.lists(words, max_size=60).map(" ".join)


def checked(files: dict[str, bytes]) -> Report:
    """What is said of some files; a book if nothing, and all of it can be printed."""
    with tempfile.TemporaryDirectory() as directory:
        for name, content in files.items():
            Path(directory, name).write_bytes(content)
        report = check(directory)
    assert all(str(diagnostic) for diagnostic in report.diagnostics)
    return report


@given(st.sampled_from(sorted(SMALL)), st.binary(max_size=200))
@example("1-bonus.yaml", b"rule: a\rtitle: b\x85clause: c")
@example("1-bonus.yaml", b"\xef\xbb\xbf\xef\xbb\xbfrule: a")
@example("1-bonus.yaml", b"? [a]\n: b")
@example("chains.csv", b"\x00")
def test_bytes(file: str, content: bytes) -> None:
    """Random bytes in place of a file end in a book or in diagnostics."""
    report = checked(SMALL | {file: content})
    assert (report.book is None) <= bool(report.errors)


@given(st.sampled_from(sorted(SMALL)), texts | blanked)
def test_texts(file: str, content: str) -> None:
    """Words of rule files in any order do the same."""
    encoded = content.encode("utf-8", "replace")
    report = checked(SMALL | {file: encoded})
    assert (report.book is None) <= bool(report.errors)


@given(st.data())
def test_values(data: st.DataObject) -> None:
    """So does any value in the place of any value of a sound pack."""
    file = data.draw(st.sampled_from([n for n in sorted(SMALL) if n.endswith("yaml")]))
    lines = SMALL[file].decode().split("\n")
    index = data.draw(st.integers(0, len(lines) - 1))
    key, colon, _ = lines[index].partition(": ")
    value = data.draw(st.lists(words, max_size=12).map(" ".join))
    lines[index] = key + (colon or ": ") + value.replace("\n", " ")
    report = checked(SMALL | {file: "\n".join(lines).encode("utf-8", "replace")})
    assert (report.book is None) <= bool(report.errors)


@unmeasured
@settings(max_examples=10)  # the pack is large
@given(st.data())
def test_lines_of_the_bundled_pack(data: st.DataObject) -> None:
    """So does the bundled pack with a line deleted, doubled, moved or replaced."""
    file = data.draw(st.sampled_from(sorted(LARGE)))
    lines = LARGE[file].decode().split("\n")
    here = data.draw(st.integers(0, len(lines) - 1))
    there = data.draw(st.integers(0, len(lines) - 1))
    match data.draw(st.sampled_from(["delete", "double", "move", "replace"])):
        case "delete":
            del lines[here]
        case "double":
            lines.insert(here, lines[here])
        case "move":
            lines.insert(there, lines.pop(here))
        case "replace":
            lines[here] = lines[there]
    report = checked(LARGE | {file: "\n".join(lines).encode()})
    assert (report.book is None) <= bool(report.errors)
