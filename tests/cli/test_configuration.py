"""What a command takes from the configuration where its options do not say."""

import hashlib
import json
import re

import pytest

from aurora_core.config.settings import SETTINGS

FILE = """
[rate_limit]
rpm = 30
max_wait = "20s"
per = "call"
[retry]
max_retries = 1
base_delay_ms = "0.3s"
max_delay_ms = 900
backoff_multiplier = 3
jitter = "full"
[breaker]
failure_threshold = 9
timeout = "5s"
[simulate]
provider_rpm = 40
provider_limit = "fixed-window"
provider_retry_after = "next"
"""
POLICY = {
    "name": "30 rpm",
    "rate_limit": {
        "rpm": 30, "max_wait": 20, "burst": None, "per": "call", "workers": 1,
        "provider_rpm": None, "tiers": [],
    },
    "retry": {
        "max_retries": 1, "base_delay_ms": 300, "max_delay_ms": 900, "backoff_multiplier": 3,
        "jitter": "full", "deadline": None, "max_retry_after": 120, "budget_ratio": None,
    },
    "breaker": {
        "enabled": True, "failure_threshold": 9, "timeout": 5, "failure_rate": None, "minimum_calls": 10,
        "window": 60,
    },
}  # fmt: skip


@pytest.fixture
def answer(aurora):
    def of(*arguments):
        exit_code, out, err = aurora("simulate", *arguments, "--format", "json")
        assert exit_code in (0, 1), err
        return json.loads(out)

    return of


def test_a_replay_takes_every_number_from_the_file(answer, log, folder):
    (folder / "aurora.toml").write_text(FILE)
    found = answer(log)
    assert found["results"][0]["policy"] == POLICY
    assert found["summary"]["provider"] == {
        "rpm": 40, "limit": "fixed-window", "retry_after": "next", "error_rate": None,
    }  # fmt: skip


def test_the_answer_names_the_file_and_its_digest(answer, log, folder):
    assert answer(log)["config"] is None
    (folder / "aurora.toml").write_text(FILE)
    sha256 = hashlib.sha256(FILE.encode()).hexdigest()
    assert answer(log)["config"] == {"path": "aurora.toml", "sha256": sha256}


def test_a_variable_is_stronger_than_the_file_and_an_option_than_both(answer, log, folder, monkeypatch):
    (folder / "aurora.toml").write_text(FILE)
    monkeypatch.setenv("AURORA_RATE_LIMIT_RPM", "45")
    monkeypatch.setenv("AURORA_MAX_RETRIES", "2")
    policy = answer(log, "--max-retries", "4")["results"][0]["policy"]
    retry = policy["retry"]
    assert (policy["rate_limit"]["rpm"], retry["max_retries"], retry["max_delay_ms"]) == (45, 4, 900)


def test_an_option_of_zero_is_an_option(answer, log, folder):
    (folder / "aurora.toml").write_text(FILE)
    found = answer(log, "--max-retries", "0", "--max-wait", "0", "--base-delay-ms", "0")["results"][0]
    limit, retry = found["policy"]["rate_limit"], found["policy"]["retry"]
    assert (retry["max_retries"], limit["max_wait"], retry["base_delay_ms"]) == (0, 0, 0)


def test_a_file_can_be_named_by_option_and_by_variable(answer, log, folder, monkeypatch):
    for name, rpm in (("aurora.toml", 10), ("by-variable.toml", 20), ("by-option.toml", 30)):
        (folder / name).write_text(f"[rate_limit]\nrpm = {rpm}\n")
    assert answer(log)["results"][0]["policy"]["rate_limit"]["rpm"] == 10
    monkeypatch.setenv("AURORA_CONFIG", "by-variable.toml")
    assert answer(log)["results"][0]["policy"]["rate_limit"]["rpm"] == 20
    assert answer(log, "--config", "by-option.toml")["results"][0]["policy"]["rate_limit"]["rpm"] == 30


def test_a_breaker_that_is_off_is_off(answer, log, folder):
    (folder / "aurora.toml").write_text("[breaker]\nenabled = false\n")
    assert answer(log)["results"][0]["policy"]["breaker"]["enabled"] is False


def test_the_log_of_the_configuration_is_replayed_where_none_is_named(answer, log, folder):
    log.rename(folder / "elsewhere.csv")
    (folder / "aurora-queries.jsonl").write_text("")
    (folder / "aurora.toml").write_text('[simulate]\nlog = "elsewhere.csv"\n')
    assert answer()["summary"]["log"]["files"] == ["elsewhere.csv"]


def test_the_goals_of_the_configuration_decide(aurora, log, folder):
    (folder / "aurora.toml").write_text('[simulate]\ngoals = ["p95<1ms"]\n')
    exit_code, out, _ = aurora("simulate", log)
    assert exit_code == 1
    assert "GOAL MISSED: p95<1ms" in out
    assert aurora("simulate", log, "--goal", "p95<9999s")[0] == 0


def test_the_share_of_bad_lines_is_the_configurations(aurora, folder):
    (folder / "log.csv").write_text("time,latency_ms\n1,5\nyesterday,5\n")
    assert aurora("simulate", "log.csv")[0] == 3
    (folder / "aurora.toml").write_text('[simulate]\nmax_bad_lines = "50%"\n')
    assert aurora("simulate", "log.csv")[0] == 0


def test_the_sla_is_the_configurations(answer, log, folder):
    (folder / "aurora.toml").write_text(
        '[sla]\navailability = "50%"\nerror_rate = 0.4\nerror_rate_alert = 0.5\np95_latency_ms = "1h"\n'
    )
    targets = {row["objective"]: row["target"] for row in answer(log)["results"][0]["sla"]}
    assert targets == {
        "availability": 0.5,
        "p95_latency": 3_600_000,
        "error_rate": 0.4,
        "cache_hit_rate": 0.3,
    }


def test_the_alert_rules_are_the_configurations(answer, log, folder):
    rule = 'name = "any"\nmetric = "query_count"\ncomparison = "gt"\nthreshold = 0\nseverity = "info"\n'
    (folder / "aurora.toml").write_text(f"[alerts]\ndefault_rules = false\n[[alerts.rules]]\n{rule}")
    assert [(alert["rule"], alert["severity"]) for alert in answer(log)["results"][0]["alerts"]] == [
        ("any", "info")
    ]


def test_an_answer_is_kept_as_long_as_the_configuration_says(answer, folder):
    (folder / "log.csv").write_text("time,latency_ms,key\n1,5,a\n31,5,a\n61,5,a\n")
    columns = ("--columns", "key=key")
    (folder / "aurora.toml").write_text('[cache]\nttl = "10s"\n')
    hit_rates = []
    for ttl in ("10s", "40s"):
        (folder / "aurora.toml").write_text(f'[cache]\nttl = "{ttl}"\n')
        rows = answer("log.csv", *columns)["results"][0]["sla"]
        hit_rates += [row["value"] for row in rows if row["objective"] == "cache_hit_rate"]
    assert hit_rates == [0, pytest.approx(1 / 3)]


def test_an_invalid_configuration_ends_every_command_with_all_that_is_wrong(aurora, log, folder):
    (folder / "aurora.toml").write_text('[rate_limit]\nrpm = "x"\n[retry]\nmax_retires = 1\n')
    exit_code, out, err = aurora("simulate", log)
    assert (exit_code, out) == (1, "")
    assert "aurora.toml:2:7: `rate_limit.rpm`" in err
    assert "aurora.toml:4:" in err
    assert err.rstrip().endswith("next: aurora check-config aurora.toml")


def test_a_configuration_that_is_not_there_is_wrong_usage(aurora, log, monkeypatch):
    assert aurora("simulate", log, "--config", "no-such.toml")[0] == 2
    monkeypatch.setenv("AURORA_CONFIG", "no-such.toml")
    exit_code, _, err = aurora("simulate", log)
    assert exit_code == 2
    assert "no-such.toml" in err


def test_the_help_tells_each_setting_with_its_variable_and_its_default(aurora):
    text = " ".join(aurora("simulate", "--help")[1].split())
    text = re.sub(r"(?<=\w)- (?=\w)", "-", text)  # a line may end at a hyphen
    told = re.findall(r"\[(\w+\.\w+)(?:, (\w+))?(?:; ([^\]]+))?\]", text)
    settings = {setting.key: setting for setting in SETTINGS}
    assert len(told) >= 14
    for key, variable, default in told:
        assert variable in ("", settings[key].variable)
        value = settings[key].default
        number = f"{value:g}" if isinstance(value, float) else str(value)
        written = "true" if value is True else {None: "", (): "", 0.01: "1%"}.get(value, number)
        assert (default.split() or [""])[0] == written, key  # a unit may follow
