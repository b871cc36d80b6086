"""From the table to the arrays of a replay, in one order whatever the order of the lines."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from aurora_cli.simulate.reader import duckdb_utils, table
from aurora_cli.simulate.workload import Workload

_NO_HASH = 0


@dataclass(frozen=True, eq=False)
class Queries:
    """The queries in the order of the log, arrays of shape ``(n,)``.

    ``time_ns`` as written, ``arrival_ns`` when the query came, ``service_s``, ``recorded`` a constant of
    :mod:`attempt_status`; ``key`` and ``id`` are hashes, 0 where a query has none. ``model`` is an index into
    ``models``, -1 where a query has none; None where models were not read.
    """

    time_ns: NDArray[np.int64]
    arrival_ns: NDArray[np.int64]
    service_s: NDArray[np.float64]
    recorded: NDArray[np.int8]
    key: NDArray[np.uint64]
    id: NDArray[np.uint64]
    model: NDArray[np.int32] | None
    models: tuple[str, ...]

    def out_of_order(self) -> int:
        """How many stand below a later one."""
        return int(np.count_nonzero(self.time_ns[1:] < self.time_ns[:-1]))


def fetch(
    connection: duckdb_utils.Connection,
    service_sql: str,
    recorded_sql: str,
    *,
    time_is_end: bool,
    with_models: bool,
) -> Queries:
    """Fetch the queries, with SQL for the service time in seconds and for what became of each."""
    arrival = "t - round(latency_s * 1e9)::BIGINT" if time_is_end else "t"
    models = _models(connection) if with_models else ()
    model = "coalesce(enum_code(model::model_name)::INTEGER, -1)" if models else "-1"
    found = connection.execute(
        f"SELECT t, {arrival} AS arrival, ({service_sql})::DOUBLE AS service, "  # noqa: S608 - of this package
        f"({recorded_sql})::TINYINT AS recorded, key, id, {model} AS model "
        f"FROM log WHERE verdict = {table.QUERY}"
    ).fetchnumpy()
    return Queries(
        found["t"],
        found["arrival"],
        found["service"],
        found["recorded"],
        found["key"],
        found["id"],
        found["model"] if models else None,
        models,
    )


def _models(connection: duckdb_utils.Connection) -> tuple[str, ...]:
    """Number the models of the log in the order of their names."""
    connection.execute(
        f"CREATE TYPE model_name AS ENUM (SELECT DISTINCT model FROM log WHERE verdict = {table.QUERY} "  # noqa: S608 - a constant
        "AND model IS NOT NULL ORDER BY model)"
    )
    row = connection.execute("SELECT enum_range(NULL::model_name)").fetchone()
    return tuple(row[0]) if row else ()


def workload(queries: Queries, *, since_epoch: bool) -> Workload:
    """Sort, leave out all but the first of an id, number the keys by their first arrival."""
    order = _order(queries)
    order = order[_first_of_each(queries.id[order])]
    arrival = queries.arrival_ns[order]
    first = int(arrival[0]) if len(arrival) else 0
    return Workload(
        arrival_s=(arrival - first) / 1e9,
        service_s=queries.service_s[order],
        recorded=queries.recorded[order],
        key=_numbered(queries.key[order]),
        model=None if queries.model is None else queries.model[order],
        models=queries.models,
        first_arrival=_moment(first) if since_epoch and len(arrival) else None,
    )


def _order(queries: Queries) -> NDArray[np.intp]:
    """By arrival; among queries of one moment by all that is known of them."""
    arrival = queries.arrival_ns
    if np.all(arrival[1:] >= arrival[:-1]):
        order = np.arange(len(arrival))
    else:
        order = np.argsort(arrival, kind="stable")
        arrival = arrival[order]
    same = arrival[1:] == arrival[:-1]
    if same.any():
        tied = np.flatnonzero(np.append(same, False) | np.insert(same, 0, False))
        among = order[tied]
        model = queries.key if queries.model is None else queries.model
        facts = (model, queries.id, queries.key, queries.recorded, queries.service_s, queries.arrival_ns)
        order[tied] = among[np.lexsort([fact[among] for fact in facts])]
    return order


def _first_of_each(ids: NDArray[np.uint64]) -> NDArray[np.bool_] | slice:
    ordered = np.sort(ids)
    if not np.any((ordered[1:] == ordered[:-1]) & (ordered[1:] != _NO_HASH)):
        return slice(None)
    first: NDArray[np.bool_] = np.equal(ids, _NO_HASH)
    first[np.unique(ids, return_index=True)[1]] = True
    return first


def _numbered(hashes: NDArray[np.uint64]) -> NDArray[np.int64] | None:
    if not hashes.any():
        return None
    distinct, first, place = np.unique(hashes, return_index=True, return_inverse=True)
    keyed = np.flatnonzero(distinct != _NO_HASH)
    numbers = np.full(len(distinct), -1, np.int64)
    numbers[keyed[np.argsort(first[keyed])]] = np.arange(len(keyed))
    return numbers[place]


def _moment(nanoseconds: int) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=nanoseconds // 1000)
