"""YAML without guessing: every scalar is a string, every node knows its place."""

from collections.abc import Iterator
from pathlib import Path

import yaml

from attrs import field, frozen

from ..errors import Diagnostic, Place

#: No honest rule file is larger, or nested deeper.
MAX_BYTES = 1_000_000
MAX_DEPTH = 30


@frozen
class Scalar:
    """A text and where it stands."""

    text: str
    place: Place
    offsets: tuple[int, ...] = field(default=(), repr=False, eq=False)

    def part(self, start: int, end: int) -> Place:
        """The place of a stretch of the text, the whole where YAML folded it."""
        if not self.offsets:
            return self.place
        return Place(
            self.place.file,
            self.place.line,
            self.offsets[0] + start,
            self.offsets[0] + max(end, start + 1),
            self.place.text,
        )


@frozen
class Sequence:
    """A list of nodes."""

    items: tuple["Node", ...]
    place: Place


@frozen
class Mapping:
    """Named nodes in the order of the file; ``keys`` gives each name's place."""

    entries: dict[str, "Node"] = field(hash=False)
    keys: dict[str, Place] = field(hash=False)
    place: Place


Node = Scalar | Sequence | Mapping


class Problems:
    """Collects what is wrong, so that everything can be said at once."""

    def __init__(self) -> None:
        self.found: list[Diagnostic] = []

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        help: str | None = None,  # the word that compilers use
        *also: tuple[str, Place],
    ) -> None:
        """Note one error."""
        self.found.append(Diagnostic(code, message, place, help, also=also))


def read_yaml(path: Path, name: str, problems: Problems) -> Mapping | None:
    """The mapping that a YAML file holds, or None when it cannot be read."""
    text = read_text(path, name, problems)
    return None if text is None else parse_yaml(text, name, problems)


def read_text(path: Path, name: str, problems: Problems) -> str | None:
    """A text file in UTF-8, or None with a diagnostic."""
    start = Place(name, 1, 1, 1, "")
    try:
        data = path.read_bytes()
    except OSError as error:
        problems.add("unreadable-file", f"cannot read: {error.strerror}", start)
        return None
    if len(data) > MAX_BYTES:
        problems.add("file-too-large", f"larger than {MAX_BYTES} bytes", start)
        return None
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        place = Place(name, line, 1, 1, "")
        problems.add("not-utf-8", "not UTF-8", place, "save the file as UTF-8")
        return None


def parse_yaml(text: str, name: str, problems: Problems) -> Mapping | None:
    """The mapping that a YAML text holds, or None when there is none."""
    reader = _Reader(text, name, problems)
    try:
        if reader.refuses_events():
            return None
        root = yaml.compose(text, Loader=yaml.BaseLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line, mark.column) if mark else (0, 0)
        place = reader.place(line, column, line, column + 1)
        problems.add("bad-yaml", f"not YAML: {error.problem or error.context}", place)
        return None
    except yaml.YAMLError as error:
        problems.add("bad-yaml", f"not YAML: {error}", reader.place(0, 0, 0, 1))
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(
            "not-a-mapping",
            "expected named keys at the top of the file",
            reader.place(0, 0, 0, 1),
        )
        return None
    node = reader.node(root)
    return node if isinstance(node, Mapping) else None


class _Reader:
    """Turns PyYAML's nodes into ours."""

    def __init__(self, text: str, name: str, problems: Problems) -> None:
        self.text = text
        self.lines = text.split("\n")
        self.name = name
        self.problems = problems

    def refuses_events(self) -> bool:
        """Whether the text uses what rule files may not: anchors, tags, depth."""
        depth = 0
        documents = 0
        for event in yaml.parse(self.text, Loader=yaml.BaseLoader):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if (refusal := _refusal(event, depth, documents)) is not None:
                line, column = event.start_mark.line, event.start_mark.column  # type: ignore[union-attr]  # a parser's events have marks
                place = self.place(line, column, line, column + 1)
                self.problems.add("yaml-feature", refusal, place)
                return True
        return False

    def place(self, line: int, column: int, end_line: int, end_column: int) -> Place:
        text = self.lines[line] if line < len(self.lines) else ""
        end = end_column if end_line == line else len(text)
        return Place(self.name, line + 1, column + 1, max(end, column + 1) + 1, text)

    def node(self, node: yaml.Node) -> Node:
        start, end = node.start_mark, node.end_mark
        place = self.place(start.line, start.column, end.line, end.column)
        if isinstance(node, yaml.SequenceNode):
            return Sequence(tuple(self.node(item) for item in node.value), place)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, place)
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101  # the only other node
        return Scalar(node.value, place, self._offsets(node))

    def _mapping(self, node: yaml.MappingNode, place: Place) -> Mapping:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value in node.value:
            key = self.node(key_node)
            if not isinstance(key, Scalar):
                self.problems.add("bad-key", "a key must be a word", key.place)
                continue
            if key.text in keys:
                self.problems.add(
                    "duplicate-key",
                    f"the key {key.text!r} stands twice",
                    key.place,
                    None,
                    ("first here", keys[key.text]),
                )
                continue
            entries[key.text] = self.node(value)
            keys[key.text] = key.place
        return Mapping(entries, keys, place)

    def _offsets(self, node: yaml.ScalarNode) -> tuple[int, ...]:
        """The column of the text's first character, if the file shows it verbatim."""
        start, end = node.start_mark, node.end_mark
        if start.line != end.line:
            return ()
        written = self.lines[start.line][start.column : end.column]
        inside = written.find(node.value)
        return (start.column + inside + 1,) if node.value and inside >= 0 else ()


def _refusal(event: yaml.Event, depth: int, documents: int) -> str | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors and aliases are not used in rule files: write it out"
    if tag := getattr(event, "tag", None):
        return f"YAML tags are not used in rule files: {tag}"
    if depth > MAX_DEPTH:
        return f"nested deeper than {MAX_DEPTH}"
    if documents > 1:
        return "one document a file: remove the second '---'"
    return None


def walk(node: Node) -> Iterator[Node]:
    """A node and everything in it."""
    yield node
    match node:
        case Scalar():
            pass
        case Sequence():
            for item in node.items:
                yield from walk(item)
        case Mapping():
            for entry in node.entries.values():
                yield from walk(entry)
