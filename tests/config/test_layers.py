"""Settings from layers: which value holds, and where it came from."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aurora_core.config import Settings
from aurora_core.config.layered import merge_layers
from aurora_core.config.settings import SETTINGS, read_layers
from aurora_core.errors import ConfigurationError

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
GUIDE = ROOT.parent / "shared" / "guide.md"
SIXTEEN = {
    "OPENAI_API_KEY": ("llm.openai_api_key", "sk-..."),
    "OPENAI_MODEL": ("llm.model", "gpt-4-turbo-preview"),
    "OPENAI_MAX_TOKENS": ("llm.max_tokens", 4096),
    "AURORA_RATE_LIMIT_RPM": ("rate_limit.rpm", 60),
    "AURORA_RATE_LIMIT_MAX_WAIT": ("rate_limit.max_wait", 60.0),
    "AURORA_MAX_RETRIES": ("retry.max_retries", 3),
    "AURORA_RETRY_BASE_DELAY_MS": ("retry.base_delay_ms", 100.0),
    "AURORA_RETRY_MAX_DELAY_MS": ("retry.max_delay_ms", 5000.0),
    "AURORA_CACHE_HOT_SIZE": ("cache.hot_size", 2000),
    "AURORA_CACHE_TTL": ("cache.ttl", 600.0),
    "AURORA_CACHE_PATH": ("cache.path", Path("/var/lib/aurora/cache.db")),
    "AURORA_METRICS_ENABLED": ("metrics.enabled", True),
    "AURORA_METRICS_PORT": ("metrics.port", 9090),
    "AURORA_LOG_LEVEL": ("logging.level", "INFO"),
    "AURORA_ENABLE_SECURITY_SCAN": ("security.scan", True),
    "AURORA_MAX_QUERY_LENGTH": ("security.max_query_length", 10_000),
}
NUMBERS = [
    setting for setting in SETTINGS if isinstance(setting.default, int | float) and setting.rows is None
]
NUMBERS = [setting for setting in NUMBERS if not isinstance(setting.default, bool)]


def value(found, key):
    for step in key.split("."):
        found = getattr(found, step)
    return found


def total(toml="", environ=None, folder=None, env_file=None):
    file = variables = None
    if toml:
        file = folder / "aurora.toml"
        file.write_text(toml)
    if env_file:
        variables = folder / "service.env"
        variables.write_text(env_file)
    return merge_layers(Settings, SETTINGS, read_layers(file, variables, environ or {}), environ or {})


@pytest.mark.parametrize(("variable", "expected"), SIXTEEN.items(), ids=SIXTEEN)
def test_the_guides_sixteen_variables_have_their_names_and_values(variable, expected):
    if not GUIDE.is_file():
        pytest.skip(f"the guide is not here: {GUIDE}")
    exported = dict(re.findall(r'^export (\w+)="(.*)"$', GUIDE.read_text(), re.MULTILINE))
    assert exported.keys() == SIXTEEN.keys()
    key, wanted = expected
    found = value(Settings.load(environ={variable: exported[variable], "HOME": "/none"}), key)
    assert (found.reveal() if variable == "OPENAI_API_KEY" else found) == wanted


@pytest.mark.parametrize(("variable", "expected"), SIXTEEN.items(), ids=SIXTEEN)
def test_the_guides_values_are_the_defaults(variable, expected):
    key, wanted = expected
    assert value(Settings(), key) == (None if variable == "OPENAI_API_KEY" else wanted)


def test_every_other_setting_has_its_section_and_its_key_for_a_name():
    for setting in SETTINGS:
        if setting.variable not in {*SIXTEEN, "ANTHROPIC_API_KEY", None}:
            assert setting.variable == "_".join(("AURORA", *setting.path)).upper()
    variables = [setting.variable for setting in SETTINGS if setting.variable]
    assert len(set(variables)) == len(variables)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.sampled_from(NUMBERS), st.sets(st.sampled_from(["file", "env-file", "environment"])))
def test_the_strongest_layer_that_gives_a_value_holds(tmp_path, setting, given_by):
    share = setting.unit == "share"
    values = {
        name: (0.5 + number / 10 if share else 3600 * 24 * (number + 1))
        for number, name in enumerate(("file", "env-file", "environment"))
    }
    if setting.key in {"metrics.port", "retry.max_retries"}:
        values = {"file": 5, "env-file": 6, "environment": 7}
    section, name = setting.key.rsplit(".", 1)
    found = total(
        f"[{section}]\n{name} = {values['file']}\n" if "file" in given_by else "",
        {setting.variable: str(values["environment"])} if "environment" in given_by else {},
        tmp_path,
        f"{setting.variable}={values['env-file']}\n" if "env-file" in given_by else "",
    )
    assert not found.problems
    strongest = next((name for name in ("environment", "env-file", "file") if name in given_by), "default")
    assert value(found.settings, setting.key) == values.get(strongest, setting.default)
    assert found.origin(setting.path).kind == strongest


def test_each_value_knows_where_it_came_from(tmp_path):
    found = total(
        "\n[retry]\nmax_retries = 5\n", {"AURORA_RETRY_JITTER": "full"}, tmp_path, "\nAURORA_CACHE_TTL=5\n"
    )
    origins = {key: str(found.origin(tuple(key.split(".")))) for key in ("retry.max_retries", "retry.jitter")}
    assert origins == {
        "retry.max_retries": f"{tmp_path}/aurora.toml:3:15",
        "retry.jitter": "AURORA_RETRY_JITTER",
    }
    assert str(found.origin(("cache", "ttl"))) == f"{tmp_path}/service.env:2:1"
    assert str(found.origin(("cache", "path"))) == "default"


def test_each_layer_is_validated_by_itself(tmp_path):
    found = total(
        "[rate_limit]\nrpm = 0\n", {"AURORA_RATE_LIMIT_RPM": "6"}, tmp_path, "AURORA_RATE_LIMIT_RPM=x\n"
    )
    told = [(problem.origin.kind, problem.kind, problem.hidden_by.kind) for problem in found.problems]
    assert told == [("file", "range", "environment"), ("env-file", "type", "environment")]
    assert found.settings.rate_limit.rpm == 6


def test_in_the_place_of_a_wrong_value_stands_the_next_below_it(tmp_path):
    found = total("[rate_limit]\nrpm = 7\n", {"AURORA_RATE_LIMIT_RPM": "x"}, tmp_path)
    assert found.settings.rate_limit.rpm == 7
    assert found.is_wrong(("rate_limit", "rpm"))
    assert not found.is_wrong(("rate_limit", "max_wait"))


def test_a_wrong_row_leaves_the_others_with_their_places(tmp_path):
    rows = "".join(
        f'[[rate_limit.tiers]]\nprovider = "openai"\nmodel = "m{number}"\nrpm = {number}\n'
        for number in range(3)
    )
    found = total(rows, {}, tmp_path)
    assert [tier.rpm for tier in found.settings.rate_limit.tiers] == [1, 2]
    assert str(found.origin(("rate_limit", "tiers", 0, "rpm"))).endswith(":8:7")
    assert str(found.origin(("rate_limit", "tiers", 1, "rpm"))).endswith(":12:7")


def test_types_are_strict_in_a_file_and_read_from_text_elsewhere(tmp_path):
    for text in ('rpm = "60"', "rpm = 60.0", "rpm = true", "max_wait = true", "per = 1"):
        (problem,) = total(f"[rate_limit]\n{text}\n", {}, tmp_path).problems
        assert problem.kind in {"type", "range"}
    environ = {
        "AURORA_RATE_LIMIT_RPM": "60",
        "AURORA_METRICS_ENABLED": "off",
        "AURORA_ALERTS_ROUTES_INFO": "log, team",
    }
    found = total("", environ)
    assert not found.problems
    assert found.settings.metrics.enabled is False
    assert found.settings.alerts.routes.info == ("log", "team")


def test_an_empty_variable_counts_as_not_given():
    found = total("", {"AURORA_RATE_LIMIT_RPM": ""})
    assert not found.problems
    assert found.origin(("rate_limit", "rpm")).kind == "default"


def test_a_variable_that_was_meant_for_us_is_known_and_no_other():
    names = (
        "AURORA_RATE_LIMIT_RMP",
        "OPENAI_API_KYE",
        "OPENAI_ORG_ID",
        "AURORA_CONFIG",
        "PATH",
        "OPENAI_BASE_URL",
    )
    (layer,) = total("", dict.fromkeys(names, "x")).layers
    assert [origin.name for origin in layer.unknown] == ["AURORA_RATE_LIMIT_RMP", "OPENAI_API_KYE"]


def test_a_secret_may_be_named_instead_of_given(tmp_path):
    secret = tmp_path / "key"
    secret.write_text("sk-from-a-file\n")
    toml = f'[llm]\nopenai_api_key = {{ env = "MINE" }}\nanthropic_api_key = {{ file = "{secret}" }}\n'
    found = total(toml, {"MINE": "sk-mine"}, tmp_path)
    assert found.settings.llm.openai_api_key.reveal() == "sk-mine"
    assert found.settings.llm.anthropic_api_key.reveal() == "sk-from-a-file"
    assert total(toml, {}, tmp_path).settings.llm.openai_api_key is None


def test_what_is_wrong_is_told_all_at_once_with_its_place(tmp_path):
    (tmp_path / "aurora.toml").write_text('[rate_limit]\nrpm = "x"\nmax_wiat = 5\n')
    with pytest.raises(ConfigurationError) as told:
        Settings.load(tmp_path / "aurora.toml", environ={"AURORA_MAX_RETRIES": "-1"})
    file = tmp_path / "aurora.toml"
    assert told.value.problems == (
        f'{file}:2:7: `rate_limit.rpm` = "x" must be a whole number, not a string',
        f"{file}:3:12: unknown key `rate_limit.max_wiat`",
        'AURORA_MAX_RETRIES: `retry.max_retries` = "-1" must be at least 0',
    )


def test_renamed_setting_is_an_error_that_gives_the_new_name(tmp_path):
    (tmp_path / "aurora.toml").write_text('[store]\npath = "metrics.db"\n')
    with pytest.raises(ConfigurationError) as raised:
        Settings.load(tmp_path / "aurora.toml", environ={"AURORA_STORE_PATH": "metrics.db"})
    assert raised.value.problems == (
        f"{tmp_path / 'aurora.toml'}:2:8: `store.path` was renamed to `store.url`",
        "AURORA_STORE_PATH: `store.path` was renamed to `store.url`",
    )


def test_renamed_key_of_a_rule_is_an_error_that_gives_the_new_one(tmp_path):
    rule = '[[alerts.rules]]\nname = "x"\nmetric = "error_rate"\ncomparison = "gt"\nthreshold = 0.1\n'
    (tmp_path / "aurora.toml").write_text(f"{rule}clear_for = 60\n[alerts]\nevery = 30\n")
    with pytest.raises(ConfigurationError) as raised:
        Settings.load(tmp_path / "aurora.toml", environ={})
    messages = [problem.split(": ")[1] for problem in raised.value.problems]
    assert messages == [
        "`alerts.rules[0].clear_for` was renamed to `keep_firing_for`",
        "`alerts.every` was renamed to `alerts.evaluation_interval`",
    ]


def test_store_is_a_url_or_a_path(tmp_path):
    for text in ("sqlite:/data/m.db", "sqlite:///data/m.db", "/data/m.db"):
        found = total(environ={"AURORA_STORE_URL": text}).settings
        assert found.store.file == Path("/data/m.db")
        assert found.database_files() == {"store.url": Path("/data/m.db"), "cache.path": found.cache.path}
    (problem,) = total('[store]\nurl = "mysql://user:hunter2@host/db"\n', {}, tmp_path).problems
    assert "unknown store scheme 'mysql:': expected sqlite: or a path" in problem.message
    assert "hunter2" not in problem.message


def test_a_file_that_is_no_toml_or_not_there_is_told_too(tmp_path):
    (tmp_path / "aurora.toml").write_text("rpm =")
    with pytest.raises(ConfigurationError, match=r"aurora.toml:1:6: "):
        Settings.load(tmp_path / "aurora.toml", environ={})
    with pytest.raises(ConfigurationError, match="No such file"):
        Settings.load(tmp_path / "no-such.toml", environ={})


def test_settings_cannot_be_changed_once_loaded():
    with pytest.raises(ValueError, match="frozen"):
        Settings().rate_limit.rpm = 5
