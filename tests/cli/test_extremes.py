"""Whatever number is given, the answer is a result or a sentence, never a fault."""

import pytest

EXTREMES = (
    "nan", "inf", "-inf", "-1", "-0.0", "0", "1", "1.5", "1e-300", "1e-9", "1e9", "1e300", "1e400",
    "99999999999999999999", "x", "",
)  # fmt: skip

OPTIONS = (
    "--rpm", "--max-wait", "--burst", "--max-retries", "--base-delay-ms", "--max-delay-ms", "--multiplier",
    "--breaker-threshold", "--breaker-timeout", "--error-rate", "--provider-rpm", "--seed", "--scale",
    "--max-bad-lines", "--latency", "--time-unit",
)  # fmt: skip


@pytest.fixture
def few(folder):
    path = folder / "few.csv"
    path.write_text("time,latency_ms,status\n1,50,ok\n1.5,50,503\n90,50,ok\n")
    return path


@pytest.mark.parametrize("option", OPTIONS)
def test_an_extreme_number_is_taken_or_refused_with_its_name(aurora, few, option):
    for value in EXTREMES:
        exit_code, out, err = aurora("simulate", few, f"{option}={value}", "--format", "json")
        case = f"{option}={value}: {err}"
        assert exit_code in (0, 2, 3), case
        assert (exit_code == 0) == (out != ""), case
        assert (exit_code == 0) == (err == ""), case


@pytest.mark.parametrize(("scale", "exit_code"), [("1e-3", 0), ("1e-6", 2), ("1e-300", 2)])
def test_a_scale_that_stretches_the_log_over_decades_is_refused(aurora, scale, exit_code):
    code, _, err = aurora("simulate", "--scale", scale)
    assert code == exit_code
    assert ("--scale" in err) == (exit_code == 2)


def test_more_retries_than_a_replay_has_room_for_are_refused(aurora, few):
    exit_code, _, err = aurora("simulate", few, "--max-retries", "1000001")
    assert exit_code == 2
    assert "at most 1,000,000" in err


@pytest.mark.parametrize("variable", ["AURORA_RATE_LIMIT_RPM", "AURORA_MAX_RETRIES"])
def test_a_variable_that_is_no_number_is_refused_and_an_empty_one_is_none(aurora, few, monkeypatch, variable):
    monkeypatch.setenv(variable, "sixty")
    exit_code, _, err = aurora("simulate", few)
    assert exit_code == 1
    assert "sixty" in err or variable in err
    monkeypatch.setenv(variable, "")
    assert aurora("simulate", few)[0] == 0


def test_a_role_that_is_named_twice_is_refused(aurora, few):
    exit_code, _, err = aurora("simulate", few, "--columns", "time=time,time=latency_ms")
    assert exit_code == 2
    assert "time twice" in err
