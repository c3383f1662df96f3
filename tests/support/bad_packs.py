"""Bad packs: tiny changes to a sound pack, each beside what is said about it."""

from collections.abc import Iterator
from pathlib import Path

from attrs import frozen

from incentives.checks.checking import check

DATA = Path(__file__).resolve().parent.parent / "data" / "bad-packs"
SOUND = DATA / "pack"


@frozen
class Edit:
    """In one file, some lines replaced by others; without lines, a new file."""

    file: str
    old: str
    new: str

    def applied(self, pack: Path) -> None:
        path = pack / self.file
        if not self.old:
            path.write_text(self.new, encoding="utf-8")
            return
        text = path.read_text(encoding="utf-8")
        assert text.count(self.old) == 1, f"{self.file}: not once: {self.old!r}"
        path.write_text(text.replace(self.old, self.new), encoding="utf-8")


@frozen
class Example:
    """What an author did, and every diagnostic that follows, as printed."""

    title: str
    edits: tuple[Edit, ...]
    said: str


def examples(page: str) -> Iterator[Example]:
    """
    The examples of a page.

    Each begins with `## ` and a title. Then `@ file` names a file, lines after `< `
    are taken out of it and lines after `> ` put in their place, or are the whole file;
    what is said follows.
    """
    for part in f"\n{page}".split("\n## ")[1:]:
        title, *lines = part.split("\n")
        edits: list[Edit] = []
        said: list[str] = []
        for line in lines:
            kind, rest = line[:2], f"{line[2:]}\n"
            if kind == "@ ":
                edits.append(Edit(rest.strip(), "", ""))
            elif kind.strip() in ("<", ">") and not said:
                last = edits[-1]
                if last.new and kind[0] == "<":
                    last = Edit(last.file, "", "")
                else:
                    edits.pop()
                old = last.old + (rest if kind[0] == "<" else "")
                new = last.new + (rest if kind[0] == ">" else "")
                edits.append(Edit(last.file, old, new))
            elif line or said:
                said.append(line)
        yield Example(title, tuple(edits), "\n".join(said).strip("\n"))


def said_of(pack: Path) -> str:
    """Everything that `check` says of a pack and its source, as printed."""
    report = check(pack, source=pack / "source.txt")
    return "\n\n".join(map(str, report.diagnostics))
