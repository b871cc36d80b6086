"""Where a metrics store is."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.store_url import StoreUrl, parse_store_url


@pytest.mark.parametrize(
    ("text", "file"),
    [
        ("metrics.db", "metrics.db"),
        ("/var/lib/metrics.db", "/var/lib/metrics.db"),
        ("sqlite:metrics.db", "metrics.db"),
        ("SQLite:metrics.db", "metrics.db"),
        ("sqlite:/var/lib/metrics.db", "/var/lib/metrics.db"),
        ("sqlite:///var/lib/metrics.db", "/var/lib/metrics.db"),
        ("sqlite:////var/lib/metrics.db", "/var/lib/metrics.db"),  # as SQLAlchemy writes it
        ("sqlite:my%20metrics.db", "my%20metrics.db"),
        ("sqlite:prod:metrics.db", "prod:metrics.db"),
        ("./prod:metrics.db", "prod:metrics.db"),
        ("/data/2026-10-01T08:00.db", "/data/2026-10-01T08:00.db"),
        (r"C:\aurora\metrics.db", r"C:\aurora\metrics.db"),
        ("C:/aurora/metrics.db", "C:/aurora/metrics.db"),
        (r"sqlite:C:\aurora\metrics.db", r"C:\aurora\metrics.db"),
        ("what?.db", "what?.db"),
        ("~/metrics.db", str(Path.home() / "metrics.db")),
        ("sqlite:~/metrics.db", str(Path.home() / "metrics.db")),
    ],
)
def test_url_or_path_names_a_file(text, file):
    url = parse_store_url(text)
    assert (url.scheme, url.file) == ("sqlite", Path(file))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "a store needs a path"),
        ("sqlite:", "a store needs a path"),
        ("sqlite://", "a store needs a path"),
        ("sqlite:///", "a store needs a path"),
        ("a\0b", "a store needs a path"),
        (":memory:", "cannot be shared"),
        ("sqlite::memory:", "cannot be shared"),
        ("sqlite:metrics.db?mode=ro", "takes no parameters"),
        ("sqlite://host/metrics.db", "takes no host"),
        ("mysql://user:secret@host/db", "unknown store scheme 'mysql:': expected sqlite: or a path"),
        ("prod:metrics.db", r"needs a folder before it, as in \./a:b\.db"),
    ],
)
def test_invalid_url_says_what_is_expected(text, problem):
    with pytest.raises(ValueError, match=problem) as raised:
        parse_store_url(text)
    assert "secret" not in str(raised.value)


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1))
def test_any_absolute_path_is_itself(text):
    assert parse_store_url(f"/{text}").file == Path(f"/{text}")


def test_relative_path_is_taken_from_a_folder():
    assert parse_store_url("m.db").relative_to(Path("/srv")).file == Path("/srv/m.db")
    assert parse_store_url("/m.db").relative_to(Path("/srv")).file == Path("/m.db")
    server = StoreUrl("postgresql", "//host/db")
    assert (server.file, server.relative_to(Path("/srv"))) == (None, server)
