"""Nobody is timed who gives other amounts: every row against `incentives.evaluate`."""

import statistics

from collections.abc import Mapping, Sequence

from attrs import field, frozen

from .clauses import Row, expected
from .subjects import Subject
from .timing import Effort, timed


@frozen
class Wrong:
    """A row that is not timed, as it gives other amounts or does not work at all."""

    name: str
    reason: str


@frozen
class Checked:
    """The rows that are right, with how many subjects they get, and the others."""

    right: list[tuple[Row, int]] = field(factory=list)
    wrong: list[Wrong] = field(factory=list)


def checked(rows: Sequence[Row], cases: Sequence[Subject], effort: Effort) -> Checked:
    """
    The rows by whether they are right about every subject that they will be timed on.

    A row that would take longer than its share of a round gets fewer of the subjects.
    """
    amounts = [expected(case) for case in cases]
    result = Checked()
    for row in rows:
        count = effort.least
        reason = _difference(row, cases[:count], amounts)
        if reason is None and (more := _fitting(row, cases, effort)) > count:
            count = more
            reason = _difference(row, cases[:count], amounts)
        if reason is None:
            result.right.append((row, count))
        else:
            result.wrong.append(Wrong(row.name, reason))
    return result


def _fitting(row: Row, cases: Sequence[Subject], effort: Effort) -> int:
    if len(cases) <= effort.least:
        return len(cases)
    given = [row.given(case) for case in cases[: effort.least]]
    each = statistics.fmean(timed(row.decide, given))
    return max(effort.least, min(len(cases), int(effort.seconds * 1e9 / each)))


def _difference(
    row: Row, cases: Sequence[Subject], amounts: Sequence[Mapping[str, int]]
) -> str | None:
    """Where a row first differs, and how often it does."""
    wrong: list[str] = []
    for number, (case, right) in enumerate(zip(cases, amounts, strict=False)):
        try:
            fen = row.fen(row.decide(row.given(case)))
        except Exception as error:  # noqa: BLE001  # whatever a peer raises is its result
            return f"fails on record {number}: {error!r}"
        wrong += [
            f"record {number}, {rule}: {fen.get(rule)} fen, not {amount}"
            for rule, amount in right.items()
            if fen.get(rule) != amount
        ]
    return f"wrong {len(wrong)} times, first: {wrong[0]}" if wrong else None
