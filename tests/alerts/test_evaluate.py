"""``aurora alerts evaluate``: once, for cron."""

import json
import sqlite3
import subprocess
import sys

import jsonschema
import pytest

from aurora_core.alerting.evaluator import ORPHANED_S


def test_nothing_fires(alerts, measure):
    measure(100, 0)
    exit_code, out, err = alerts("evaluate")
    assert (exit_code, err) == (0, "")
    assert out.splitlines()[-1] == "OK: 0 of 4 rules fire; 0 messages sent"


def test_fire_is_notified_once_however_often_it_is_evaluated(alerts, measure, team):
    measure(100, 50)
    exit_code, out, _ = alerts("evaluate")
    assert exit_code == 1
    assert out.splitlines()[-1] == (
        "FIRING: high_error_rate (warning), critical_error_rate (critical); 3 messages sent"
    )
    (row,) = [line for line in out.splitlines() if line.startswith("  critical_error_rate")]
    assert row.split()[1:3] == ["critical", "firing"]
    exit_code, out, err = alerts("evaluate")
    assert (exit_code, err) == (1, "")
    assert out.endswith("; 0 messages sent\n")
    assert [body["rule"] for body in team.bodies()] == ["critical_error_rate"]


def test_concurrent_evaluations_notify_once(measure, team, folder):
    measure(100, 50)
    command = [sys.executable, "-c", "from aurora_cli.app import main; main()", "alerts", "evaluate"]
    running = [
        subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(4)
    ]
    assert [process.wait(60) for process in running] == [1] * 4
    assert [body["rule"] for body in team.bodies()] == ["critical_error_rate"]


def test_log_channel_writes_to_stderr_as_the_service_logs(alerts, measure, team):
    measure(100, 50)
    lines = [json.loads(line) for line in alerts("evaluate")[2].splitlines()]
    assert {(line["level"], line["alert"]) for line in lines} == {
        ("WARNING", "high_error_rate"), ("CRITICAL", "critical_error_rate"),
    }  # fmt: skip


def test_undelivered_message_is_reported_stored_and_resent(alerts, measure, folder, monkeypatch):
    measure(100, 50)
    _, out, err = alerts("evaluate")
    assert out.endswith("; 2 messages sent, 1 not delivered\n")
    assert "channel team: fire of critical_error_rate failed, will retry: Connection refused" in err
    (row,) = [line for line in out.splitlines() if line.startswith("  team")]
    assert row.split(maxsplit=4)[1:] == ["0", "1", "0", "Connection refused"]
    assert alerts("evaluate")[1].endswith("; 0 messages sent, 1 not delivered\n")  # it is not due yet
    assert alerts("evaluate", "--resend")[1].endswith("; 0 messages sent, 1 not delivered\n")


def test_message_is_resent_once_the_channel_works(alerts, measure, team, monkeypatch):
    there, gone = team.url, "http://127.0.0.1:9/secret-token-1234567890"
    measure(100, 50)
    monkeypatch.setenv("TEAM_HOOK", gone)
    alerts("evaluate")
    monkeypatch.setenv("TEAM_HOOK", there)
    assert alerts("evaluate", "--resend")[1].endswith("; 1 message sent\n")
    assert [body["rule"] for body in team.bodies()] == ["critical_error_rate"]


def test_undelivered_message_without_a_fire_is_no_verdict(alerts, measure, folder):
    measure(100, 50)
    alerts("evaluate")
    with sqlite3.connect("metrics.db") as connection:  # half an hour later, all is well
        connection.execute("DELETE FROM alert_states")
        connection.execute("DELETE FROM rollups")
    connection.close()
    measure(100, 0)
    exit_code, out, _ = alerts("evaluate")
    assert exit_code == 3
    assert "NOT NOTIFIED: 0 of 4 rules fire; 0 messages sent, 1 not delivered" in out


def test_absence_of_data_is_no_verdict(alerts, measure, folder):
    measure(100, 0)
    with sqlite3.connect("metrics.db") as connection:
        connection.execute("UPDATE rollups SET start_s = start_s - ?", (2 * ORPHANED_S,))
    connection.close()
    exit_code, out, _ = alerts("evaluate")
    assert exit_code == 3
    assert "NO DATA: no process measured in the window of any rule; is the service running?" in out


def test_missing_store_is_not_created(alerts, folder):
    exit_code, out, err = alerts("evaluate")
    assert (exit_code, out) == (3, "")
    assert err.startswith("aurora: no metrics store at sqlite:metrics.db: a service writes one")
    assert not (folder / "metrics.db").exists()


def test_store_of_another_program_is_no_verdict(alerts, folder):
    (folder / "metrics.db").write_text("not a database, but long enough to look like one" * 9)
    exit_code, _, err = alerts("evaluate")
    assert (exit_code, "not a SQLite database" in err) == (3, True)


def test_invalid_configuration_is_exit_code_1(alerts, folder):
    (folder / "aurora.toml").write_text("[alerts]\nevaluation_interval = 0\n")
    exit_code, _, err = alerts("evaluate")
    assert (exit_code, "alerts.evaluation_interval" in err, "next: aurora check-config" in err) == (
        1,
        True,
        True,
    )


def test_json_conforms_to_its_schema(alerts, measure, team, folder):
    measure(100, 50)
    exit_code, out, _ = alerts("evaluate", "--format", "json")
    answer = json.loads(out)
    jsonschema.validate(answer, json.loads(alerts("evaluate", "--schema")[1]))
    assert (answer["schema"], answer["verdict"], exit_code) == ("aurora.alerts-evaluate/1", "not good", 1)
    states = {row["rule"]: (row["state"], row["notified"]) for row in answer["results"]}
    assert states == {
        "high_error_rate": ("firing", "fire"),
        "critical_error_rate": ("firing", "fire"),
        "high_latency_p95": ("ok", None),
        "low_cache_hit_rate": ("ok", None),
    }
    assert answer["summary"]["messages"][1] == {
        "channel": "team", "delivered": 1, "waiting": 0, "failed": 0, "error": None,
    }  # fmt: skip
    alerts("evaluate", "--format", "json", "-o", "answer.json")
    assert json.loads((folder / "answer.json").read_text())["exit_code"] == 1


@pytest.mark.parametrize("name", ["[red]rule", "rule\n\x1b[31m"])
def test_rule_name_is_printed_as_data(alerts, measure, folder, name):
    quoted = json.dumps(name)
    (folder / "aurora.toml").write_text(
        f'[store]\nurl = "metrics.db"\n[[alerts.rules]]\nname = {quoted}\nmetric = "error_rate"\n'
        'comparison = "gte"\nthreshold = 0\n'
    )
    measure(10, 0)
    _, out, _ = alerts("evaluate")
    assert "\x1b" not in out
    assert name.partition("\n")[0] in out
