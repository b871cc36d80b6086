"""What the log says became of each query, and by which values it says so."""

from collections import defaultdict
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

from aurora_cli.simulate.attempt_status import OK, TRANSIENT
from aurora_cli.simulate.reader import duckdb_utils, table
from aurora_cli.simulate.reader.errors import BadOption
from aurora_cli.simulate.reader.formats import Layout
from aurora_cli.simulate.reader.report import Counted
from aurora_cli.simulate.reader.status_parsing import of_error_sql, of_status

_MOST_VALUES: Final = 1000
_MOST_SHOWN: Final = 20
_LONGEST_SHOWN: Final = 60
_QUERIES: Final = f"FROM log WHERE verdict = {table.QUERY}"


@dataclass(frozen=True)
class Recorded:
    """``sql`` gives a constant of :mod:`attempt_status` for a row; ``columns`` are those that tell it."""

    sql: str
    columns: tuple[str, ...]
    failures: tuple[Counted, ...]
    successes: tuple[Counted, ...]
    unrecognised: tuple[Counted, ...]

    def __str__(self) -> str:
        """Say which columns tell a failure."""
        names = ", ".join(f"`{column}`" for column in self.columns)
        return f"column {names}" if names else "no column says: every query counts as answered"


@dataclass(frozen=True)
class _OutcomeColumn:
    """One column's word: SQL of a constant of :mod:`attempt_status`, and (value, constant or None, count)."""

    column: str
    sql: str
    values: Sequence[tuple[str, int | None, int]]


def recognise(connection: duckdb_utils.Connection, layout: Layout, failed: AbstractSet[str]) -> Recorded:
    """Read the failures off the table; the status has the first word, then the error, then the tokens."""
    witnesses = []
    if layout.status:
        witnesses.append(_by_status(connection, layout.status, failed))
    if layout.error:
        witnesses.append(_by_error(connection, layout.error, failed))
    if layout.empty_answer_fails and layout.tokens:
        witnesses.append(_by_tokens(connection, layout.tokens))
    witnesses = [witness for witness in witnesses if witness.values]
    kinds = defaultdict(list)
    for witness in witnesses:
        for value, status, count in witness.values:
            kinds[_kind(status)].append(Counted(value, count, witness.column))
    return Recorded(
        sql=f"coalesce({', '.join([*(f'nullif({witness.sql}, {OK})' for witness in witnesses), str(OK)])})",
        columns=tuple(witness.column for witness in witnesses),
        failures=_shown(kinds["failure"]),
        successes=_shown(kinds["success"]),
        unrecognised=_shown(kinds["unrecognised"]),
    )


def _kind(status: int | None) -> str:
    if status is None:
        return "unrecognised"
    return "success" if status == OK else "failure"


def _shown(values: list[Counted]) -> tuple[Counted, ...]:
    """The most frequent first, and what is too much to show as one."""
    ordered = sorted(values, key=lambda counted: (-counted.count, counted.value))
    rest = ordered[_MOST_SHOWN:]
    others = [Counted(f"({len(rest)} more)", sum(counted.count for counted in rest))] if rest else []
    return (*ordered[:_MOST_SHOWN], *others)


def _by_status(connection: duckdb_utils.Connection, column: str, failed: AbstractSet[str]) -> _OutcomeColumn:
    found = connection.execute(
        f"SELECT status, count(*) {_QUERIES} GROUP BY status ORDER BY 2 DESC, 1 LIMIT {_MOST_VALUES + 1}"
    ).fetchall()
    if len(found) > _MOST_VALUES:
        raise BadOption(
            f"column `{column}` has more than {_MOST_VALUES} different values, so it is no status: "
            "name the right one, as in `--columns status=NAME`"
        )
    values = [(value, of_status(value, failed), count) for value, count in found]
    cases = [
        f"WHEN status = {duckdb_utils.text(value)} THEN {status}"
        for value, status, _ in values
        if value is not None and status not in {None, OK}
    ]
    sql = f"CASE {' '.join(cases)} ELSE {OK} END" if cases else str(OK)
    return _OutcomeColumn(column, sql, [(_excerpt(value), status, count) for value, status, count in values])


def _by_error(connection: duckdb_utils.Connection, column: str, failed: AbstractSet[str]) -> _OutcomeColumn:
    sql = of_error_sql("error", failed)
    found = connection.execute(
        f"SELECT left(error, {_LONGEST_SHOWN}), {sql}, count(*) {_QUERIES} GROUP BY 1, 2 ORDER BY 3 DESC, 1"
    ).fetchall()
    if all(value is None for value, _, _ in found):
        return _OutcomeColumn(column, sql, [])
    return _OutcomeColumn(column, sql, [(_excerpt(value), status, count) for value, status, count in found])


def _by_tokens(connection: duckdb_utils.Connection, column: str) -> _OutcomeColumn:
    sql = f"CASE WHEN tokens = 0 THEN {TRANSIENT} ELSE {OK} END"
    found = connection.execute(f"SELECT tokens = 0, count(*) {_QUERIES} GROUP BY 1 ORDER BY 1").fetchall()
    values = [("0", TRANSIENT, count) if empty else ("> 0", OK, count) for empty, count in found]
    return _OutcomeColumn(column, sql, values)


def _excerpt(value: str | None) -> str:
    return value[:_LONGEST_SHOWN] if value else "(empty)"
