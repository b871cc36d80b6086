"""Where an answer may be written, and where not."""

import os

import pytest


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("option", ["-o", "--trace"])
def test_a_log_that_is_read_is_not_written_over(aurora, log, folder, option):
    before = log.read_bytes()
    exit_code, out, err = aurora("simulate", "*.csv", option, folder / "." / "queries.csv")
    assert (exit_code, out) == (2, "")
    assert "is a log that is replayed" in err
    assert log.read_bytes() == before


def test_nor_by_way_of_a_link(aurora, log, folder):
    before = log.read_bytes()
    (folder / "link").symlink_to(log)
    assert aurora("simulate", log, "-o", "link")[0] == 2
    assert log.read_bytes() == before


def test_the_answer_and_the_trace_do_not_go_into_one_file(aurora, log, folder):
    exit_code, _, err = aurora("simulate", log, "-o", "one.csv", "--trace", folder / "one.csv")
    assert exit_code == 2
    assert "cannot hold two of" in err
    assert names(folder) == ["queries.csv"]


def test_into_a_pipe_is_written_and_it_stays_one(aurora, log, folder):
    os.mkfifo(folder / "pipe")
    pipe = os.open(folder / "pipe", os.O_RDONLY | os.O_NONBLOCK)  # it holds the answer until it is read
    assert aurora("simulate", log, "-o", "pipe")[0] == 0
    answer = os.read(pipe, 65_536).decode()
    os.close(pipe)
    assert answer == aurora("simulate", log)[1]
    assert (folder / "pipe").is_fifo()
    assert names(folder) == ["pipe", "queries.csv"]


def test_a_link_that_leads_nowhere_yet_leads_to_the_answer(aurora, log, folder):
    (folder / "link").symlink_to("new")
    assert aurora("simulate", log, "-o", "link")[0] == 0
    assert (folder / "new").read_text().startswith("Log")


def test_a_links_target_on_which_nothing_was_written_is_as_it_was(aurora, log, folder, monkeypatch):
    (folder / "old").write_text("old")
    (folder / "link").symlink_to("old")

    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("pathlib.Path.replace", interrupted)
    assert aurora("simulate", log, "-o", "link")[0] == 130
    assert (folder / "old").read_text() == "old"
    assert names(folder) == ["link", "old", "queries.csv"]


@pytest.mark.parametrize("option", ["-o", "--trace"])
def test_a_name_may_be_as_long_as_the_system_lets_it(aurora, log, folder, option):
    longest = "n" * 251 + ".csv"
    assert aurora("simulate", log, option, longest)[0] == 0
    assert longest in names(folder)
    exit_code, _, err = aurora("simulate", log, option, "n" + longest)
    assert exit_code == 2
    assert "File name too long" in err


def test_a_file_that_is_written_may_be_read_by_whoever_the_umask_lets(aurora, log, folder):
    before = os.umask(0o027)
    try:
        aurora("simulate", log, "-o", "answer", "--trace", "trace.csv")
    finally:
        os.umask(before)
    assert {oct((folder / name).stat().st_mode & 0o777) for name in ("answer", "trace.csv")} == {"0o640"}


def test_a_trace_that_cannot_be_written_leaves_the_old_one_and_nothing_else(aurora, log, folder, monkeypatch):
    (folder / "trace.csv").write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    exit_code, out, err = aurora("simulate", log, "--trace", "trace.csv")
    assert (exit_code, out) == (2, "")
    assert "No space left on device" in err
    assert (folder / "trace.csv").read_text() == "old"
    assert names(folder) == ["queries.csv", "trace.csv"]
