"""`aurora backup` and `aurora restore`."""

import pytest

from aurora_core.cache import QueryCache
from aurora_core.metrics import MetricsCollector
from aurora_core.store import MetricsStore

EVER = (0, 2**40)


@pytest.fixture
def stores(folder):
    """A folder with both stores and a configuration that names them."""
    (folder / "aurora.toml").write_text(
        '[store]\nurl = "metrics.db"\n[cache]\npath = "cache.db"\n[preflight]\nbackups = "backups"\n'
    )
    store = MetricsStore(folder / "metrics.db")
    collector = MetricsCollector(store=store)
    collector.record_query(5.0)
    collector.close()
    store.close()
    with QueryCache(path=folder / "cache.db") as cache:
        cache.put("why", "because")
    return folder


def test_both_stores_are_copied_and_come_back(aurora, stores):
    exit_code, out, err = aurora("backup")
    assert (exit_code, err) == (0, "")
    assert [line.split(": ")[1].split(" rows of ")[1] for line in out.splitlines()] == [
        "metrics.db",
        "cache.db",
    ]
    exit_code, out, err = aurora("restore", "--into", "new")
    assert (exit_code, err) == (0, "")
    assert MetricsStore(stores / "new" / "metrics.db").read(*EVER) == MetricsStore(
        stores / "metrics.db"
    ).read(*EVER)
    with QueryCache(path=stores / "new" / "cache.db") as cache:
        assert cache.get("why") == "because"


def test_one_backup_can_be_named(aurora, stores):
    aurora("backup", "--into", "elsewhere")
    (metrics,) = (stores / "elsewhere").glob("metrics-*.db")
    assert aurora("restore", "--from", metrics, "--into", "new")[0] == 0
    assert [path.name for path in (stores / "new").iterdir()] == [metrics.name]


def test_old_ones_are_removed(aurora, stores):
    aurora("backup")
    (metrics,) = (stores / "backups").glob("metrics-*.db")
    metrics.rename(metrics.with_name("metrics-20200101T000000Z.db"))
    assert "removed 1 older" in aurora("backup", "--keep", "7d")[1]
    assert len(list((stores / "backups").glob("metrics-*.db"))) == 1


def test_nothing_is_restored_over_what_is_there_and_the_other_goes_on(aurora, stores):
    aurora("backup")
    (stores / "new").mkdir()
    (stores / "new" / "metrics.db").write_text("mine")
    exit_code, out, err = aurora("restore", "--into", "new")
    assert exit_code == 1
    assert "new/metrics.db already exists" in err
    assert "new/cache.db: " in out
    assert (stores / "new" / "metrics.db").read_text() == "mine"


def test_a_store_that_is_damaged_is_said_and_the_other_is_copied(aurora, stores):
    (stores / "metrics.db").write_bytes(b"x" * 5000)
    exit_code, out, err = aurora("backup")
    assert exit_code == 1
    assert "metrics.db: " in err
    assert "cache.db" in out
    assert sorted(path.name[:6] for path in (stores / "backups").iterdir()) == ["cache-"]


@pytest.mark.parametrize(
    ("arguments", "exit_code", "said"),
    [
        (("backup", "--keep", "soon"), 2, "--keep"),
        (("backup", "--config", "none.toml"), 2, "none.toml"),
        (("restore",), 2, "--into"),
        (("restore", "--into", "new"), 3, "there is no backup in backups; make one with `aurora backup"),
        (("restore", "--into", "new", "--from", "nowhere"), 3, "there is no backup in nowhere"),
    ],
)
def test_a_mistake_is_told(aurora, stores, arguments, exit_code, said):
    found, out, err = aurora(*arguments)
    assert (found, out) == (exit_code, "")
    assert said in err
    assert not (stores / "new").exists()


def test_without_any_store_there_is_no_verdict(aurora, folder):
    (folder / "aurora.toml").write_text('[store]\nurl = "metrics.db"\n[cache]\npath = "cache.db"\n')
    exit_code, out, err = aurora("backup")
    assert (exit_code, out) == (3, "")
    assert "metrics.db and cache.db are not there" in err
