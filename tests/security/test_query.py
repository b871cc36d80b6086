"""What a user asks, before it goes anywhere."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.security.query import validate_query


@pytest.mark.parametrize(
    ("query", "cleaned"),
    [
        ("why is the sky blue?", "why is the sky blue?"),
        (" spaced \n", "spaced"),
        ("where is ```the``` parser?", "where is the parser?"),
        ("a ```` b ~~~~ c", "a  b  c"),
        ("a <script>alert(1)</script> b", "a alert(1) b"),
        ("a <SCRIPT>b", "a b"),
        ("a < script >b</ ScRiPt\n>c", "a bc"),
        ("a <script src='http://x'>b", "a b"),
        ("a ＜ｓｃｒｉｐｔ＞b", "a b"),
        ("a <scr\u200bipt>b", "a b"),
        ("a <scr\u200dipt>b", "a b"),
        ("a <scr<script>ipt>b", "a b"),
        ("``<script>`b", "b"),
        ("a <script", "a"),
        ("scripture <b>and</b> scripts", "scripture <b>and</b> scripts"),
        ("a\x00b\x1b[31mc", "ab[31mc"),
        ("a\u202eb\u2066c", "abc"),
        ("a\r\nb\rc\td", "a\nb\nc\td"),
        ("\ufeffwhy", "why"),
        ("family 👨\u200d👩\u200d👧 and می\u200cخواهم", "family 👨\u200d👩\u200d👧 and می\u200cخواهم"),
        ("1 < 2 and `code`", "1 < 2 and `code`"),
    ],
)  # fmt: skip
def test_what_has_no_place_in_a_question_is_taken_out(query, cleaned):
    assert validate_query(query) == cleaned


@pytest.mark.parametrize("query", ["", "  \n", "```", "<script>", "\x00\u202e", "```<script>```"])
def test_what_is_empty_or_becomes_so_is_refused(query):
    with pytest.raises(ValueError, match="Query cannot be empty"):
        validate_query(query)


def test_what_is_too_long_in_characters_or_bytes_is_refused():
    assert len(validate_query("x" * 10_000)) == 10_000
    with pytest.raises(ValueError, match="Query exceeds maximum length"):
        validate_query("x" * 10_001)
    with pytest.raises(ValueError, match="Query exceeds maximum length"):
        validate_query("four", max_length=3)
    with pytest.raises(ValueError, match=r"Query exceeds maximum size \(8 of 7 bytes\)"):
        validate_query("🎈🎈", max_bytes=7)


def test_what_is_no_text_is_a_type_error():
    with pytest.raises(TypeError, match="must be a text, not bytes"):
        validate_query(b"why")


PIECES = st.sampled_from(
    [
        "<",
        "script",
        ">",
        "/",
        "`",
        "``",
        "~~",
        " ",
        "\u200b",
        "\u200d",
        "ＳＣＲＩＰＴ",
        "＜",
        "ſ",
        "a",
        "\x00",
    ]
)


@given(st.lists(PIECES | st.characters(), max_size=30).map("".join))
def test_what_comes_out_validates_to_itself(query):
    try:
        cleaned = validate_query(query)
    except ValueError:
        return
    assert validate_query(cleaned) == cleaned
    assert "```" not in cleaned
    assert not re.search(r"<\s*/?\s*script\b", cleaned.casefold())
