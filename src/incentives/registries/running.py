"""A registry at an address, screened part by part into a file or a database."""

import re

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl

from attrs import fields, frozen

from ..book import RuleBook
from ..caching.books import library
from ..errors import Mistake, RecordError, UsageError, did_you_mean, one_of
from ..evaluation import asked
from ..readers import shown
from ..screening.registry import SUBJECTS, Registry, Rejected, registry_of
from ..screening.screen import BATCH, Screening, recorded, screening_of
from .chunks import Chunk, Reject, Source
from .opening import checked, fingerprint, source_at
from .parts import Parts
from .targets import Target, target_at, write_table

#: What stands in a row of the results.
SHAPES = ("determinations", "possible", "items", "totals", "wide")
#: So many parts are screened at once: one for each of two cores.
WORKERS = 2

#: Is told how many subjects are done, and of how many if that is known.
Progress = Callable[[int, int | None], None]


def _silently(done: int, of: int | None) -> None:
    pass


@frozen
class Screened:
    """What came of it: how many subjects, what is due in yuan, and what was left out."""

    subjects: int
    rules: int
    total: Decimal
    rejected: int
    rejects: Path | None


@frozen(eq=False)
class _Job:
    """What is asked of every part."""

    source: Source
    book: RuleBook
    as_of: date
    subject: str
    shape: str
    strict: bool
    ignore: tuple[str, ...]


def screen_into(  # noqa: PLR0913  # the words of `screen`, and how to go on
    registry: str,
    output: str,
    *,
    as_of: date | str | None = None,
    rules: RuleBook | None = None,
    readings: Mapping[str, str | date] | None = None,
    subject: str = "enterprise",
    shape: str = "determinations",
    strict: bool = False,
    ignore: Iterable[str] = (),
    resume: bool = False,
    size: int = BATCH,
    table: str | None = None,
    into: str | None = None,
    progress: Progress = _silently,
) -> Screened:
    """
    Screen a registry that lies in files or a database, also one larger than memory.

    ``registry`` is the path of a `.parquet`, `.csv` or `.jsonl`, of a folder with a
    Parquet or CSV file for each table, of a file of DuckDB or SQLite, or the address of
    a database of PostgreSQL, whose table of subjects may be called ``table``. The
    results go to ``output``: a file by its suffix, or a database, as the table
    ``into``, in whole or not at all. ``shape`` says what stands in a row, as the
    methods of :class:`incentives.Screening` do.

    So many subjects as ``size`` says are looked at together; the results are those of
    :func:`incentives.screen` over all of them. Parts that are done are kept beside the
    output, and gone on with if one is to ``resume``.

    Rows with mistakes are left out, and told in a file beside the output that ends in
    `.rejects.csv`; if ``strict`` the first part that has some stops it all.

    Raises :class:`UsageError`, :class:`SourceError`, :class:`TargetError`, and
    :class:`RecordError` with what is wrong where it is ``strict``.
    """
    day, _, book = asked(as_of, rules, readings)
    for given, known, what in (
        (shape, SHAPES, "shape"),
        (subject, SUBJECTS, "subject"),
    ):
        if given not in known:
            hint = did_you_mean(str(given), known) or one_of(list(known))
            raise UsageError(f"{what}: unknown {shown(given)}, {hint}")
    checked(registry)
    target = target_at(output, into or shape)
    if target.is_workbook:  # its sheets are what they are
        shape = "possible"
    question = {
        "registry": registry,
        "the source": fingerprint(registry),
        "the rules": book.digest,
        "the readings": str(sorted(book.readings.items())),
        "the day": day.isoformat(),
        "subject": subject,
        "shape": shape,
        "ignore": str(sorted(ignore)),
        "size": str(size),
        "table": str(table),
        "the library": library(),
    }
    parts = Parts.begun(target.place, question, resume=resume)
    try:
        declared = book.vocabulary[subject]
        source = source_at(registry, subject, declared, parts.staging, table)
        job = _Job(source, book, day, subject, shape, strict, tuple(ignore))
        found = _run(job, parts, target, size, progress)
    except (RecordError, UsageError):  # to go on would say the same again
        parts.drop()
        raise
    except BaseException:
        if not parts.done():
            parts.drop()
        raise
    parts.drop()
    return found


def _run(
    job: _Job, parts: Parts, target: Target, size: int, progress: Progress
) -> Screened:
    done = parts.done()
    before = sum(parts.note(number)["subjects"] for number in range(done))
    progress(before, job.source.size)
    count = done
    for subjects in _in_turn(job, parts, job.source.chunks(size, done)):
        count += 1
        before += subjects
        progress(before, job.source.size)
    notes = [parts.note(number) for number in range(count)]
    again = parts.again(count)
    lost = list(job.source.strays())
    if job.strict and (again.height or lost):
        raise RecordError([_mistake(each) for each in [*_twice(job, again), *lost]])
    tables = _tables(parts, count, again)
    subjects = sum(note["subjects"] for note in notes) - again.height
    if target.is_workbook:
        _write_workbook(job, tables, subjects, target.place)
    else:
        target.write(tables)
    rejects = [
        *(each for number in range(count) for each in parts.rejects(number)),
        *_twice(job, again),
        *lost,
    ]
    return Screened(
        subjects,
        notes[0]["rules"],
        sum((Decimal(note["total"]) for note in notes), Decimal(0))
        - _sum(again["due"]),
        len(rejects),
        _told(rejects, target),
    )


def _in_turn(job: _Job, parts: Parts, chunks: Iterator[Chunk]) -> Iterator[int]:
    """Screen and keep parts, some at once; how many subjects each had, in order."""
    waiting: deque[Future[int]] = deque()
    with ThreadPoolExecutor(max_workers=WORKERS) as pool:
        try:
            for chunk in chunks:
                waiting.append(pool.submit(_one, job, parts, chunk))
                if len(waiting) > WORKERS:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()


def _one(job: _Job, parts: Parts, chunk: Chunk) -> int:
    """Screen a part, and keep what came of it."""
    registry = _read(job, chunk)
    rejects = [
        *chunk.broken,
        *(_reject(job, chunk, each) for each in registry.rejected),
    ]
    if job.strict and rejects:
        raise RecordError([_mistake(each) for each in rejects])
    screening = screening_of(registry, job.book, job.as_of)
    out = {each.subject for each in registry.rejected}
    main = SUBJECTS[job.subject][0]
    rows = chunk.rows.get(main, chunk.rows.get("records"))
    assert rows is not None  # noqa: S101  # every part says
    numbers = pl.int_range(len(rows), eager=True)
    kept = rows.filter(~numbers.is_in(pl.Series(sorted(out - {None})).implode()))
    totals: pl.DataFrame = screening.totals()
    ids = pl.DataFrame({"id": registry.ids, "row": kept, "due": totals["total"]})
    note = {
        "subjects": len(screening),
        "rules": len(screening.rules),
        "total": f"{_sum(totals['total']):f}",
    }
    shaped = totals if job.shape == "totals" else _shaped(screening, job.shape)
    parts.keep(chunk.number, shaped, ids, rejects, note)
    return len(screening)


def _read(job: _Job, chunk: Chunk) -> Registry:
    if not isinstance(chunk.tables, Mapping):
        return recorded(chunk.tables, job.subject, job.book, strict=False)
    return registry_of(
        chunk.tables,
        job.subject,
        job.book,
        strict=False,
        ignore=job.ignore,
        texts=job.source.texts,
    )


def _shaped(screening: Screening, shape: str) -> pl.DataFrame:
    if shape == "possible":
        found: pl.DataFrame = screening.determinations(possible=True)
    else:
        found = getattr(screening, shape)()
    return found


# --- rows that are left out --------------------------------------------------------------

_PLACE = re.compile(r"(?P<table>[^.\[]+)\[(?P<row>\d+)\](?P<rest>.*)", re.DOTALL)


def _reject(job: _Job, chunk: Chunk, wrong: Rejected) -> Reject:
    """What is wrong with a row, where it stands in the source."""
    mistake, where = wrong.mistake, wrong.mistake.path
    table, place = "records", wrong.subject
    found = _PLACE.fullmatch(where)
    if isinstance(chunk.tables, Mapping) and found is not None:
        table, place = found["table"], int(found["row"])
    # What is wrong with a table as a whole was refused, and records are of somebody.
    assert place is not None and wrong.subject is not None  # noqa: PT018, S101
    row = int(chunk.rows[table][place])
    if table != "records" and found is not None:
        where = f"{table}[{row}]{found['rest']}"
    file, line = job.source.line(table, row)
    whose = _id(job, chunk, wrong.subject)
    return Reject(file, line, whose, where, mistake.message, mistake.suggestion)


def _id(job: _Job, chunk: Chunk, subject: int) -> str | None:
    if not isinstance(chunk.tables, Mapping):
        given = chunk.tables[subject].get("id")
        return given if isinstance(given, str) else None
    table = chunk.tables[SUBJECTS[job.subject][0]]
    names = ("id", job.book.vocabulary[job.subject].facts["id"].label)
    name = next((each for each in names if each in table.columns), None)
    given = None if name is None else table[name][subject]
    return None if given is None else str(given)


def _twice(job: _Job, again: pl.DataFrame) -> Iterator[Reject]:
    """Subjects that have a row in an earlier part too."""
    main = SUBJECTS[job.subject][0]
    for id_, row in again.select("id", "row").iter_rows():
        file, line = job.source.line(main, row)
        why = f"{shown(id_)} has another row too"
        hint = "one row for each subject"
        yield Reject(file, line, id_, f"{main}[{row}].id", why, hint)


def _sum(due: pl.Series) -> Decimal:
    found = due.sum()
    return found if isinstance(found, Decimal) else Decimal(0)


def _mistake(reject: Reject) -> Mistake:
    where = reject.file if reject.line is None else f"{reject.file}:{reject.line}"
    return Mistake(f"{where}: {reject.where}", reject.what, reject.suggestion)


def _told(rejects: Sequence[Reject], target: Target) -> Path | None:
    """The file that tells what was left out, if anything was."""
    place = target.place.with_name(f"{target.place.name}.rejects.csv")
    if not rejects:
        place.unlink(missing_ok=True)
        return None
    names = [each.name for each in fields(Reject)]
    columns = {
        name: pl.Series([getattr(each, name) for each in rejects], dtype=dtype)
        for name, dtype in zip(names, _TYPES, strict=True)
    }
    write_table(pl.DataFrame(columns), place)
    return place


_TYPES = (pl.String, pl.Int64, *[pl.String] * 4)


def _write_workbook(
    job: _Job, tables: Sequence[pl.LazyFrame], subjects: int, place: Path
) -> None:
    from ..workbooks.results import About, write_results  # noqa: PLC0415  # only who wants a workbook needs it

    about = About(job.book, job.subject, job.as_of, subjects)
    write_results(pl.concat(tables).collect(), about, place)


def _tables(parts: Parts, count: int, again: pl.DataFrame) -> Sequence[pl.LazyFrame]:
    """The results of all parts, each subject once."""
    without = dict(again.group_by("part").agg("id").iter_rows())
    return [parts.table(number, without.get(number, ())) for number in range(count)]
