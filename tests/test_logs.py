"""Logs as JSON lines."""

import io
import json
import logging
import math
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_cli.app import run
from aurora_core.logs import JSONFormatter, configure_logging

KEY = "sk-proj-kJ8s0dTq2LmWz4vXy7RbQ1nE5uHc9AoP"


@pytest.fixture
def log(monkeypatch):
    """A logger that writes into a text: the logger, and the lines it wrote."""
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    stream = io.StringIO()
    configure_logging("DEBUG", stream=stream, secrets=["hunter2"])
    return logging.getLogger("test"), lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def formatted(**attributes):
    record = logging.makeLogRecord({"msg": "hello", "levelname": "INFO", "created": 1.5, **attributes})
    return JSONFormatter().format(record)


def test_a_record_has_the_guides_fields_in_its_order_and_utc(log):
    logger, lines = log
    logger.info("answered %s", "why", extra={"latency_ms": 12.5, "query_id": "q1", "model": "gpt-4"})
    (line,) = lines()
    assert list(line) == [
        "timestamp", "level", "message", "module", "function", "query_id", "latency_ms", "model",
    ]  # fmt: skip
    assert line["message"] == "answered why"
    assert (line["module"], line["function"]) == (
        "test_logs",
        "test_a_record_has_the_guides_fields_in_its_order_and_utc",
    )
    assert json.loads(formatted())["timestamp"] == "1970-01-01T00:00:01.500Z"


def test_an_exception_and_a_stack_are_told_in_the_same_line(log):
    logger, lines = log
    try:
        int("two\nlines")
    except ValueError:
        logger.exception("failed", stack_info=True)
    (line,) = lines()
    assert line["exception"].endswith(r"'two\nlines'")
    assert "Stack (most recent call last)" in line["stack"]


def test_secrets_are_masked_wherever_they_stand(log):
    logger, lines = log
    try:
        int(KEY)
    except ValueError:
        logger.exception(
            "key %s, password hunter2", KEY, extra={"headers": {"auth": [KEY, "hunter2"]}, "other": object}
        )
    (line,) = lines()
    assert KEY not in json.dumps(line)
    assert "hunter2" not in json.dumps(line)


def test_what_is_called_a_secret_is_masked_whatever_it_looks_like(log):
    class Fails(dict):
        def items(self):
            raise RuntimeError("no")

    logger, lines = log
    logger.info(
        "in",
        extra={
            "password": "swordfish",
            "headers": {"Authorization": "Basic c3dvcmQ=", "X-Api-Key": "swordfish", "accept": "*/*"},
            "odd": Fails(key=KEY),
            "tokens": 12,
            "token_kind": "words",
        },
    )
    (line,) = lines()
    assert line["password"] == "****"
    assert line["headers"] == {"Authorization": "****", "X-Api-Key": "****", "accept": "*/*"}
    assert (line["tokens"], line["token_kind"]) == (12, "words")
    assert KEY not in line["odd"]


def test_whatever_is_logged_is_one_line_and_nothing_fails(log):
    class Odd:
        def __str__(self):
            raise RuntimeError("no")

    deep = []
    deep.append(deep)
    logger, lines = log
    logger.info(
        "a\nb\u2028c\r", extra={"odd": Odd(), "nan": math.nan, "deep": deep, "bytes": b"x", "set": {1}}
    )
    (first,) = lines()
    assert first["message"] == "a\nb\u2028c\r"
    assert first["nan"] is None
    assert "cannot be shown" in first["odd"]
    assert "cannot be shown" in json.loads(formatted(msg=Odd()))["message"]
    assert json.loads(formatted(msg="wrong %s %s", args=("one",)))["message"] == "wrong %s %s ('one',)"


@given(
    st.text(),
    st.dictionaries(st.text(min_size=1), st.none() | st.text() | st.floats() | st.lists(st.integers())),
)
def test_any_record_is_one_line_of_json(message, extra):
    own = {f"x_{name}": value for name, value in extra.items()}
    line = formatted(msg=message, args=(), **own)
    assert len(line.splitlines()) == 1
    assert set(own) - {""} <= set(json.loads(line)) | set(own)


def test_what_an_extra_is_called_takes_nothing_away(log):
    logger, lines = log
    logger.info("real", extra={"level": "mine", "timestamp": "mine", "function": "mine", "stack": "mine"})
    (line,) = lines()
    assert (line["level"], line["extra_level"]) == ("INFO", "mine")
    assert (line["extra_timestamp"], line["extra_function"], line["stack"]) == ("mine", "mine", "mine")


def test_what_has_no_end_is_written_in_part_and_in_time(log):
    logger, lines = log
    wide = []
    wide.extend([wide] * 50)
    logger.info("wide", extra={"wide": wide, "long": range(3), "many": list(range(100_000))})
    (line,) = lines()
    assert len(json.dumps(line)) < 200_000
    assert line["long"] == "range(0, 3)"


def test_numbers_and_keys_that_json_cannot_hold_are_shown_as_they_can_be(log):
    class Odd:
        def __str__(self):
            raise RuntimeError("no")

        __hash__ = object.__hash__

    class Fails(dict):
        def items(self):
            raise RuntimeError("no")

    logger, lines = log
    logger.info("odd", extra={"big": 10**5000, "wide": 2**70, "keys": {Odd(): 1, 2: 3}, "fails": Fails()})
    (line,) = lines()
    assert "cannot be shown" in line["big"]
    assert line["wide"] == str(2**70)
    assert line["keys"]["2"] == 3
    assert line["fails"] == "{}"


def test_an_exception_that_another_process_told_is_kept_and_one_that_is_none_is_left_out():
    assert json.loads(formatted(exc_text="Traceback: far away"))["exception"] == "Traceback: far away"
    assert "exception" not in json.loads(formatted())
    assert json.loads(formatted(exc_info=True))["exception"] == "True"


def test_the_text_form_masks_and_is_in_utc_too(monkeypatch):
    monkeypatch.setattr(logging.root, "handlers", [])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    stream = io.StringIO()
    configure_logging("INFO", "text", stream=stream, secrets=["hunter2"])
    (handler,) = logging.root.handlers
    handler.handle(logging.makeLogRecord({"msg": f"hunter2 {KEY}", "levelname": "INFO", "created": 1.5}))
    assert stream.getvalue().startswith("1970-01-01T00:00:01.500Z INFO ")
    assert "hunter2" not in stream.getvalue()
    assert KEY not in stream.getvalue()


def test_a_secret_is_masked_in_the_forms_that_it_takes_on_its_way(log):
    monster = 'p\u00e4ss "word"\\/+\n1'
    stream = io.StringIO()
    configure_logging(stream=stream, secrets=[monster])
    for form in (monster, repr(monster), json.dumps(monster), quote(monster, safe=""), quote_plus(monster)):
        logging.getLogger("x").info("it is %s", form)
    for line in stream.getvalue().splitlines():
        assert "ss" not in json.loads(line)["message"]


def test_configured_again_it_takes_its_own_place_only(monkeypatch):
    other = logging.NullHandler()
    monkeypatch.setattr(logging.root, "handlers", [other])
    monkeypatch.setattr(logging.root, "level", logging.root.level)
    first, second = io.StringIO(), io.StringIO()
    configure_logging(stream=first)
    configure_logging("WARNING", "text", stream=second)
    logging.getLogger("x").info("quiet")
    logging.getLogger("x").warning("loud")
    assert first.getvalue() == ""
    assert second.getvalue().endswith("WARNING x: loud\n")
    assert len(logging.root.handlers) == 2
    assert other in logging.root.handlers


def test_what_it_writes_is_a_log_that_simulate_reads(log, tmp_path, monkeypatch, capsys):
    logger, _ = log
    monkeypatch.chdir(tmp_path)
    stream = io.StringIO()
    configure_logging(stream=stream)
    for number in range(50):
        (logger.error if number % 10 == 9 else logger.info)(
            "query", extra={"query_id": f"q{number}", "latency_ms": 20.0}
        )
    (tmp_path / "service.jsonl").write_text(stream.getvalue())
    assert run(["simulate", "service.jsonl", "--format", "json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["summary"]["log"]["queries"] == 50
    assert answer["summary"]["log"]["recorded_failures"] == 5
