import gzip
import io
import os
import sys
import tempfile
import threading
from pathlib import Path

import duckdb
import pytest

from aurora_cli.simulate.reader import (
    BadOption,
    DamagedLog,
    LogNotFound,
    NoQueries,
    NotRecognised,
    read,
    sources,
    table,
    zstd,
)

HEADER = "time,latency_ms,status"
ROWS = [f"{second},{second * 10},200" for second in range(1, 2001)]


@pytest.fixture
def spools(tmp_path, monkeypatch):
    """Where temporary files go, to see that none stays."""
    folder = tmp_path / "spools"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def log(write):
    return write("log", [HEADER, *ROWS])


def standard_input(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


@pytest.mark.parametrize("kind", [None, "gz", "zst"])
@pytest.mark.parametrize("container", ["CSV", "JSON lines"])
def test_csv_and_json_lines_are_read_plain_or_compressed_whatever_their_name(
    write, compressed, container, kind
):
    objects = [dict(zip(HEADER.split(","), map(int, row.split(",")), strict=True)) for row in ROWS]
    path = write("log", [HEADER, *ROWS] if container == "CSV" else objects)
    workload, report = read([compressed(path, kind) if kind else path])
    assert len(workload) == 2000
    assert workload.service_s[-1] == 20.0
    assert report.format == f"common column names ({container})"


def test_parquet_is_read_with_its_own_types(tmp_path):
    path = str(tmp_path / "log")
    times = "TIMESTAMP '2025-12-23 10:00:00' + INTERVAL (i * 250) MILLISECOND"
    duckdb.execute(
        f"COPY (SELECT {times} AS time, i::DOUBLE AS latency_ms, i % 2 = 0 AS success, [i] AS key "
        f"FROM range(4) r(i)) TO '{path}' (FORMAT parquet, COMPRESSION zstd)"
    )
    workload, report = read([path])
    assert workload.arrival_s.tolist() == [0.0, 0.25, 0.5, 0.75]
    assert workload.service_s.tolist() == [0.0, 0.001, 0.002, 0.003]
    assert workload.recorded.tolist() == [0, 1, 0, 1]
    assert workload.key.tolist() == [0, 1, 2, 3]
    assert workload.first_arrival.isoformat() == "2025-12-23T10:00:00+00:00"
    assert report.format == "common column names (Parquet)"


def test_parquet_with_zones_and_nanoseconds_is_exact(tmp_path):
    for kind in ("TIMESTAMPTZ", "TIMESTAMP_NS", "TIMESTAMP_MS"):
        path = str(tmp_path / kind)
        values = f"({kind} '2025-12-23 10:00:00.001'), ({kind} '2025-12-23 10:00:01')"
        rows = f"SELECT moment AS time, 1 AS latency_ms FROM (VALUES {values}) v(moment)"
        duckdb.execute(f"SET TimeZone = 'UTC'; COPY ({rows}) TO '{path}' (FORMAT parquet)")
        workload, _ = read([path])
        assert workload.arrival_s.tolist() == [0.0, 0.999]


def test_several_compressed_members_in_one_file_are_read_to_the_end(write, compressed):
    path = write("log", [{"time": second, "latency_ms": 5} for second in range(1000)])
    for kind in ("gz", "zst"):
        packed = Path(compressed(path, kind))
        packed.write_bytes(packed.read_bytes() * 2)
        assert len(read([str(packed)])[0]) == 2000


def test_standard_input_is_read_and_its_spool_is_gone(monkeypatch, spools, log):
    for content in (Path(log).read_bytes(), gzip.compress(Path(log).read_bytes())):
        standard_input(monkeypatch, content)
        workload, report = read(["-"])
        assert len(workload) == 2000
        assert report.files == ("standard input",)
        assert list(spools.iterdir()) == []


def test_an_interruption_leaves_no_spool(monkeypatch, spools):
    class Interrupted(io.BytesIO):
        def read(self, *_):
            assert list(spools.iterdir())
            raise KeyboardInterrupt

    monkeypatch.setattr(sys, "stdin", type("Input", (), {"buffer": Interrupted()}))
    with pytest.raises(KeyboardInterrupt):
        read(["-"])
    assert list(spools.iterdir()) == []


def test_an_interrupted_query_is_an_interruption(monkeypatch, spools, log):
    def interrupted(*_, **__):
        raise RuntimeError("Query interrupted")  # what DuckDB makes of Control-C

    monkeypatch.setattr(table, "append", interrupted)
    with pytest.raises(KeyboardInterrupt):
        read([log])
    assert list(spools.iterdir()) == []


def test_a_pipe_with_a_name_is_read(tmp_path, log):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(Path(log).read_bytes()))
    writer.start()
    workload, report = read([str(pipe)])
    writer.join()
    assert len(workload) == 2000
    assert report.files == (str(pipe),)


def test_a_pattern_is_its_files_in_order_and_a_file_named_twice_is_read_once(write, tmp_path):
    for name in ("b.csv", "a.csv"):
        write(name, [HEADER, *ROWS[:10]])
    write("c.txt", ["nothing"])
    _, report = read([str(tmp_path / "*.csv"), str(tmp_path / "a.csv")])
    assert [Path(file).name for file in report.files] == ["a.csv", "b.csv"]
    assert report.queries == 20


@pytest.mark.parametrize("name", ["a[1].csv", "what?.csv", "it's * odd.csv", "ünï.csv", "-x.csv"])
def test_a_file_may_have_any_name(write, name):
    workload, _ = read([write(name, [HEADER, *ROWS[:3]])])
    assert len(workload) == 3


def test_a_byte_order_mark_is_no_part_of_the_log(tmp_path):
    for line in ('{"time": 1, "latency_ms": 5}', "time,latency_ms\n1,5"):
        plain = tmp_path / "log"
        plain.write_bytes(b"\xef\xbb\xbf" + line.encode())
        packed = tmp_path / "log.gz"
        packed.write_bytes(gzip.compress(plain.read_bytes()))
        for path in (plain, packed):
            workload, report = read([str(path)])
            assert len(workload) == 1
            assert report.files == (str(path),)


def test_lines_may_end_as_on_windows_and_empty_ones_may_stand_before_a_header(write):
    assert len(read([write("a.csv", ["", "", HEADER, *ROWS[:5]], end="\r\n")])[0]) == 5
    assert len(read([write("a.jsonl", [{"time": 1, "latency_ms": 5}], end="\r\n")])[0]) == 1


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_the_delimiter_is_told_by_the_header(write, delimiter):
    lines = [line.replace(",", delimiter) for line in (HEADER, *ROWS[:5])]
    assert len(read([write("a.csv", lines)])[0]) == 5


def test_columns_without_a_name_or_with_one_twice_do_no_harm(write):
    assert len(read([write("a.csv", ["time,,latency_ms,x,x,", "1,,5,1,2,3"])])[0]) == 1


@pytest.mark.parametrize("kind", ["gz", "zst"])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_a_compressed_file_cut_short_is_damaged(log, compressed, kind, share):
    path = Path(compressed(log, kind))
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(DamagedLog, match=f"`{path}`"):
        read([str(path)])


def test_the_end_of_each_zstandard_frame_is_known(log, compressed):
    path = Path(compressed(log, "zst"))
    content = path.read_bytes()
    skippable = b"\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
    for whole in (content, content + content, content + skippable):
        path.write_bytes(whole)
        assert zstd.is_whole(str(path))
    for cut in (*range(4, len(content), 97), len(content) - 1):
        path.write_bytes(content[:cut])
        assert not zstd.is_whole(str(path))


def test_a_corrupt_compressed_file_is_damaged(log, compressed):
    for kind in ("gz", "zst"):
        path = Path(compressed(log, kind))
        content = bytearray(path.read_bytes())
        content[40:60] = bytes(20)
        path.write_bytes(content)
        with pytest.raises(DamagedLog):
            read([str(path)])


def test_a_parquet_file_cut_short_is_damaged(tmp_path):
    path = tmp_path / "a.parquet"
    duckdb.execute(f"COPY (SELECT i AS time FROM range(9999) r(i)) TO '{path}'")
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(DamagedLog, match=r"a\.parquet"):
        read([str(path)])


def test_what_is_no_text_is_damaged(tmp_path):
    path = tmp_path / "noise"
    for content in (
        bytes(range(256)) * 100,
        b"\x00" * 5000,
        b"\x7fELF\x02\x01\x01\x00",
        "time,a\n1,2".encode("utf-16"),
    ):
        path.write_bytes(content)
        with pytest.raises(DamagedLog, match="noise"):
            read([str(path)])


def test_a_nul_byte_in_a_line_harms_that_line_at_most(write):
    rows = ['{"time": 1, "latency_ms": 5}'] * 200
    rows[100] = '{"time": \0, "latency_ms": 5}'
    _, report = read([write("a.jsonl", rows)])
    assert (report.queries, report.bad_lines, report.bad_examples[0].line) == (199, 1, 101)
    lines = ["time,latency_ms", *["1,5"] * 200]
    lines[100] = "1\0,5"
    _, report = read([write("a.csv", lines)])
    assert (report.queries, report.bad_lines, report.bad_examples[0].line) == (199, 1, 101)


def test_an_empty_file_has_no_queries_and_does_no_harm_among_others(write, log):
    empty = write("empty", [])
    with pytest.raises(NoQueries, match="empty"):
        read([empty])
    assert len(read([empty, log])[0]) == 2000


def test_a_file_that_is_not_there_a_pattern_without_a_match_and_a_folder_are_not_found(tmp_path):
    with pytest.raises(LogNotFound, match=r"no such file: `.*nowhere`"):
        read([str(tmp_path / "nowhere")])
    with pytest.raises(LogNotFound, match=r"no file matches `.*\*\.csv`"):
        read([str(tmp_path / "*.csv")])
    with pytest.raises(LogNotFound, match="is a folder: name the files in it"):
        read([str(tmp_path)])
    with pytest.raises(LogNotFound, match="no such file"):
        read(["a\0b"])


def test_a_file_without_permission_is_said_to_be_so(log, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(sources, "_recognised", refuse)
    with pytest.raises(LogNotFound, match="no permission to read"):
        read([log])


def test_json_that_is_not_one_object_a_line_is_answered_with_how_to_make_it_so(write):
    with pytest.raises(NotRecognised, match=r"jq -c '\.\[\]'"):
        read([write("a.json", ["[", '{"time": 1}', "]"])])
    with pytest.raises(NotRecognised, match="one whole object a line"):
        read([write("a.json", ["{", '"time": 1', "}"])])


def test_files_of_different_kinds_are_no_single_log(write, log):
    other = write("other.csv", ["time,took", "1,2"])
    with pytest.raises(BadOption, match=r"`.*other\.csv` has no column `latency_ms`"):
        read([log, other])


def test_a_csv_file_may_end_its_lines_in_two_ways(tmp_path):
    path = tmp_path / "a.csv"
    for content in (b"time,latency_ms\r\n1,5\n2,5\r\n", b"time,latency_ms\n1,5\n2,5\r\n"):
        path.write_bytes(content)
        workload, report = read([str(path)])
        assert len(workload) == 2
        assert report.bad_lines == 0


@pytest.mark.parametrize("kind", [None, "gz", "zst"])
def test_a_line_may_be_megabytes_long(write, compressed, kind):
    long = "y" * 3_000_000
    rows = ["time,latency_ms,prompt", *["1,5,x"] * 50, f"1,5,{long}", *["1,5,x"] * 50]
    objects = [{"time": 1, "latency_ms": 5, "prompt": prompt} for prompt in ("x", long, "y")]
    for path, count in ((write("a.csv", rows), 101), (write("a.jsonl", objects), 3)):
        workload, report = read([compressed(path, kind) if kind else path])
        assert len(workload) == count
        assert report.bad_lines == 0


def test_a_line_that_is_not_utf8_is_bad_alone(tmp_path):
    good, bad = b'{"time": 1, "latency_ms": 5}\n', b'{"time": 1, "latency_ms": "\xff"}\n'
    for path, content in (
        (tmp_path / "a", good * 200 + bad),
        (tmp_path / "a.gz", gzip.compress(good * 200 + bad)),
    ):
        path.write_bytes(content)
        _, report = read([str(path)])
        assert (report.queries, report.bad_lines, report.bad_examples[0].line) == (200, 1, 201)
