"""Each of the twenty: when it passes, when it fails, and when nobody can say."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from preflight_project import RULES, RUNBOOK, git

from aurora_cli.preflight.checklist import load_checks
from aurora_cli.preflight.checks.dashboard import metrics_of
from aurora_cli.preflight.runner import run_check
from aurora_core.alerting.notification import build_test_notification
from aurora_core.store import MetricsStore
from aurora_core.store.backup import backups_of

NO_STORE = {"store": {"url": "none.db"}, "preflight": {"backups": "none"}}
CHECKS = {check.id: check for check in load_checks()}


@contextmanager
def serving(body, status=200):
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/metrics"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def outcome_of(check_id, context):
    return run_check(CHECKS[check_id], context)


@pytest.mark.parametrize(
    "check_id", [name for name in CHECKS if name not in ("monitoring.dashboard", "recovery.drill")]
)
def test_a_project_that_is_ready_passes_with_evidence(context, check_id):
    found = outcome_of(check_id, context())
    assert (found.state, found.message != "") == ("pass", True), found
    settled = ("config.rate-limit", "config.retry", "config.logs", "monitoring.alerts")
    assert found.evidence or check_id in settled  # whose evidence is the configuration


@pytest.mark.parametrize("name", ["tests", "security", "types", "lint", "benchmarks"])
def test_a_program_answers_by_its_exit_code(context, name):
    check_id = f"pre.{name}"
    found = outcome_of(check_id, context(preflight={name: "sh, -c, echo three faults; exit 1"}))
    assert (found.state, found.evidence[0].status) == ("fail", "exit code 1")
    assert "three faults" in found.message
    assert outcome_of(check_id, context(preflight={name: "sh, -c, exit 2"})).state == "unknown"
    assert outcome_of(check_id, context(preflight={name: "sh, -c, kill -9 $$"})).state == "unknown"
    assert outcome_of(check_id, context(preflight={name: ""})).state == "manual"
    missing = outcome_of(check_id, context(preflight={name: "no-such-tool"}))
    assert missing.state == "unknown"
    assert "pip install no-such-tool" in missing.help
    assert outcome_of(check_id, context(preflight={name: "python3, -m, no_such_tool"})).state == "unknown"


def test_a_linter_of_nothing_is_no_pass(context, project):
    (project / "service.py").unlink()
    for name in ("tests", "security", "types", "lint"):
        found = outcome_of(f"pre.{name}", context())
        assert (found.state, "no Python file" in found.message) == ("unknown", True)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gone](nowhere.md)", "README.md: the link to nowhere.md is broken: no such file"),
        ("[gone](#nothing)", "the link to #nothing is broken: no such heading"),
        ("![gone](picture.png)", "the link to picture.png is broken: no such file"),
        ("[gone](rollback.md#step-3)", "the link to rollback.md#step-3 is broken: no such heading"),
        ("```bash\nno-such-program --now\n```", "no such program: `no-such-program`"),
        ("```console\n$ FOO=1 no-such-program\nits output\n```", "no such program: `no-such-program`"),
    ],
)  # fmt: skip
def test_what_documents_name_must_be_there(context, project, text, said):
    (project / "README.md").write_text(f"# Service\n\n{text}\n")
    found = outcome_of("pre.docs", context())
    assert found.state == "fail"
    assert said in found.message


def test_what_is_only_shown_in_a_document_is_no_command(context, project):
    (project / "README.md").write_text(
        "# A thing\n\n```console\n$ git status\nnothing-to-commit\n```\n\n"
        "```bash\n# a comment\ncd . && git log\ngit log \\\n  --oneline\n```\n\n```python\nno_such_program()\n```\n[there](https://example.com/x)\n"
    )
    assert outcome_of("pre.docs", context()).state == "pass"


def test_code_that_is_newer_than_what_is_said_of_it_is_a_warning(context, project):
    (project / "src").mkdir()
    (project / "src" / "code.py").write_text("x = 1\n")
    (project / "README.md").write_text("# Service\n\nSee `src/code.py`.\n")
    git(project, "add", "-A")
    git(project, "commit", "-qm", "both", "--date", "2026-01-01T00:00:00Z")
    assert outcome_of("pre.docs", context()).state == "pass"
    (project / "src" / "code.py").write_text("x = 2\n")
    later = {"GIT_COMMITTER_DATE": "2036-01-01T00:00:00Z"}
    identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.com"]
    subprocess.run(
        ["git", *identity, "commit", "-qam", "code"], cwd=project, check=True, env={**os.environ, **later}
    )
    found = outcome_of("pre.docs", context())
    assert (found.state, found.message) == ("warn", "src/code.py was committed after README.md")


def test_without_documents(context):
    assert outcome_of("pre.docs", context(preflight={"docs": ""})).state == "manual"
    assert outcome_of("pre.docs", context(preflight={"docs": "none.md"})).state == "fail"


def test_a_key_must_be_set_and_real(context):
    assert "set OPENAI_API_KEY" in outcome_of("config.api-keys", context(environ={"OPENAI_API_KEY": ""})).help
    placeholder = outcome_of("config.api-keys", context(environ={"OPENAI_API_KEY": "sk-changeme"}))
    assert placeholder.state == "fail"


def test_a_key_in_a_tracked_file_is_found_and_not_shown(context, project):
    secret = "AKIA" + "IOSFODNN7EXAMPLQ"
    (project / "settings.py").write_text(f'aws = "{secret}"\n')
    assert outcome_of("config.api-keys", context()).state == "pass"  # not tracked yet
    git(project, "add", "settings.py")
    found = outcome_of("config.api-keys", context())
    assert found.state == "fail"
    assert "settings.py:1 AWS Access Key in a tracked file" in found.message
    assert secret not in repr(found)


def test_what_the_baseline_knows_is_none(context, project):
    (project / "settings.py").write_text('password = "hunter2hunter2"\n')
    git(project, "add", "settings.py")
    assert outcome_of("config.api-keys", context()).state == "fail"
    scanned = subprocess.run(
        [sys.executable, "-m", "detect_secrets", "scan"], cwd=project, capture_output=True, check=True
    )
    (project / ".secrets.baseline").write_bytes(scanned.stdout)
    assert outcome_of("config.api-keys", context()).state == "pass"


def test_without_a_repository_nobody_can_say(context, project):
    shutil.rmtree(project / ".git")
    assert outcome_of("config.api-keys", context()).state == "unknown"
    assert outcome_of("recovery.rollback", context()).state == "unknown"


@pytest.mark.parametrize(
    ("check_id", "settings", "state", "said"),
    [
        ("config.rate-limit", {"rate_limit": {"rpm": 100}}, "fail", "openai/gpt-4 allows 60"),
        ("config.rate-limit", {"rate_limit": {"burst": 40}}, "warn", "burst"),
        ("config.retry", {"retry": {"max_retries": 0}}, "fail", "nothing is retried"),
        ("config.retry", {"retry": {"base_delay_ms": 9000}}, "fail", "base_delay_ms"),
        ("config.retry", {"llm": {"sdk_max_retries": 2}}, "warn", "12 attempts"),
        ("config.metrics", {"metrics": {"enabled": "false"}}, "fail", "nothing is counted"),
        ("config.metrics", {"store": {"url": "none.db"}}, "fail", "there is no metrics store"),
        ("config.alerts", {"alerts": {"default_rules": "false"}}, "fail", "no rule watches the objective"),
        ("config.alerts", {"store": {"url": "none.db"}}, "unknown", "it is unknown whether they have data"),
        ("config.logs", {"logging": {"format": "text"}}, "fail", "`logging.format` is text"),
        ("monitoring.slo", {"store": {"url": "none.db"}}, "fail", "not measured"),
        ("monitoring.slo", {"sla": {"availability_alert": 0.9999}}, "fail", "alert"),
        ("monitoring.alerts", {"alerts": {"routes.info": ""}}, "fail", "info"),
        ("monitoring.alerts", {"alerts": {"routes.info": "nobody"}}, "fail", "nobody"),
        ("monitoring.runbooks", {"preflight": {"runbooks": "none.md"}}, "fail", "No such file"),
        ("recovery.backups", {"preflight": {"backups": "none"}}, "fail", "no backup of metrics.db"),
        ("recovery.backups", NO_STORE, "unknown", "do not exist"),
        ("recovery.cache", {"cache": {"ttl": "60d"}}, "warn", "cached for"),
        ("recovery.rollback", {"preflight": {"previous_version": "v9"}}, "fail", "git has no v9"),
        ("recovery.rollback", {"preflight": {"rollback": "README.md"}}, "fail", "README.md has no steps"),
        ("recovery.rollback", {"preflight": {"rollback": "none.md"}}, "fail", "No such file"),
        ("recovery.drill", {}, "manual", "needs an attestation"),
        ("monitoring.dashboard", {}, "manual", "names no file"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(context, check_id, settings, state, said):
    found = outcome_of(check_id, context(**settings))
    assert found.state == state, found
    assert said in found.message
    assert found.help


def test_a_heartbeat_must_be_fresh(later):
    assert outcome_of("config.metrics", later(100)).state == "pass"
    found = outcome_of("config.metrics", later(1000))
    assert (found.state, "no heartbeat of the last 5 minutes" in found.message) == ("fail", True)
    assert outcome_of("monitoring.slo", later(2 * 86_400)).state == "fail"
    assert outcome_of("config.alerts", later(2 * 86_400)).state == "unknown"


def test_an_endpoint_must_have_the_series(context):
    with serving('# HELP aurora_calls_total calls\naurora_calls_total{model="x"} 3\n') as url:
        assert outcome_of("config.metrics", context(preflight={"metrics_url": url})).state == "pass"
        other = outcome_of(
            "config.metrics", context(preflight={"metrics_url": url, "metrics_series": "other_total"})
        )
        assert (other.state, "has no series other_total" in other.message) == ("fail", True)
        assert (
            outcome_of("config.metrics", context(preflight={"metrics_url": url}, offline=True)).state
            == "unknown"
        )
    with serving("", status=500) as url:
        assert "status 500" in outcome_of("config.metrics", context(preflight={"metrics_url": url})).message
    gone = outcome_of("config.metrics", context(preflight={"metrics_url": url}))
    assert (gone.state, "refused" in gone.message) == ("fail", True)
    assert (
        outcome_of("config.metrics", context(preflight={"metrics_url": "file:///etc/passwd"})).state == "fail"
    )


def test_a_rule_without_data_is_a_warning(context, project):
    with sqlite3.connect(project / "metrics.db") as store:
        store.execute("UPDATE rollups SET cache_lookups = 0, cache_hits = 0")
    store.close()
    found = outcome_of("config.alerts", context())
    assert (found.state, found.message) == ("warn", "4 rules cover the SLA; no data yet for cache_hit_rate")


def test_a_line_goes_there_and_comes_back(context, project):
    write, read = "sh, -c, echo {marker} >> log", "cat, log"
    assert (
        outcome_of("config.logs", context(preflight={"log_write": write, "log_read": read})).state == "pass"
    )
    mute = outcome_of("config.logs", context(preflight={"log_write": "false", "log_read": read}))
    assert mute.state == "unknown"
    assert (
        outcome_of("config.logs", context(preflight={"log_write": write, "log_read": "no-such"})).state
        == "unknown"
    )


def test_a_line_that_does_not_come_back_is_a_fail(context, monkeypatch):
    monkeypatch.setattr("aurora_cli.preflight.checks.logs._TIMEOUT_S", 0.0)
    found = outcome_of("config.logs", context(preflight={"log_write": "true", "log_read": "true"}))
    assert (found.state, "did not arrive" in found.message) == ("fail", True)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("rate(aurora_calls_total[5m])", {"aurora_calls_total"}),
        ('sum by (model) (rate(calls{reason="other_name"}[5m])) / on(x) group_left(y) up', {"calls", "up"}),
        ("histogram_quantile(0.95, sum(rate(latency_bucket[5m])) by (le))", {"latency_bucket"}),
        ("a offset 5m and b unless c", {"a", "b", "c"}),
        ("1 + 1e3", set()),
    ],
)  # fmt: skip
def test_the_metrics_of_a_query(query, names):
    assert metrics_of(query) == names


def test_a_dashboard_draws_what_is_there(context, project):
    board = {"panels": [{"targets": [{"expr": "rate(aurora_calls_total[5m])"}]}]}
    (project / "board.json").write_text(json.dumps(board))
    named = {"dashboard": "board.json"}
    assert outcome_of("monitoring.dashboard", context(preflight=named)).state == "unknown"
    with serving("aurora_calls_total 3\n") as url:
        found = outcome_of("monitoring.dashboard", context(preflight={**named, "metrics_url": url}))
        assert found.state == "pass"
        board["panels"].append({"panels": [{"targets": [{"expr": "old_name > 3"}]}]})
        (project / "board.json").write_text(json.dumps(board))
        found = outcome_of("monitoring.dashboard", context(preflight={**named, "metrics_url": url}))
        assert (found.state, "draws old_name" in found.message) == ("fail", True)
        assert (
            outcome_of(
                "monitoring.dashboard", context(preflight={**named, "metrics_url": url}, offline=True)
            ).state
            == "unknown"
        )
    for content in ("no json", "[]", '{"panels": []}'):
        (project / "board.json").write_text(content)
        assert outcome_of("monitoring.dashboard", context(preflight=named)).state == "fail"


def test_each_rule_has_a_runbook_with_its_parts(context, project):
    (project / "runbooks.md").write_text("# All\n\n" + "".join(map(RUNBOOK.format, RULES[1:])))
    found = outcome_of("monitoring.runbooks", context())
    assert (found.state, found.message) == ("fail", "high_error_rate has no runbook in runbooks.md")
    text = "# All\n\n" + "".join(map(RUNBOOK.format, RULES)).replace("### Diagnosis", "### Notes", 1)
    (project / "runbooks.md").write_text(text)
    assert "high_error_rate has no part on diagnosis" in outcome_of("monitoring.runbooks", context()).message


def test_runbooks_may_be_a_folder(context, project):
    (project / "books").mkdir()
    for rule in RULES:
        (project / "books" / f"{rule}.md").write_text(RUNBOOK.format(rule))
    assert outcome_of("monitoring.runbooks", context(preflight={"runbooks": "books"})).state == "pass"
    (project / "books" / f"{RULES[0]}.md").unlink()
    assert outcome_of("monitoring.runbooks", context(preflight={"runbooks": "books"})).state == "fail"


def test_a_backup_must_be_young_whole_and_full(context, project):
    (backup,) = (project / "backups").iterdir()
    (made,) = backups_of(project / "metrics.db", project / "backups")
    old = replace(context(), now_s=made.made_s + 2 * 86_400)
    assert "is 2 d old, at most 26 h is allowed" in outcome_of("recovery.backups", old).message
    whole = backup.read_bytes()
    backup.write_bytes(whole[: len(whole) // 2])
    assert "does not restore" in outcome_of("recovery.backups", context()).message
    backup.write_bytes(b"")
    assert outcome_of("recovery.backups", context()).state == "fail"
    backup.unlink()
    sqlite3.connect(backup).execute("CREATE TABLE slices (x)")
    assert "is empty" in outcome_of("recovery.backups", context()).message


def test_the_last_tag_before_this_commit_is_what_to_go_back_to(context, project):
    settings = (project / "aurora.toml").read_text().replace('previous_version = "v1"\n', "")
    (project / "aurora.toml").write_text(settings)
    assert "no tag before this commit" in outcome_of("recovery.rollback", context()).message
    git(project, "commit", "-qam", "second")
    found = outcome_of("recovery.rollback", context())
    assert found.state == "pass"
    assert "; v1 is " in found.message


def test_nobody_is_told_where_all_goes_into_a_log(context, project):
    (project / "aurora.toml").write_text((project / "aurora.toml").read_text().replace('["team"]', '["log"]'))
    found = outcome_of("monitoring.alerts", context())
    assert (found.state, "no route has a receiver" in found.message) == ("warn", True)


def test_what_did_not_arrive_of_late_is_a_warning(context, project):
    store = MetricsStore(project / "metrics.db").alert_store()
    with store.transaction() as page:
        page.enqueue(build_test_notification(0.0, "host"), ["team"])
    store.mark_failed(store.claim("team", 0.0, 90.0), 0.0, "status 403")
    found = outcome_of("monitoring.alerts", context())
    assert (found.state, found.message) == ("warn", "1 of the messages to team did not arrive: status 403")
    assert "aurora alerts evaluate --resend" in found.help
    store.resend(0.0)
    store.mark_delivered(store.claim("team", 0.0, 90.0), 0.0)
    store.close()
    assert outcome_of("monitoring.alerts", context()).state == "pass"


def test_a_test_goes_through_every_route(context):
    found = outcome_of("monitoring.alerts", context(send_test=True))
    assert (found.state, found.message.startswith("team: ")) == ("fail", True)
    assert outcome_of("monitoring.alerts", context(send_test=True, offline=True)).state == "unknown"
