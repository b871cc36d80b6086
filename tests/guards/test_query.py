"""What a user asks, before it goes anywhere."""

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.guards.query import _BEGINNING, validate_query


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
        ("how do I add a <script tag to my page?", "how do I add a  tag to my page?"),
        ("a < / script x='1'\n>b", "a b"),
        ("a <scr\ufe0fipt>b", "a b"),
        ("a <scr\u034fi\u3164pt>b", "a b"),
        ("`\ufe0f`\u034f`b", "b"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a\nb\nc\nd\ne\nf"),
        ("hi \U0001f600\ufe0f\U000e0148\U000e0155\U000e015c there", "hi \U0001f600\ufe0f there"),
        ("\U0001f3f4\U000e0067\U000e0062 flags", "\U0001f3f4 flags"),
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


@pytest.mark.parametrize(
    "query",
    ["<scr" * 900 + "<script>" + "ipt>" * 900, "<" * 3000 + "script>" * 900, "``<script>`" * 20 + "`" * 9],
)
def test_tags_within_tags_are_refused_or_gone_at_once(query):
    try:
        assert "script" not in validate_query(query)
    except ValueError as error:
        assert "nested within tags" in str(error) or "empty" in str(error)  # noqa: PT017


def test_a_query_made_to_keep_us_busy_does_not():
    """Each of these was a square of its length: as long as here, hours."""
    for piece in ("<" + " " * 500_000, "<script" * 70_000, "< / " * 120_000):
        validate_query(f"why {piece}", max_length=10**6, max_bytes=10**7)


def test_every_letter_that_begins_a_tag_or_a_fence_in_its_plain_form_is_looked_for():
    characters = (chr(code) for code in range(sys.maxunicode + 1))
    begins = {
        character for character in characters if set("<`~") & set(unicodedata.normalize("NFKC", character))
    }
    assert begins == set(filter(_BEGINNING.match, map(chr, range(sys.maxunicode + 1))))


def test_what_is_no_text_is_a_type_error():
    with pytest.raises(TypeError, match="must be a str, not bytes"):
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
        "\ufe0f",
        "\U000e0100",
        "\u2028",
        "\r",
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
