"""Bytes become data, or one problem with its place; nothing else ever comes out."""

import codecs
import importlib.util
import pickle
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest
import toml_rs
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aurora_core.config.toml_text import TomlSyntaxError, parse


def problem_of(raw):
    with pytest.raises(TomlSyntaxError) as caught:
        parse(raw)
    return caught.value


def assert_problem_can_be_shown(problem, raw):
    """Its place is in the text or right behind it, and its message is one line to print."""
    lines = raw.removeprefix(codecs.BOM_UTF8).decode(errors="replace").split("\n")
    assert 1 <= problem.line <= len(lines)
    assert 1 <= problem.column <= len(lines[problem.line - 1]) + 1
    assert problem.message
    assert not problem.message[0].isupper()
    assert not any(unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} for char in problem.message)
    assert "(at " not in problem.message


def test_a_file_becomes_its_text_and_its_data():
    assert parse("a = 'é'\r\n".encode()) == ("a = 'é'\r\n", {"a": "é"})


def test_an_empty_file_holds_nothing():
    assert parse(b"") == ("", {})


def test_a_byte_order_mark_is_no_part_of_the_text():
    assert parse(codecs.BOM_UTF8 + b"a = 1") == ("a = 1", {"a": 1})
    assert parse(codecs.BOM_UTF8) == ("", {})


PROBLEMS = {
    "no equals sign": (b"a = 1\nkey\n", 2, 4, "expected '=' after a key in a key/value pair"),
    "no equals sign at the end": (b"a = 1\nkey", 2, 4, "expected '=' after a key in a key/value pair"),
    "no value": (b"a =\nb = 1", 1, 4, "invalid value"),
    "no value on a Windows line": (b"\r\na =\r\nb = 1\r\n", 2, 4, "invalid value"),
    "behind Windows lines": (b"a = 1\r\n\r\nb = 1 c\r\n", 3, 7, "expected newline or end of document"),
    "behind a Windows text": (b"a = '''\r\n\r\n'''\r\nb = x\r\n", 4, 5, "invalid value"),
    "an open array": (b"a = [1,\n  2\n\n", 2, 4, "unclosed array"),
    "an open array on Windows lines": (b"a = [1,\r\n  2 \r\n\r\n\t", 2, 4, "unclosed array"),
    "an open text": (b'a = "b', 1, 7, "unterminated string"),
    "an open text of an odd blank": ("a = '''\u3000\n".encode(), 1, 9, "expected \"'''\""),
    "columns are characters": ("'é日𝄞' = x".encode(), 1, 9, "invalid value"),
    "behind a byte order mark": (codecs.BOM_UTF8 + b"a = x", 1, 5, "invalid value"),
    "a second byte order mark": (codecs.BOM_UTF8 * 2 + b"a = 1", 1, 1, "invalid statement"),
    "a table twice": (b"[a]\n[a]\nb = 1", 2, 3, "cannot declare ('a',) twice"),
    "a key twice": (b"a = 1\na = 2\nb = 3", 2, 6, "cannot overwrite a value"),
    "an impossible day": (b"a = 1\nb = 2023-02-29", 2, 5, "invalid date or datetime"),
    "an impossible month": (b"a = 2024-13-99", 1, 9, "expected newline or end of document"),
    "an impossible hour": (b"a = 24:00:00", 1, 7, "expected newline or end of document"),
    "NUL": (b"a = 1\n\x00", 2, 1, "invalid statement"),
    "NUL in a text": (b"a = '\x00'", 1, 6, r"found invalid character '\x00'"),
    "an escape in a text": (b'a = "\x1b[31m"', 1, 6, r"illegal character '\x1b'"),
    "a control character in a comment": (b"# \x07", 1, 3, r"found invalid character '\x07'"),
    "a lone carriage return": (b"a = 1\rb = 2", 1, 6, "expected newline or end of document"),
    "odd characters twice": (b'["\\u001b"]\n["\\u001b"]', 2, 10, r"cannot declare ('\x1b',) twice"),
    "no UTF-8": (b"a = 1\nb = '\xff'", 2, 6, "not UTF-8: byte 0xff"),
    "no UTF-8 behind other characters": ("é\r\nä日".encode() + b"\x80", 2, 3, "not UTF-8: byte 0x80"),
    "no UTF-8 behind a byte order mark": (codecs.BOM_UTF8 + b"\xe9", 1, 1, "not UTF-8: byte 0xe9"),
    "a character cut off": (b"a = '\xe2\x82", 1, 6, "not UTF-8: byte 0xe2"),
    "a surrogate": (b"\n\xed\xa0\x80", 2, 1, "not UTF-8: byte 0xed"),
    "UTF-16": ("a = 1".encode("utf-16"), 1, 1, "not UTF-8: byte 0xff"),
}  # fmt: skip


@pytest.mark.parametrize(("raw", "line", "column", "message"), PROBLEMS.values(), ids=PROBLEMS)
def test_a_problem_has_its_place_and_its_words(raw, line, column, message):
    problem = problem_of(raw)
    assert (problem.line, problem.column) == (line, column)
    assert problem.message.startswith(message)
    assert_problem_can_be_shown(problem, raw)


def test_a_problem_reads_as_one_line_and_survives_a_process_boundary():
    problem = problem_of(b"a = 1\nkey\n")
    assert str(problem) == "line 2, column 4: expected '=' after a key in a key/value pair"
    assert str(pickle.loads(pickle.dumps(problem))) == str(problem)


DEEP = {
    "arrays": b"a = " + b"[" * 10_000,
    "closed arrays": b"a = " + b"[" * 10_000 + b"]" * 10_000,
    "inline tables": b"a = " + b"{a = " * 10_000,
    "arrays of inline tables": b"a = " + b"[{a = " * 10_000,
}


@pytest.mark.parametrize("value", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_a_problem_where_it_becomes_too_deep(value):
    raw = b"first = 1\r\n" + value
    problem = problem_of(raw)
    assert (problem.line, problem.message) == (2, "nested too deeply")
    assert len("a = [") < problem.column < len(value)


def test_deep_nesting_over_many_lines_is_found_on_its_line():
    problem = problem_of(b"a = " + b"[\n" * 10_000)
    assert problem.message == "nested too deeply"
    assert 10 < problem.line < 10_000
    assert problem.column == 1


@pytest.mark.parametrize("before", ["", "[", "{b = ", "[{b = 1},"])
def test_a_number_of_too_many_digits_is_a_problem_where_it_stands(before):
    limit = sys.get_int_max_str_digits()
    raw = f"b = 1\r\na = {before}{'9' * limit}9  # and on\nc = 1".encode()
    problem = problem_of(raw)
    assert (problem.line, problem.column) == (2, len("a = ") + len(before) + limit + 1)
    assert problem.message.startswith(f"exceeds the limit ({limit} digits)")
    assert "sys." not in problem.message
    assert_problem_can_be_shown(problem, raw)


def test_a_number_of_as_many_digits_as_allowed_is_read():
    digits = "9" * sys.get_int_max_str_digits()
    assert parse(f"a = {digits}".encode())[1] == {"a": int(digits)}


class Placed(tomllib.TOMLDecodeError):
    """An error as Python 3.14 raises it: its place is in attributes, in its message too."""

    def __init__(self, message, lineno, colno):
        super().__init__(message)
        self.lineno, self.colno = lineno, colno


RAISED = {
    "a place in the message": (tomllib.TOMLDecodeError("Odd (at line 2, column 3)"), 2, 3, "odd"),
    "a place in both": (Placed("Odd (at line 2, column 3)", 2, 3), 2, 3, "odd"),
    "a place in attributes": (Placed("Odd", 2, 3), 2, 3, "odd"),
    "the end in both": (Placed("Odd (at end of document)", 4, 1), 2, 6, "odd"),
    "the end": (tomllib.TOMLDecodeError("Odd (at end of document)"), 2, 6, "odd"),
    "no place": (tomllib.TOMLDecodeError("Odd"), 1, 1, "odd"),
    "a place in the middle": (tomllib.TOMLDecodeError("A (at line 2) B"), 1, 1, "a (at line 2) B"),
    "control characters": (tomllib.TOMLDecodeError("A\n\x1b (at line 2, column 3)"), 2, 3, r"a\n\x1b"),
    "no words": (ValueError(), 2, 5, "a value is out of range"),
    "another error of values": (OverflowError("Too large; call f()"), 2, 5, "too large"),
}  # fmt: skip


@pytest.mark.parametrize(("error", "line", "column", "message"), RAISED.values(), ids=RAISED)
def test_however_the_parser_puts_it_the_problem_is_the_same(monkeypatch, error, line, column, message):
    def refuse(text):
        if "=" in text and text.endswith(("2", "2\n\n")):
            raise error
        return {}

    monkeypatch.setattr(tomllib, "loads", refuse)
    problem = problem_of(b"a = 1\nb = 2\n\n" if "end" in str(error) else b"a = 1\nb = 2")
    assert (problem.line, problem.message) == (line, message)
    assert problem.column == column


@pytest.fixture(scope="module")
def corpus():
    """The files that CPython holds its own parser to, by ``valid`` and ``invalid``."""
    found = importlib.util.find_spec("test.test_tomllib")
    if found is None or not found.submodule_search_locations:
        pytest.skip("this Python ships no tests of its own, hence no corpus")
    data = Path(found.origin).parent / "data"
    files = {
        kind: [file.read_bytes() for file in data.glob(f"{kind}/**/*.toml")] for kind in ("valid", "invalid")
    }
    assert all(files.values())
    return files


def test_every_invalid_file_of_pythons_own_corpus_is_a_problem_that_can_be_shown(corpus):
    for raw in corpus["invalid"]:
        assert_problem_can_be_shown(problem_of(raw), raw)
        windows = raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
        assert_problem_can_be_shown(problem_of(windows), windows)


def test_a_problem_stands_at_the_same_place_in_a_windows_file(corpus):
    for raw in corpus["invalid"]:
        unix = raw.replace(b"\r\n", b"\n")
        windows = unix.replace(b"\n", b"\r\n")
        assert str(problem_of(windows)) == str(problem_of(unix))


def test_the_second_library_refuses_the_invalid_files_too(corpus):
    for raw in corpus["invalid"]:
        with pytest.raises(toml_rs.TOMLDecodeError):
            toml_rs.loads(raw.decode(), toml_version="1.0.0")


def test_every_valid_file_of_the_corpus_is_read(corpus):
    for raw in corpus["valid"]:
        text, data = parse(raw)
        assert text.encode() == raw
        assert repr(data) == repr(toml_rs.loads(text, toml_version="1.0.0"))


def assert_parsed_or_a_problem(raw):
    """Whether it was read; whatever else comes out fails the test."""
    try:
        text, data = parse(raw)
    except TomlSyntaxError as problem:
        assert_problem_can_be_shown(problem, raw)
        return False
    assert text.encode() == raw.removeprefix(codecs.BOM_UTF8)
    assert data == tomllib.loads(text) or "nan" in text
    return True


@given(st.binary(max_size=60))
@settings(deadline=None)
@example(b"a = 0001-01-01T00:00:00+23:59")
@example(b"a = 1e999999999")
@example(b"a = 0x" + b"f" * 6000)
@example(codecs.BOM_UTF8 + b"\n\n\xff")
def test_any_bytes_are_read_or_are_a_problem(raw):
    assert_parsed_or_a_problem(raw)


PIECES = [
    *["a", "b.c", '"d e"', "'f'", "=", "=", ".", ",", "[", "]", "[[", "]]", "{", "}", "#", " ", "\n", "\r\n"],
    *[
        '"',
        "'",
        '"""',
        "'''",
        "\\",
        "\\u00",
        "é",
        "𝄞",
        "1",
        "-0.5e3",
        "true",
        "inf",
        "1979-05-27",
        "07:32:00",
    ],
    *["\x00", "\x1b", "\u2028", "\ufeff"],
]


@given(st.lists(st.sampled_from(PIECES), max_size=25))
@settings(deadline=None)
def test_any_row_of_tokens_is_read_or_is_a_problem(pieces):
    assert_parsed_or_a_problem("".join(pieces).encode())


VALID = b"""\
# A file with a little of everything: [a] = { 1 }
title = "x \\u00e9 \\" # y"
'a b'."c" . d = [ 1, 0xf, 1_000.5e-3, inf, [ 'x', ], ] # ]
when = [1979-05-27 07:32:00Z, 1979-05-27, 07:32:00.5]
many = \"""
line \\
  "two" \"""\""
raw = '''
\\ ''x'''''
[a.b]
p = { q.r = true, s = [ {} ] }
[[a.t]]
"" = ""
[[a.t]]
[a.t.u]
"\xe6\x97\xa5" = 1
"""


@st.composite
def spoilt_files(draw):
    """A valid file with some bytes taken out, put in or written over."""
    raw = bytearray(draw(st.sampled_from([VALID, VALID.replace(b"\n", b"\r\n"), codecs.BOM_UTF8 + VALID])))
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(raw)))
        end = start + draw(st.integers(0, 4))
        raw[start:end] = draw(
            st.binary(max_size=2) | st.sampled_from([b"\n", b'"', b"'", b"[", b"]", b"=", b"9"])
        )
    return bytes(raw)


def test_the_file_to_spoil_is_valid():
    assert parse(VALID)[1]["a"]["t"] == [{"": ""}, {"u": {"日": 1}}]


@given(spoilt_files())
@settings(deadline=None)
def test_a_spoilt_file_is_read_or_is_a_problem(raw):
    assert_parsed_or_a_problem(raw)
