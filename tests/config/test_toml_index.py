"""Where keys and values stand, by hand-made cases, by ``tomllib`` and by a second TOML library."""

import importlib.util
import re
import sys
import time
import tomllib
from datetime import UTC, date, datetime, timedelta, timezone
from datetime import time as day_time
from pathlib import Path

import pytest
import toml_rs
from hypothesis import given, settings
from hypothesis import strategies as st

from aurora_core.config.toml_index import Span, TomlEntry, index

# Hand-made cases: the text, a path, the key as written, the value as written, and where the two begin.

A1 = (1, 1)
CASES = {
    "a bare key": ("key = 1", ("key",), "key", "1", A1, (1, 7)),
    "no blanks": ("a=1", ("a",), "a", "1", A1, (1, 3)),
    "indented": ("\n\t a\t=\t1  # b = 2", ("a",), "a", "1", (2, 3), (2, 7)),
    "a number for a key": ("1 = 2", ("1",), "1", "2", A1, (1, 5)),
    "a basic key": ('"a.b #=" = 1', ("a.b #=",), '"a.b #="', "1", A1, (1, 12)),
    "a literal key": ("'a\"\\' = 1", ('a"\\',), "'a\"\\'", "1", A1, (1, 9)),
    "an escaped key": (r'"\"\u00e9\\" = 1', ('"é\\',), r'"\"\u00e9\\"', "1", A1, (1, 16)),
    "an empty key": ('"" = 1', ("",), '""', "1", A1, (1, 6)),
    "an empty literal key": ("'' = 1", ("",), "''", "1", A1, (1, 6)),
    "the last of a dotted key": ('a . "b" .c = 1', ("a", "b", "c"), "c", "1", (1, 10), (1, 14)),
    "the first of a dotted key": ('a . "b" .c = 1', ("a",), "a", "a", A1, A1),
    "the second of a dotted key": ('a . "b" .c = 1', ("a", "b"), '"b"', '"b"', (1, 5), (1, 5)),
    "the first of two namings": ("a.b = 1\na.c = 2", ("a",), "a", "a", A1, A1),
    "columns are characters": ('"日本" = "é𝄞" # é', ("日本",), '"日本"', '"é𝄞"', A1, (1, 8)),
    "a text of quotes": ("a = '\"'", ("a",), "a", "'\"'", A1, (1, 5)),
    "a text like TOML": ('a = "# [b] {c} = 1, \\" "', ("a",), "a", '"# [b] {c} = 1, \\" "', A1, (1, 5)),
    "a text that ends in backslashes": (r'a = "b\\" # "', ("a",), "a", r'"b\\"', A1, (1, 5)),
    "an empty text": ("a = '' # '", ("a",), "a", "''", A1, (1, 5)),
    "an empty text of many lines": ('a = """""" # "', ("a",), "a", '""""""', A1, (1, 5)),
    "many lines": ('a = """\nx\n""" # c', ("a",), "a", '"""\nx\n"""', A1, (1, 5)),
    "many literal lines": ("a = '''\n\\''x#\n''' # c", ("a",), "a", "'''\n\\''x#\n'''", A1, (1, 5)),
    "four quotes at the end": ('a = """x""""', ("a",), "a", '"""x""""', A1, (1, 5)),
    "five quotes at the end": ('a = """x""""" # "', ("a",), "a", '"""x"""""', A1, (1, 5)),
    "five literal quotes": ("a = '''x'''''", ("a",), "a", "'''x'''''", A1, (1, 5)),
    "nothing but quotes": ("a = ''''''''", ("a",), "a", "''''''''", A1, (1, 5)),
    "escaped quotes": ('a = """\\"""x\\""""', ("a",), "a", '"""\\"""x\\""""', A1, (1, 5)),
    "a joined line": ('a = """x \\\n  \n  y"""', ("a",), "a", '"""x \\\n  \n  y"""', A1, (1, 5)),
    "behind many lines": ("a = '''\n\n'''\nb = 1", ("b",), "b", "1", (4, 1), (4, 5)),
    "a moment with a blank": ("a = 1979-05-27 07:32:00", ("a",), "a", "1979-05-27 07:32:00", A1, (1, 5)),
    "a moment, a zone": ("a=1979-05-27 07:32:00-07:00", ("a",), "a", "1979-05-27 07:32:00-07:00", A1, (1, 3)),
    "a moment in UTC": ("a = [1979-05-27 07:32:00Z]", ("a", 0), "1979-05-27 07:32:00Z", None, (1, 6), (1, 6)),
    "a date before a comment": ("a = 1979-05-27 # 0", ("a",), "a", "1979-05-27", A1, (1, 5)),
    "a date before a line": ("a = 1979-05-27 \n07 = 1", ("a",), "a", "1979-05-27", A1, (1, 5)),
    "a time": ("a = 07:32:00.5", ("a",), "a", "07:32:00.5", A1, (1, 5)),
    "a signed number": ("a = -1_0.5e+3# c", ("a",), "a", "-1_0.5e+3", A1, (1, 5)),
    "an array": ("a = [ 1, [2] ]  # ]", ("a",), "a", "[ 1, [2] ]", A1, (1, 5)),
    "an empty array": ("a = [ # ]\n]", ("a",), "a", "[ # ]\n]", A1, (1, 5)),
    "an element": ("a = [ 1, [2] ]", ("a", 0), "1", None, (1, 7), (1, 7)),
    "an element that is an array": ("a = [ 1, [2] ]", ("a", 1), "[2]", None, (1, 10), (1, 10)),
    "an element of an element": ("a = [ 1, [2] ]", ("a", 1, 0), "2", None, (1, 11), (1, 11)),
    "an element among comments": ("a = [ # [\n1, # ]\n#\n'x' # ,\n,]", ("a", 1), "'x'", None, (4, 1), (4, 1)),
    "an array over many lines": ("a = [ # [\n1, # ]\n]", ("a",), "a", "[ # [\n1, # ]\n]", A1, (1, 5)),
    "an inline table": ("a = { b = 1 } # }", ("a",), "a", "{ b = 1 }", A1, (1, 5)),
    "an empty inline table": ("a = { }", ("a",), "a", "{ }", A1, (1, 5)),
    "an inline key": ("a = { b = 1, c='}' }", ("a", "c"), "c", "'}'", (1, 14), (1, 16)),
    "a dotted inline key": ("a = { b.c = 1 }", ("a", "b", "c"), "c", "1", (1, 9), (1, 13)),
    "an inline key on the way": ("a = { b.c = 1, b.d = 2 }", ("a", "b"), "b", "b", (1, 7), (1, 7)),
    "an inline table within": ("a = [{b = [{c = 1}]}]", ("a", 0, "b", 0, "c"), "c", "1", (1, 13), (1, 17)),
    "an element that is a table": ("a = [{b = 1}, {}]", ("a", 1), "{}", None, (1, 15), (1, 15)),
    "a header": (" [ a ] # c", ("a",), "a", "[ a ]", (1, 4), (1, 2)),
    "a dotted header": ("[a. 'b.c' ]", ("a", "b.c"), "'b.c'", "[a. 'b.c' ]", (1, 5), A1),
    "a table on the way": ("[a.b]\n[a.c]", ("a",), "a", "a", (1, 2), (1, 2)),
    "a table whose header comes later": ("[a.b]\n[a]", ("a",), "a", "[a]", (2, 2), (2, 1)),
    "a key below a header": ("[a]\nb.c = 1", ("a", "b", "c"), "c", "1", (2, 3), (2, 7)),
    "a header below a dotted key": ("[a]\nb.c = 1\n[a.b.d]", ("a", "b"), "b", "b", (2, 1), (2, 1)),
    "an array of tables": ("[[a]]\n[[ a ]]", ("a",), "a", "[[a]]", (1, 3), A1),
    "its first table": ("[[a]]\n[[ a ]]", ("a", 0), "a", "[[a]]", (1, 3), A1),
    "its second table": ("[[a]]\n[[ a ]]", ("a", 1), "a", "[[ a ]]", (2, 4), (2, 1)),
    "a key of its second table": ("[[a]]\n[[a]]\nb = 1", ("a", 1, "b"), "b", "1", (3, 1), (3, 5)),
    "a table of its last table": ("[[a]]\n[[a]]\n[a.b]", ("a", 1, "b"), "b", "[a.b]", (3, 4), (3, 1)),
    "an array within": ("[[a]]\n[[a.b]]\n[[a.b]]", ("a", 0, "b", 1), "b", "[[a.b]]", (3, 5), (3, 1)),
    "an array below a table": ("[x]\n[[x.a]]\n[x.a.b]", ("x", "a", 0, "b"), "b", "[x.a.b]", (3, 6), (3, 1)),
    "Windows lines": ("a = 1\r\nb = [\r\n  2,\r\n]\r\n", ("b",), "b", "[\r\n  2,\r\n]", (2, 1), (2, 5)),
    "a Windows text": ('a = """\r\nx\\\r\n"""\r\nb = 1\r\n', ("b",), "b", "1", (4, 1), (4, 5)),
    "a header on a Windows line": ("\r\n[a]\r\n", ("a",), "a", "[a]", (2, 2), (2, 1)),
    "another separator is no line": ("a = '\u2028\x85'\nb = 1", ("b",), "b", "1", (2, 1), (2, 5)),
}  # fmt: skip


def end_of(written, start):
    """Where text that starts there ends, counted character by character."""
    line, column = start
    for char in written:
        line, column = (line + 1, 1) if char == "\n" else (line, column + 1)
    return line, column


@pytest.mark.parametrize(("text", "path", "key", "value", "key_at", "value_at"), CASES.values(), ids=CASES)
def test_key_and_value_stand_where_they_are_written(text, path, key, value, key_at, value_at):
    value = key if value is None else value
    expected = TomlEntry(Span(*key_at, *end_of(key, key_at)), Span(*value_at, *end_of(value, value_at)))
    entry = index(text)[path]
    assert entry == expected
    assert (cut(text, entry.key), cut(text, entry.value)) == (key, value)


@pytest.mark.parametrize("text", [case[0] for case in CASES.values()])
def test_a_hand_made_text_is_indexed_as_a_whole(text):
    assert_index_fits(text)


@pytest.mark.parametrize("text", ["", "\n", "\r\n", "# only a comment", " \t"])
def test_a_text_without_keys_has_no_entries(text):
    assert index(text) == {}


def test_one_entry_has_exactly_these_numbers():
    assert index("[a]\r\nb = '''\r\nc'''")["a", "b"] == TomlEntry(Span(2, 1, 2, 2), Span(2, 5, 3, 5))


@pytest.mark.parametrize(
    "text", ["a = [1", "a = {b = 1", "[a", "a", "= 1", "a = ", "a = ]", 'a = "', "a = ["]
)
def test_a_text_that_is_no_toml_ends_in_an_error_rather_than_in_a_loop(text):
    with pytest.raises(ValueError, match=r"\Aline 1, column \d+: this is not TOML\Z"):
        index(text)


# What must hold for every text.


def paths_of(data):
    """All paths of parsed data with their values."""
    found, todo = {}, [((), data)]
    while todo:
        path, value = todo.pop()
        found[path] = value
        if isinstance(value, dict | list):
            below = value.items() if isinstance(value, dict) else enumerate(value)
            todo.extend(((*path, step), item) for step, item in below)
    del found[()]
    return found


def cut(text, span):
    """The text of a span, by splitting into lines rather than by offsets."""
    lines = [f"{line}\n" for line in text.split("\n")][span.line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_column - 1]
    lines[0] = lines[0][span.column - 1 :]
    return "".join(lines)


def offset(text, line, column):
    return sum(len(before) + 1 for before in text.split("\n")[: line - 1]) + column - 1


def exact(value):
    """The same for equal values of the same type: ``1`` is not ``True``, and ``nan`` is ``nan``."""
    return repr(value)


def is_written_as_value(text, path, entry):
    """Whether the value stands behind an equals sign or in an array: no header and no name stands for it."""
    if entry.key == entry.value:
        return isinstance(path[-1], int)
    between = text[offset(text, *entry.key[2:]) : offset(text, *entry.value[:2])]
    return re.fullmatch(r"[ \t]*=[ \t]*", between) is not None


def assert_index_fits(text):
    data, entries = tomllib.loads(text), index(text)
    found = paths_of(data)
    assert entries.keys() == found.keys()
    for path, value in found.items():
        key, written = (cut(text, span) for span in entries[path])
        if isinstance(path[-1], str):
            assert list(tomllib.loads(f"{key} = 0")) == [path[-1]]
        if is_written_as_value(text, path, entries[path]):
            assert exact(tomllib.loads(f"x = {written}")) == exact({"x": value})
        else:
            assert isinstance(value, dict | list)
            assert written == key or re.fullmatch(r"(?s)\[.*\]", written)
    return data, entries


@pytest.fixture(scope="module")
def valid_corpus():
    """The texts that CPython holds its own parser to."""
    found = importlib.util.find_spec("test.test_tomllib")
    if found is None or not found.submodule_search_locations:
        pytest.skip("this Python ships no tests of its own, hence no corpus")
    texts = [file.read_bytes().decode() for file in Path(found.origin).parent.glob("data/valid/**/*.toml")]
    assert texts
    return texts


def test_every_valid_text_of_pythons_own_corpus_is_indexed(valid_corpus):
    for text in valid_corpus:
        assert_index_fits(text)
        windows = text.replace("\r\n", "\n").replace("\n", "\r\n")
        assert_index_fits(windows)


def test_the_second_library_reads_the_corpus_as_the_first(valid_corpus):
    for text in valid_corpus:
        assert exact(toml_rs.loads(text, toml_version="1.0.0")) == exact(tomllib.loads(text))


# Random data, written in a random style.

_ALPHABET = st.sampled_from("abcxyz019_-.\"'\\#=[]{}, \t\n\u00e9\u0085\u2028\U0001d11e\x7f\x00\r")
_WORDS = ["two words", "one\ntwo\n", 'a "quoted" word', "it's", "C:\\new", '\'\'\'x""""', "'\""]
TEXTS = st.text(_ALPHABET, max_size=8) | st.sampled_from(_WORDS)
KEYS = st.one_of(st.sampled_from(["a", "b", "c", "retry", "1", "true", "", "a.b", "1979-05-27"]), TEXTS)
ZONES = st.sampled_from([None, UTC, timezone(timedelta(hours=-7, minutes=-30))])
MOMENTS = st.datetimes(min_value=datetime(1000, 1, 1), timezones=st.none()).flatmap(  # noqa: DTZ001 - local on purpose
    lambda moment: ZONES.map(lambda zone: moment.replace(tzinfo=zone))
)
SIMPLE = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    TEXTS,
    MOMENTS,
    st.dates(min_value=date(1000, 1, 1)),
    st.times(),
)
VALUES = st.recursive(
    SIMPLE,
    lambda items: st.one_of(
        st.lists(items, max_size=3),
        st.dictionaries(KEYS, items, max_size=3),
        st.lists(st.dictionaries(KEYS, items, max_size=2), min_size=1, max_size=3),
    ),
    max_leaves=12,
)
TABLES = st.dictionaries(KEYS, VALUES, max_size=5)


class Writer:
    """Writes data as TOML, each piece in a style that chance picks."""

    def __init__(self, chance):
        self.chance = chance

    def one_of(self, *choices):
        return self.chance.choice(choices)

    def blank(self):
        return self.one_of("", "", " ", " \t")

    def comment(self):
        return self.one_of("", "", "# c", '# [a] = { "x, \'\'\' """ ] }', "#\u00e9\U0001d11e")

    def gap(self):
        """What may stand between the elements of an array."""
        return self.one_of("", " ", "\n", f" {self.comment()}\n\t", "\n\n# ,]\n # [\n")

    def line(self, text):
        return f"{self.blank()}{text}{self.blank()}{self.comment()}\n" + self.one_of(
            "", "", "\n", "  # c = 1\n"
        )

    # Texts and keys.

    def escaped(self, char):
        short = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
        long = f"\\u{ord(char):04X}" if ord(char) < 0x10000 else f"\\U{ord(char):08x}"
        return self.one_of(short.get(char, long), long)

    def basic(self, text, raw=""):
        must = '"\\\x00\r\n\x7f'
        return "".join(
            self.escaped(char) if (char in must and char not in raw) or not self.chance.randrange(6) else char
            for char in text
        )

    def basic_lines(self, text):
        body = re.sub('"{3,}', lambda quotes: '\\"' * len(quotes[0]), text.replace("\\", "\\\\"))
        pieces = [char if char in '\\"\n' else self.basic(char, raw="\t") for char in body]
        joins = [place for place in range(1, len(pieces)) if (pieces[place - 1] + pieces[place]).isalnum()]
        if joins:
            pieces.insert(self.one_of(*joins), self.one_of("\\\n", "\\ \n \n\t"))
        return f'"""\n{"".join(pieces)}"""'

    def text(self, text):
        choices = [f'"{self.basic(text)}"', self.basic_lines(text)]
        if not re.search("[\x00\r\x7f]", text):
            if "'" not in text and "\n" not in text:
                choices.append(f"'{text}'")
            if "'''" not in text:
                choices.append(f"'''\n{text}'''")
        return self.one_of(*choices)

    def part(self, name):
        choices = [f'"{self.basic(name)}"']
        if re.fullmatch("[A-Za-z0-9_-]+", name):
            choices += [name] * 4
        if not re.search("['\x00\r\n\x7f]", name):
            choices.append(f"'{name}'")
        return self.one_of(*choices)

    def key(self, *names):
        return f"{self.blank()}.{self.blank()}".join(map(self.part, names))

    # Values.

    def value(self, value):
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return self.array(value)
        if isinstance(value, dict):
            pairs = [self.pair(names, item) for names, item in self.flat(value)]
            return "{" + self.blank() + f"{self.blank()},{self.blank()}".join(pairs) + self.blank() + "}"
        if isinstance(value, datetime):
            return value.isoformat(self.one_of("T", " ")).replace("+00:00", self.one_of("Z", "+00:00"))
        return value.isoformat() if isinstance(value, date | day_time) else repr(value)

    def array(self, items):
        written = "".join(f"{self.gap()}{self.value(item)}{self.gap()}," for item in items)
        return f"[{written if self.one_of(True, False) else written.removesuffix(',')}{self.gap()}]"

    def pair(self, names, value):
        return f"{self.key(*names)}{self.blank()}={self.blank()}{self.value(value)}"

    def flat(self, table):
        """Names and values, some tables taken apart into dotted keys."""
        for name, value in table.items():
            if isinstance(value, dict) and value and self.one_of(True, False):
                yield from (((name, *names), item) for names, item in self.flat(value))
            else:
                yield (name,), value

    # Documents.

    def body(self, table, path):
        """The table's own pairs, and the sections of what has headers."""
        pairs, sections = [], []
        for name, value in self.chance.sample(list(table.items()), len(table)):
            below = (*path, name)
            if isinstance(value, dict) and self.one_of(True, True, False):
                sections.append(self.section(value, below))
            elif (
                isinstance(value, list)
                and value
                and all(isinstance(item, dict) for item in value)
                and self.one_of(True, True, False)
            ):
                sections.append("".join(self.section(item, below, "[[", "]]") for item in value))
            else:
                pairs.extend((names, item) for names, item in self.flat({name: value}))
        return "".join(self.line(self.pair(*pair)) for pair in pairs), "".join(sections)

    def section(self, table, path, opening="[", closing="]"):
        pairs, sections = self.body(table, path)
        header = self.line(f"{opening}{self.blank()}{self.key(*path)}{self.blank()}{closing}")
        if opening == "[":
            if sections and not pairs and self.one_of(True, False):
                return sections  # the headers below name it on their way
            if self.one_of(True, False, False):
                return sections + header + pairs
        return header + pairs + sections


@st.composite
def documents(draw):
    """A text and the data it was written from."""
    data = draw(TABLES)
    writer = Writer(draw(st.randoms(use_true_random=False)))
    text = "".join(writer.body(data, ()))
    text = draw(st.sampled_from([text, text.removesuffix("\n"), text.replace("\n", "\r\n")]))
    return text, data


@given(documents())
@settings(deadline=None)
def test_every_path_of_any_document_has_its_entry(document):
    text, data = document
    parsed, entries = assert_index_fits(text)
    assert paths_of(parsed).keys() == paths_of(data).keys() == entries.keys()
    assert parsed == data


@given(documents())
@settings(deadline=None)
def test_the_second_library_reads_any_document_as_the_first(document):
    text, _ = document
    assert exact(toml_rs.loads(text, toml_version="1.0.0")) == exact(tomllib.loads(text))


def marks_of(nodes, path=()):
    """What the second library says of every simple value: its path, and where and how it is written."""
    for name, node in nodes.items() if isinstance(nodes, dict) else enumerate(nodes):
        below = (*path, name)
        value = node["value"] if node.keys() & {"key_line", "value_line"} else node
        if isinstance(value, dict | list):
            yield from marks_of(value, below)
        else:
            yield below, node


def marked(text, path, entry):
    """The same from an entry; the library counts columns in bytes."""
    lines = text.split("\n")
    span = entry.value
    first = len(lines[span.line - 1][: span.column - 1].encode()) + 1
    mark = {"value_raw": cut(text, span), "line": span.line, "column": first}
    return mark | ({"key_raw": cut(text, entry.key)} if isinstance(path[-1], str) else {})


def first_of(place):
    """A place is a number, or two where the value takes more than one."""
    return place[0] if isinstance(place, tuple) else place


@given(documents())
@settings(deadline=None)
def test_the_second_library_finds_simple_values_at_the_same_places(document):
    text, _ = document
    entries = index(text)
    for path, mark in marks_of(toml_rs.load_with_metadata(text, toml_version="1.0.0").meta["nodes"]):
        found = mark | {"line": first_of(mark["value_line"]), "column": first_of(mark["value_col"])}
        expected = marked(text, path, entries[path])
        assert {name: found[name] for name in expected} == expected


@given(documents(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_value_put_in_a_span_changes_that_path_and_no_other(document, chance):
    text, _ = document
    data, entries = tomllib.loads(text), index(text)
    leaves = [path for path, value in paths_of(data).items() if not isinstance(value, dict | list)]
    if not leaves:
        return
    path = chance.choice(leaves)
    span = entries[path].value
    start, end = offset(text, *span[:2]), offset(text, *span[2:])
    changed = tomllib.loads(f"{text[:start]}'changed'{text[end:]}")
    holder = data
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = "changed"
    assert changed == data


@given(documents(), st.randoms(use_true_random=False))
@settings(deadline=None)
def test_a_spoilt_document_that_is_still_accepted_is_indexed(document, chance):
    text, _ = document
    for _ in range(3):
        start = chance.randint(0, len(text))
        text = (
            text[:start] + chance.choice(["", "", *"'\"[]{}#=.,1a \n"]) + text[start + chance.randint(0, 1) :]
        )
        try:
            tomllib.loads(text)
        except tomllib.TOMLDecodeError:
            return
        assert_index_fits(text)


# Large texts.

LARGE = {
    "pairs": ("key_{} = 'value'\n", 4_000),
    "headers": ("[a.b.t{}]\nk.x = 1\n", 3_000),
    "arrays of tables": ("[[a]]\n[[a.b]]\n", 5_000),
    "comments": ("# '''\n", 12_000),
    "keys with escapes": ('"\\u00e9{}" = 1\n', 4_000),
}  # fmt: skip
LARGE_VALUES = {
    "an array": ("[", "1,", "]"),
    "inline tables": ("[", "{a.b=1},", "]"),
    "lines of an array": ("[", "1, # ]\n", "]"),
    "quotes": ("'''", "''x", "'''"),
    "escapes": ('"', '\\"', '"'),
    "joined lines": ('"""', 'x""\\\n', '"""'),
}


def large_texts():
    """Texts of about 70 kB each."""
    yield from ("".join(map(line.format, range(times))) for line, times in LARGE.values())
    yield from (
        f"a = {before}{item * (70_000 // len(item))}{after}" for before, item, after in LARGE_VALUES.values()
    )


@pytest.mark.parametrize("text", list(large_texts()), ids=[*LARGE, *LARGE_VALUES])
def test_a_large_text_takes_a_time_in_proportion_to_its_length(text):
    start = time.process_time()
    entries = index(text)
    assert time.process_time() - start < 1.5  # it takes about 0.1; quadratic time would be many seconds
    assert entries.keys() == paths_of(tomllib.loads(text)).keys()


def test_what_the_parser_nests_the_index_reads_below_any_recursion_limit():
    depth = 90
    array = f"a = {'[' * depth}1{']' * depth}"
    table = f"a = {'{b = ' * depth}1{'}' * depth}"
    found = [paths_of(tomllib.loads(text)).keys() for text in (array, table)]
    before = sys.getrecursionlimit()
    frames, frame = 0, sys._getframe()
    while frame is not None:
        frames, frame = frames + 1, frame.f_back
    try:
        sys.setrecursionlimit(frames + 30)
        indexed = [index(array).keys(), index(table).keys()]
    finally:
        sys.setrecursionlimit(before)
    assert indexed == found
    assert ("a", *[0] * depth) in indexed[0]
    assert ("a", *["b"] * depth) in indexed[1]
