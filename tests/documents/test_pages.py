"""A document as Markdown and as one HTML page."""

import math
import re
from datetime import date, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from aurora_cli.documents import Calendar, Cell, Chart, Day, Document, Limit, Series, Table
from aurora_cli.documents.render import html, markdown
from aurora_cli.documents.render import text as text_format
from aurora_cli.documents.render.svg import HEIGHT, WIDTH, chart_svg
from aurora_cli.exit_codes import Verdict
from aurora_cli.sanitize import in_one_line

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Refuses what is not closed; keeps what it saw."""

    def __init__(self, text):
        super().__init__()
        self.open, self.seen, self.attributes, self.text = [], [], [], ""
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def document(*parts, conclusion="done", **changes):
    fields = {"command": "test", "summary": {}, "results": [], "verdict": Verdict.GOOD, "exit_code": 0}
    return Document(parts=parts, conclusion=conclusion, **{**fields, **changes})


HOSTILE = [
    "<script>alert(1)</script>",
    '" onload="x',
    "a|b`c*d",
    "[x](http://evil)",
    "line\nbreak\x1b[31m",
    "&lt;",
]
DAYS = Calendar(
    "Days",
    [
        Day(date(2026, 10, 1) + timedelta(days=n), ("good", "bad", "plain")[n % 3], f"{n} %")
        for n in range(31)
    ],
)


@pytest.mark.parametrize("text", HOSTILE)
def test_what_comes_from_outside_stays_text(text):
    made = document(
        Table(text, [text, "n"], [[Cell(text), Cell("1", "bad")]], text),
        Chart("c", [Series(text, [1.0], text)], text, text, Limit(1.0, text)),
        conclusion=text,
        title=text,
        subtitle=text,
    )
    page = html.render(made)
    parsed = Page(page)
    assert "script" not in parsed.seen
    assert not [name for name, _ in parsed.attributes if name.startswith("on")]
    assert "\x1b" not in page
    assert in_one_line(text) in parsed.text
    in_markdown = markdown.render(made)
    outside = in_markdown.partition("```text")[0]  # within a fence all is text as it stands
    assert not re.search(r"(?<!\\)[<\[]", outside)
    assert in_markdown.count("```") == 2
    assert "\x1b" not in in_markdown
    assert len([line for line in in_markdown.splitlines() if line.startswith("|")]) == 3


def test_a_page_has_no_script_and_no_address_outside_it():
    page = html.render(document(Table("t", ["a", "b"], [[Cell("x"), Cell("1")]]), DAYS))
    assert not re.search(r"https?:|//|url\(|@import|\bsrc=|\bhref=", page)
    assert "default-src 'none'" in page
    assert Page(page).seen.count("script") == 0


def test_the_same_sheet_is_the_same_bytes():
    made = document(Chart("c", [Series("s", [0.1, 0.2, math.nan], "x")], "a", "b"), DAYS)
    assert html.render(made) == html.render(made)
    assert markdown.render(made) == markdown.render(made)


def test_a_calendar_begins_under_its_weekday():
    page = html.render(document(DAYS))
    assert page.count("<span></span>") == 3  # 1 October 2026 is a Thursday
    lines = [line.plain for line in text_format.render(document(DAYS), ascii_only=True)]
    assert lines[1] == "  2026-09-28        # x . #"
    assert lines[2] == "  2026-10-05  x . # x . # x"
    assert "🟩🟥⬜" in markdown.render(document(DAYS))


def test_a_trend_is_blocks_in_text_and_a_drawing_on_a_page():
    made = document(Table("t", ["", "trend"], [[Cell("x"), Cell("", "muted", [0.0, math.nan, 1.0, 2.0])]]))
    assert "  x     ▄█" in "\n".join(line.plain for line in text_format.render(made, ascii_only=False))
    assert "`  ▄█`" in markdown.render(made)
    assert html.render(made).count('<svg class="trend"') == 1


def points(path):
    return [tuple(map(float, pair)) for pair in re.findall(r"[ML]?(-?[\d.]+) (-?[\d.]+)", path)]


@given(
    st.lists(st.floats(0, 1e12) | st.just(math.nan), min_size=1, max_size=80), st.none() | st.floats(0, 1e12)
)
@example([1.0, *[math.nan] * 31], None)  # half of a 32nd of the width ends in 5 and rounds either way
@example([*[math.nan] * 31, 1.0], None)
def test_all_that_is_drawn_lies_within_the_picture_and_gaps_are_gaps(values, limit):
    drawn = chart_svg(
        Chart("c", [Series("s", values, "")], "", "", None if limit is None else Limit(limit, ""))
    )
    lines = re.findall(r'class="line s0" d="([^"]*)"', drawn)
    present = [not math.isnan(value) for value in values]
    runs = sum(now and not before for before, now in zip([False, *present], present, strict=False))
    assert len(lines) == runs
    for line in lines:
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points(line))
    assert drawn.count('class="limit"') == (limit is not None)


def test_value_alone_in_any_column_is_drawn_within_the_picture():
    for number, column in ((many, column) for many in range(1, 121) for column in range(many)):
        values = [math.nan] * number
        values[column] = 1.0
        drawn = chart_svg(Chart("c", [Series("s", values, "")], "", ""))
        (line,) = re.findall(r'class="line s0" d="([^"]*)"', drawn)
        (left, _), (right, _) = points(line)
        assert 0 <= left < right <= WIDTH


def test_the_largest_value_is_at_the_top_and_zero_at_the_bottom():
    (line,) = re.findall(
        r'class="line s0" d="([^"]*)"', chart_svg(Chart("c", [Series("s", [0.0, 5.0, 10.0], "")], "", ""))
    )
    assert [y for _, y in points(line)] == [HEIGHT, HEIGHT / 2, 0.0]
    limited = chart_svg(Chart("c", [Series("s", [10.0], "")], "", "", Limit(40.0, "target")))
    assert f'd="M0 {0.0}H' in limited
