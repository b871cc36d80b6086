"""Finding secrets in text."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aurora_core.secrets import Masker, contains_secret

KEYS = st.text(string.ascii_letters + string.digits, min_size=24, max_size=40).filter(
    lambda text: sum(map(str.isdigit, text)) >= 4 and sum(map(str.isalpha, text)) >= 4
)
ANYWHERE = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(ANYWHERE, st.text(min_size=4, max_size=20), ANYWHERE)
def test_a_known_secret_is_gone_wherever_it_stands(before, secret, after):
    masked = Masker([secret]).mask(f"{before} {secret} {after}")
    assert len(secret) < 16 or secret[:-4] not in masked
    assert f" {secret} " not in masked or set(secret) == {"*"}


@pytest.mark.parametrize(
    "prefix", ["sk-", "sk-proj-", "sk-ant-api03-", "ghp_", "xoxb-", "AKIA", "glpat-", ""]
)
@given(KEYS)
def test_what_has_the_shape_of_a_key_is_gone(prefix, key):
    text = f'model = "{prefix}{key}" # note'
    assert contains_secret(text)
    assert key[:-4] not in Masker().mask(text)


@given(KEYS)
def test_masking_twice_is_masking_once(key):
    once = Masker([key]).mask(f"a {key} b https://u:{key}@host/ c")
    assert Masker([key]).mask(once) == once


@pytest.mark.parametrize(
    "text",
    [
        "/var/lib/aurora/cache.db",
        "gpt-4-turbo-preview",
        "gpt-4-0125-preview-2024-11-23-eu-west-1",
        "claude-opus-4-5-20251101",
        "2026-10-01T08:00:00+00:00..2026-10-08",
        "https://llm.example.com/v1/chat/completions",
        "http://localhost:8000/health",
        "AURORA_RATE_LIMIT_MAX_WAIT=60",
        "p95_latency_alert_ms = 1000",
        "the longest possible call takes 840 s (4 attempts of 60 s + 3 waits of up to 120 s)",
        "550e8400-e29b-41d4-a716-446655440000",
        "examples/service-log.jsonl",
        "operator@example.com",
    ],
)
def test_what_is_no_secret_stays(text):
    assert Masker().mask(text) == text


@pytest.mark.parametrize("piece", ["a:", ":/", "://a:b", "sk-", "a1-", "eyJ.", "hooks.slack.com/"])
def test_a_long_text_made_for_it_does_not_keep_it_busy(piece):
    """A text ten times as long takes about ten times as long: here a square would take hours."""
    text = f"https://{piece * 100_000}"
    assert len(Masker(["hunter2"]).mask(text)) <= len(text)


def test_the_shortest_that_looks_like_a_key_is_found():
    assert Masker().mask("sk-abcdefgh") == "****"
    assert Masker().mask("sk-abcdefg") == "sk-abcdefg"
    assert Masker().mask("a:/b:c@d") == "a:/****@d"
