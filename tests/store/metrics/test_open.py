"""Open a store by its URL, and hold each kind of store to the same protocol."""

from contextlib import suppress

import pytest
from store_pieces import START_S, piece

from aurora_core.alerting.notification import build_firing_notification
from aurora_core.alerting.rules import DEFAULT_RULES
from aurora_core.alerting.state import AlertState
from aurora_core.errors import StoreError
from aurora_core.store import Retention, open_store
from aurora_core.store.metrics import AlertStore, ChannelStats, MetricsBackend, RuleState
from aurora_core.store.metrics.open import OPENERS
from aurora_core.store_url import SCHEMES, parse_store_url

NOW_S = 1_795_000_000.0
NOTICE = build_firing_notification(DEFAULT_RULES[0], 0.5, NOW_S, "host")


@pytest.fixture(params=SCHEMES)
def backend(request, tmp_path) -> MetricsBackend:
    store = open_store(f"{request.param}:{tmp_path}/metrics.db")
    yield store
    store.close()


@pytest.fixture
def store(backend) -> AlertStore:
    return backend.alert_store()


def test_every_scheme_can_be_opened():
    assert set(OPENERS) == set(SCHEMES)


def test_url_path_and_parsed_url_open_the_same_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    open_store("metrics.db").write([piece()])
    for url in ("sqlite:metrics.db", f"sqlite://{tmp_path}/metrics.db", tmp_path / "metrics.db"):
        assert open_store(url).read(0, 2**40) == [piece()]
    assert open_store(parse_store_url("metrics.db")).url == "sqlite:metrics.db"
    with pytest.raises(ValueError, match="expected sqlite: or a path"):
        open_store("mysql://host/db")


def test_retention_is_the_stores(tmp_path):
    old, new = piece(0), piece(60 * 24 * 30)
    for retention, lengths in ((None, [60, 60]), (Retention(minutes_s=3600.0), [3600, 60])):
        store = open_store(tmp_path / f"{retention is None}.db", retention)
        store.write([old, new])
        assert [each.length_s for each in store.read(0, 2**40)] == lengths


def test_opening_and_reading_create_nothing(backend, store, tmp_path):
    assert not backend.exists()
    for read in (lambda: backend.read(0, 1), backend.time_range, store.channel_stats):
        with pytest.raises(StoreError, match="there is no metrics store"):
            read()
    assert list(tmp_path.iterdir()) == []


def test_backend_reads_what_it_wrote(backend):
    backend.write([])
    assert (backend.exists(), backend.time_range(), backend.read(0, 2**40)) == (True, None, [])
    backend.write([piece(1), piece(2)])
    backend.close()
    assert backend.time_range() == (START_S + 60, START_S + 180)
    assert backend.read(START_S + 120, START_S + 180) == [piece(2)]


def test_alert_book_changes_state_and_outbox_in_one_transaction(backend, store):
    backend.write([piece()])
    state = RuleState(AlertState("firing"), NOW_S, NOTICE, ("team",))
    with suppress(ZeroDivisionError), store.transaction() as page:
        page.save_states({"x": state})
        page.enqueue(NOTICE, ("team",))
        raise ZeroDivisionError
    with store.transaction() as page:
        assert (page.rule_states(), page.rollups(0, 2**40)) == ({}, [piece()])
        page.save_states({"x": state})
        page.enqueue(NOTICE, ("team",))
    with store.transaction() as page:
        assert page.rule_states() == {"x": state}
    message = store.claim("team", NOW_S, NOW_S + 90)
    assert (message.notification, message.attempts) == (NOTICE, 0)
    assert store.claim("team", NOW_S + 1, NOW_S + 91) is None
    store.reschedule(message, NOW_S + 5, "status 500")
    assert store.channel_stats() == [ChannelStats("team", 0, 1, 0, "status 500")]
    store.mark_failed(message, NOW_S + 6, "status 403")
    assert store.resend(NOW_S + 7) == 1
    store.mark_delivered(store.claim("team", NOW_S + 7, NOW_S + 97), NOW_S + 8)
    assert store.channel_stats() == [ChannelStats("team", 1, 0, 0, None)]


def test_store_that_is_something_else_is_an_error_and_stays_as_it_is(tmp_path):
    (tmp_path / "empty.db").touch()
    (tmp_path / "text.db").write_text("no database at all, but long enough to look like one" * 40)
    assert not open_store(tmp_path / "empty.db").exists()
    with pytest.raises(StoreError, match="not a SQLite database"):
        open_store(tmp_path / "text.db").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"empty.db", "text.db"}


def test_path_that_cannot_be_a_file_is_a_store_error(tmp_path):
    store = open_store(tmp_path / ("x" * 300))
    for use in (store.exists, store.time_range, lambda: store.write([piece()])):
        with pytest.raises(StoreError, match=r"File name too long|cannot be opened"):
            use()


def test_name_that_no_file_can_hold_is_a_store_error(backend):
    with pytest.raises(StoreError, match="surrogates not allowed"):
        backend.write([piece(source="host\ud800")])
    backend.write([piece()])
    assert backend.read(0, 2**40) == [piece()]
