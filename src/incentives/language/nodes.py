"""YAML without guessing: every scalar is a string, every node knows its place."""

import re

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import cast

import yaml

from attrs import field, frozen

from ..errors import Diagnostic, Place, Severity
from .words import KEYS

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

    def after(self, count: int) -> "Scalar":
        """The text without its first characters."""
        offsets = tuple(offset + count for offset in self.offsets)
        place = self.part(count, len(self.text))
        return Scalar(self.text[count:], place, offsets)

    def listed(self) -> "Scalar":
        """The text in square brackets, which nobody wrote."""
        offsets = tuple(offset - 1 for offset in self.offsets)
        return Scalar(f"[{self.text}]", self.place, offsets)


@frozen
class Sequence:
    """A list of nodes."""

    items: tuple["Node", ...]
    place: Place


@frozen
class Mapping:
    """
    Named nodes in the order of the file; ``keys`` gives each name's place.

    Names stand as they are written. A keyword may be written in English or Chinese:
    ask for it by :meth:`named`, :meth:`written`, :meth:`at` and :meth:`place_of`.
    """

    entries: dict[str, "Node"] = field(hash=False)
    keys: dict[str, Place] = field(hash=False)
    place: Place

    def written(self, key: str) -> str | None:
        """A keyword as it is written here, None where it is missing."""
        if key in self.entries:
            return key
        return next((form for form in KEYS.forms(key) if form in self.entries), None)

    def named(self, key: str) -> "Node | None":
        """The node of a keyword, None where it is missing."""
        written = self.written(key)
        return None if written is None else self.entries[written]

    def at(self, key: str) -> Place:
        """Where the value of a keyword stands; the whole where it is missing."""
        return (self.named(key) or self).place

    def place_of(self, key: str) -> Place:
        """Where a keyword itself stands; the whole where it is missing."""
        written = self.written(key)
        return self.place if written is None else self.keys[written]


Node = Scalar | Sequence | Mapping


class Problems:
    """
    Collects what is wrong, so that everything can be said at once.

    ``tolerated`` are codes of errors that are no mistake of the author here.
    """

    def __init__(self, tolerated: frozenset[str] = frozenset()) -> None:
        self.tolerated = tolerated
        self.found: list[Diagnostic] = []
        self.warnings: list[Diagnostic] = []

    def add(
        self,
        code: str,
        message: str,
        place: Place,
        help: str | None = None,  # the word that compilers use
        *also: tuple[str, Place],
    ) -> None:
        """Note one error."""
        if code not in self.tolerated:
            self.found.append(Diagnostic(code, message, place, help, also=also))

    def warn(
        self,
        code: str,
        message: str,
        place: Place,
        help: str | None = None,
        *also: tuple[str, Place],
    ) -> None:
        """Note what is probably a slip, but may be meant."""
        noted = Diagnostic(code, message, place, help, Severity.WARNING, also)
        self.warnings.append(noted)


def decoded(data: bytes, name: str, problems: Problems) -> str | None:
    """The text of a file in UTF-8, or None with a diagnostic."""
    if len(data) > MAX_BYTES:
        start = Place(name, 1, 1, 1, "")
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
    """The mapping that a YAML text holds, or None with a diagnostic."""
    reader = _Reader(text, name, problems)
    try:
        if reader.refuses_events():
            return None
        root = yaml.compose(text, Loader=_loader(text))
    except yaml.MarkedYAMLError as error:
        reader.report(error)
        return None
    except yaml.reader.ReaderError as error:
        place = reader.place_at(error.position)
        message = f"not YAML: the character {chr(error.character)!r} is not allowed"
        problems.add("bad-yaml", message, place)
        return None
    if not isinstance(root, yaml.MappingNode):
        problems.add(
            "not-a-mapping",
            "expected named keys at the top of the file",
            reader.place(0, 0, 0, 1),
            "write 'key: value', the colon half-width and a blank after it",
        )
        return None
    return reader.mapping(root)


@lru_cache(maxsize=1)
def _loader(text: str) -> type[yaml.BaseLoader]:
    """The C reader, ten times as fast, where it can read the text; it explains worse."""
    quick = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        for _ in yaml.parse(text, Loader=quick):
            pass
    except yaml.YAMLError:
        return yaml.BaseLoader
    return cast("type[yaml.BaseLoader]", quick)


#: What YAML takes for the end of a line.
_LINE_END = re.compile(r"\r\n|[\n\r\x85\u2028\u2029]")


class _Reader:
    """Turns PyYAML's nodes into ours."""

    def __init__(self, text: str, name: str, problems: Problems) -> None:
        self.text = text
        self.lines = _LINE_END.split(text)
        self.name = name
        self.problems = problems

    def refuses_events(self) -> bool:
        """Whether the text uses what rule files may not: anchors, tags, depth."""
        depth = 0
        documents = 0
        for event in yaml.parse(self.text, Loader=_loader(self.text)):
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            documents += isinstance(event, yaml.DocumentStartEvent)
            if (refusal := _refusal(event, depth, documents)) is not None:
                place = self.place_at(event.start_mark.index)  # type: ignore[union-attr]  # a parser's events have marks
                self.problems.add("yaml-feature", refusal, place)
                return True
        return False

    def report(self, error: yaml.MarkedYAMLError) -> None:
        """Note what PyYAML could not read, and what an author probably did."""
        # What begins a key or a quote is where the slip is, not where it shows.
        scanning = (error.context or "").startswith(_BEGUN)
        mark = error.context_mark if scanning else error.problem_mark
        place = self.place_at(mark.index if mark else 0)
        problem = error.problem or "unreadable"
        said = next((words for way, words in _SAID if problem.startswith(way)), problem)
        line = place.line - 1
        for above in (line, line - 1):
            for slip, help_ in _SLIPS:
                if above >= 0 and (found := slip.search(self.lines[above])):
                    start, end = found.span(1)
                    place = self.place(above, start, above, end)
                    told = help_.format(code=ord(self.lines[above][start]))
                    self.problems.add("bad-yaml", said, place, told)
                    return
        self.problems.add("bad-yaml", said, place, _UNTOLD)

    def place_at(self, index: int) -> Place:
        """The place of one character of the text."""
        before = _LINE_END.split(self.text[:index])
        line, column = len(before) - 1, len(before[-1])
        return self.place(line, column, line, column + 1)

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
            return self.mapping(node)
        assert isinstance(node, yaml.ScalarNode)  # noqa: S101  # the only other node
        self.is_slip(node, _FALSE_ITEM)
        return Scalar(node.value, place, self._offsets(node))

    def mapping(self, node: yaml.MappingNode) -> Mapping:
        start, end = node.start_mark, node.end_mark
        place = self.place(start.line, start.column, end.line, end.column)
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for key_node, value in node.value:
            if node.flow_style and self.is_slip_in_braces(key_node, value):
                continue
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

    def is_slip_in_braces(self, key: yaml.Node, value: yaml.Node) -> bool:
        """Whether full-width marks run a key and a value, or two keys, together."""
        bare = isinstance(value, yaml.ScalarNode) and value.value == ""
        return (bare and self.is_slip(key, _FALSE_KEY)) or self.is_slip(
            value, _FALSE_VALUE
        )

    def is_slip(self, node: yaml.Node, slip: re.Pattern[str]) -> bool:
        """Whether a value without quotes shows a slip, which is then reported."""
        if not isinstance(node, yaml.ScalarNode) or node.style:
            return False
        found = slip.match(node.value)
        if found is None:
            return False
        start = node.start_mark
        column = start.column + found.start(1)
        place = self.place(start.line, column, start.line, column + 1)
        said, help_ = _FALSE_MARKS.get(
            found[1], ("a blank that YAML does not know", _PLAIN_BLANK)
        )
        self.problems.add("bad-yaml", said, place, help_.format(code=ord(found[1])))
        return True

    def _offsets(self, node: yaml.ScalarNode) -> tuple[int, ...]:
        """The column of the text's first character, if the file shows it verbatim."""
        start, end = node.start_mark, node.end_mark
        if start.line != end.line or not node.value:
            return ()
        written = self.lines[start.line][start.column : end.column]
        inside = written.find(node.value)
        return (start.column + inside + 1,) if inside >= 0 else ()


#: What PyYAML was about when the mark of the problem lies far behind the slip.
_BEGUN = ("while scanning a simple key", "while scanning a quoted scalar")

#: How PyYAML begins a message, and what an author can make of it.
_SAID = (
    ("could not find expected ':'", "a key without ':'"),
    ("mapping values are not allowed", "a ':' where no key can be"),
    ("found unexpected end of stream", "a quote that is not closed"),
    ("found character '\\t'", "a tab where blanks are needed"),
    ("expected <block end>", "indented unlike the lines above"),
)

#: Blanks that are none to YAML.
_OTHER_BLANKS = "\u00a0\u2002\u2003\u2009\u3000"
_PLAIN_BLANK = "write a plain blank: this is U+{code:04X}"

#: What a line that is no YAML may hold, and what to do about it.
_SLIPS = (
    (re.compile(r"^ *(\t)"), "indent with blanks, not with tabs"),
    (re.compile(rf"^ *(?:- *)?(?:[^\s:]+: *)?([{_OTHER_BLANKS}])"), _PLAIN_BLANK),
    (re.compile(r"^[^:\"“]*(：)"), "write the half-width ':' and a blank after it"),
    (re.compile(r"^\s*(?:- )?[^\s:\"“]+(:)[^\s:]"), "write a blank after ':'"),
    (re.compile(r"^[^\"“｛]*([｛｝])"), "write the half-width '{{' and '}}'"),
    (re.compile(r"[\"'\])}](，)"), "write the half-width ','"),
    (re.compile(r"[{,][^\"“，]*?(，) *[^\s,:{}]+:"), "write the half-width ','"),
    (re.compile(r": *(“)[^”\"]*[\[{,]"), 'YAML knows straight quotes only: "…"'),
    (
        re.compile(r": *(\[[^\]]*\)|\([^)]*[\])])"),
        'put an interval in quotes: "[a, b)"',
    ),
    (re.compile(r"^\s*[^\s:]+: [^\"'{\[]*(: )"), "put a value with a ':' in quotes"),
    (
        re.compile(r"[{,][^\"{}]*?: *[^\s\[{\"',}]+(\[)"),
        "inside braces put an expression with '[' in quotes: \"x[2025]\"",
    ),
    (
        re.compile(r": *\[[^\"\]]*?\w(\[)"),
        "inside a list put an expression with '[' in quotes: \"x[2025]\"",
    ),
)

#: What YAML reads without complaint and nobody means: as an item of a list, as a key
#: without a value in braces, and as a value in braces.
_FALSE_MARKS = {
    "：": ("a key without ':'", "write the half-width ':' and a blank after it"),
    "，": ("two keys without ',' between them", "write the half-width ','"),
}
_FALSE_ITEM = re.compile(rf"-([{_OTHER_BLANKS}])")
_FALSE_KEY = re.compile(r"[^：，]*([：，])")
_FALSE_VALUE = re.compile(r".*?(，) *[A-Za-z_][\w ]*：")
_UNTOLD = "indent what belongs together alike, and close every quote and bracket"


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
    inner: Iterable[Node] = ()
    if isinstance(node, Sequence):
        inner = node.items
    elif isinstance(node, Mapping):
        inner = node.entries.values()
    for part in inner:
        yield from walk(part)
