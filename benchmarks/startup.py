"""What a new process takes to import `incentives`, to decide for the first time, in memory."""

import json
import statistics

from attrs import frozen

from .processes import run
from .subjects import AS_OF, Subject

SECONDS = 60.0

IMPORT = "import incentives"
FIRST = "import, load the bundled pack, first evaluate()"

_IMPORT = """\
import json, time
begin = time.perf_counter()
import incentives
imported = time.perf_counter() - begin
"""

_ALL = """\
for name in incentives.__all__:
    getattr(incentives, name)
fetched = time.perf_counter() - begin
"""

_FIRST = """\
subject = json.loads({record!r})
incentives.evaluate(subject, as_of={as_of!r}).total
first = time.perf_counter() - begin
"""

_TELL = """\
from benchmarks.processes import peak_memory
print(json.dumps([{figure}, peak_memory()]))
"""


@frozen
class Start:
    """Seconds from a new interpreter, and bytes at the peak; medians."""

    name: str
    seconds: float
    memory: float


def starts(subject: Subject, repeats: int) -> list[Start]:
    """The import alone, and the first decision with everything before it."""
    first = _FIRST.format(
        record=json.dumps(subject.record),
        as_of=AS_OF.isoformat(),
    )
    programs = {
        IMPORT: _IMPORT + _TELL.format(figure="imported"),
        "import, fetch every public name": (
            _IMPORT + _ALL + _TELL.format(figure="fetched")
        ),
        FIRST: (_IMPORT + first + _TELL.format(figure="first")),
    }
    found: dict[str, list[list[float]]] = {name: [] for name in programs}
    for _ in range(repeats):
        for name, program in programs.items():
            found[name].append(json.loads(run(["-c", program], SECONDS)))
    return [
        Start(name, *map(statistics.median, zip(*results, strict=True)))
        for name, results in found.items()
    ]
