import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_cli.simulate.reader import ReadOptions, read

ROW = st.fixed_dictionaries(
    {
        "time": st.integers(0, 5),
        "latency_ms": st.sampled_from([0, 1, 1000]),
        "status": st.sampled_from([200, 429, 503]),
        "key": st.sampled_from(["a", "b", "c", None]),
        "id": st.one_of(st.none(), st.integers(0, 20)),
    }
)


def lines(rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def same(one, other):
    return (
        one.arrival_s.tobytes() == other.arrival_s.tobytes()
        and one.service_s.tobytes() == other.service_s.tobytes()
        and one.recorded.tobytes() == other.recorded.tobytes()
        and (one.key is None) == (other.key is None)
        and (one.key is None or one.key.tobytes() == other.key.tobytes())
        and one.first_arrival == other.first_arrival
    )


@settings(max_examples=40, deadline=None)
@given(data=st.data(), rows=st.lists(ROW, min_size=1, max_size=30))
def test_a_shuffled_log_gives_the_same_bytes_and_so_does_one_in_pieces(tmp_path_factory, data, rows):
    folder = tmp_path_factory.mktemp("logs")
    cut = data.draw(st.integers(0, len(rows)))
    shuffled = data.draw(st.permutations(rows))
    whole, other, first, second = (folder / f"{name}.jsonl" for name in ("whole", "other", "first", "second"))
    whole.write_text(lines(rows))
    other.write_text(lines(shuffled))
    first.write_text(lines(rows[:cut]))
    second.write_text(lines(rows[cut:]))
    workload, report = read([str(whole)])
    from_shuffled, _ = read([str(other)])
    from_pieces, of_pieces = read([str(first), str(second)])
    assert same(workload, from_shuffled)
    assert same(workload, from_pieces)
    assert of_pieces.out_of_order == report.out_of_order
    assert of_pieces.lines == report.lines == len(rows)
    assert report.queries + report.duplicates == len(rows)


@settings(max_examples=20, deadline=None)
@given(rows=st.lists(ROW, min_size=1, max_size=30))
def test_the_workload_is_what_plain_python_makes_of_the_rows(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("logs") / "a.jsonl"
    rows = [{**row, "id": None} for row in rows]
    path.write_text(lines(rows))
    workload, report = read([str(path)])
    outcome = {200: 0, 503: 1, 429: 2}
    expected = sorted((row["time"], row["latency_ms"] / 1000, outcome[row["status"]]) for row in rows)
    found = zip(workload.arrival_s, workload.service_s, workload.recorded, strict=True)
    first = expected[0][0]
    assert list(found) == [(time - first, service, recorded) for time, service, recorded in expected]
    times = [row["time"] for row in rows]
    assert report.out_of_order == sum(after < before for before, after in itertools.pairwise(times))
    if workload.key is not None:
        distinct = {row["key"] for row in rows} - {None}
        firsts = [
            int(key) for place, key in enumerate(workload.key) if key not in workload.key[:place] and key >= 0
        ]
        assert firsts == list(range(len(distinct)))
        assert (workload.key < 0).sum() == sum(row["key"] is None for row in rows)


@pytest.mark.parametrize("cut", [1, 5000, 12000])
def test_a_real_log_in_pieces_or_turned_round_gives_the_same_bytes(shared_data, tmp_path, cut):
    header, *rows = (shared_data / "azure_llm_conv.csv").read_text().splitlines()
    for name, part in (("1.csv", rows[:cut]), ("2.csv", rows[cut:]), ("turned.csv", rows[::-1])):
        (tmp_path / name).write_text("\n".join([header, *part]))
    whole, _ = read([str(shared_data / "azure_llm_conv.csv")])
    pieces, report = read([str(tmp_path / "[12].csv")])
    turned, of_turned = read([str(tmp_path / "turned.csv")])
    assert same(whole, pieces)
    assert same(whole, turned)
    assert report.out_of_order == 0
    assert of_turned.out_of_order > 19000


def test_what_is_out_of_order_is_sorted_and_counted(write):
    rows = [{"time": time, "latency_ms": time} for time in (10, 30, 20, 20, 50, 40)]
    workload, report = read([write("a.jsonl", rows)])
    assert workload.arrival_s.tolist() == [0, 10, 10, 20, 30, 40]
    assert workload.service_s.tolist() == [0.01, 0.02, 0.02, 0.03, 0.04, 0.05]
    assert report.out_of_order == 2


def test_of_queries_with_one_id_the_first_is_kept_and_the_others_are_counted(write):
    rows = [
        {"time": 5, "latency_ms": 5, "id": "a"},
        {"time": 1, "latency_ms": 1, "id": "a"},
        {"time": 2, "latency_ms": 2, "id": "b"},
        {"time": 3, "latency_ms": 3, "id": None},
        {"time": 4, "latency_ms": 4, "id": ""},
        {"time": 1, "latency_ms": 1, "id": "a"},
    ]
    workload, report = read([write("a.jsonl", rows)])
    assert workload.service_s.tolist() == [0.001, 0.002, 0.003, 0.004]
    assert (report.queries, report.duplicates, report.lines) == (4, 2, 6)


def test_a_line_that_is_bad_makes_no_duplicate(write):
    rows = [{"time": 1, "latency_ms": -1, "id": "a"}, {"time": 2, "latency_ms": 2, "id": "a"}]
    workload, report = read([write("a.jsonl", rows)], ReadOptions(max_bad_share=1))
    assert len(workload) == 1
    assert report.duplicates == 0


def test_a_log_of_several_buffers_keeps_its_order_and_the_number_of_its_bad_line(write):
    filler = "x" * 300
    rows = [json.dumps({"time": second, "latency_ms": 1, "filler": filler}) for second in range(150_000)]
    rows[140_000] = "torn"
    workload, report = read([write("a.jsonl", rows)])
    assert report.out_of_order == 0
    assert report.bad_examples[0].line == 140_001
    assert np.array_equal(workload.arrival_s, np.delete(np.arange(150_000.0), 140_000))
