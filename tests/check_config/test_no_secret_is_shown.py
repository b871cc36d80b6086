"""A secret, wherever it stands, appears in no form of output."""

import logging
import re
import traceback
from pathlib import Path

import pytest

from aurora_cli.app import run
from aurora_cli.check_config.template import render_template
from aurora_core.config import Settings
from aurora_core.config.settings import SETTINGS
from aurora_core.errors import ConfigurationError

SECRETS = {
    "OpenAI": "sk-proj-Zb6Hy3Nf9Ue5Ga1Cj7WoQx8M",
    "Anthropic": "sk-ant-api03-Zb6Hy3Nf9Ue5Ga1Cj7WoQx8M",
    "Slack": "https://hooks.slack.com/services/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",
    "hex": "9f8e7d6c5b4a39281706f5e4d3c2b1a0",
    "address": "https://operator:hunter2horse@alerts.example.com/hook",
    "GitHub": "ghp_Zb6Hy3Nf9Ue5Ga1Cj7WoQx8McV5tYu",
    "JWT": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
    "AWS": "AKIAIOSFODNN7EXAMPLE",
}
FORMS = ("text", "concise", "json", "sarif", "junit", "github")
ACTIONS = [
    *(["--format", form] for form in FORMS),
    ["--show-effective"],
    ["--show-effective", "--format", "json"],
    ["--origin", "llm.openai_api_key"],
    ["--origin", "llm.model"],
    ["--diff", "other.toml"],
    ["--write", "-"],
    ["--fix"],
]


def pieces(secret):
    """Every run of six characters but the last four: what would give the secret away."""
    secret = secret.removeprefix("https://")
    body = re.sub(r"^(hooks\.slack\.com/services/|operator:)", "", secret).partition("@")[0][:-4]
    body = re.sub(r"^(sk-ant-api03-|sk-proj-|ghp_|AKIA)", "", body)
    return {body[start : start + 6] for start in range(max(1, len(body) - 5))}


@pytest.fixture
def shown(tmp_path, monkeypatch, capsys, caplog):
    """All that every action prints of a file and an environment."""
    monkeypatch.chdir(tmp_path)
    Path("other.toml").write_text("")

    def of(text, environ=None, env_file=None):
        path = Path("aurora.toml")
        printed = ""
        for action in ACTIONS:
            path.write_text(text)
            arguments = ["check-config", *action]
            if env_file is not None:
                Path("service.env").write_text(env_file)
                arguments += ["--env-file", "service.env"]
            with monkeypatch.context() as patched:
                for name, value in (environ or {}).items():
                    patched.setenv(name, value)
                assert run(arguments) in (0, 1)
            streams = capsys.readouterr()
            printed += streams.out + streams.err
        try:
            settings = Settings.load(path, environ=environ or {})
        except ConfigurationError:
            printed += traceback.format_exc()
        else:
            logging.getLogger("tests").warning("settings %s %r", settings, settings)
            printed += caplog.text
        return printed

    return of


def check(printed, secret):
    assert printed
    for piece in pieces(secret):
        assert piece not in printed, piece


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_in_every_setting_of_the_file(shown, secret):
    sections = {}
    for setting in SETTINGS:
        if setting.rows is None:
            sections.setdefault(".".join(setting.path[:-1]), []).append(f'{setting.path[-1]} = "{secret}"')
    text = "".join(f"[{name}]\n" + "\n".join(lines) + "\n" for name, lines in sections.items())
    tables = (
        f'[[rate_limit.tiers]]\nprovider = "{secret}"\nmodel = "{secret}"\nrpm = "{secret}"\n'
        f'[[alerts.rules]]\nname = "{secret}"\nmetric = "{secret}"\ncomparison = "{secret}"\n'
        f'threshold = "{secret}"\n'
        f'[alerts.channels.x]\ntype = "{secret}"\nurl = "{secret}"\nkey = "{secret}"\n'
        f'[alerts.channels.y]\ntype = "slack"\nurl = "{secret}"\n'
        f'[[preflight.command]]\nname = "{secret}"\nrun = ["curl", "-H", "{secret}"]\n'
        f'[[preflight.http]]\nname = "{secret}"\nurl = "{secret}"\n'
    )
    check(shown(text + tables), secret)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_in_every_text_of_a_valid_file(shown, secret):
    text = (
        f'[llm]\nmodel = "{secret}"\nopenai_api_key = "{secret}"\nbase_url = "{secret}"\n'
        f'[cache]\npath = "/{secret}"\n[alerts.channels.team]\ntype = "webhook"\nurl = "{secret}"\n'
        f'[[alerts.rules]]\nname = "{secret}"\nmetric = "error_rate"\ncomparison = "gt"\nthreshold = 2\n'
        f'description = "{secret}"\n[alerts.routes]\ninfo = ["{secret}"]\n'
    )
    check(shown(text), secret)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
@pytest.mark.parametrize(
    "text",
    [
        '[llm]\napi_kye = "{}"\n',
        '[llm]\nopenai_api_kye = "{}"\nmax_tokns = 5 # {}\n',
        '["{}"]\nx = 1\n',
        '[llm]\n"{}" = 1\n',
        '[llm]\nopenai_api_key = "{}\n',
        "[llm]\nopenai_api_key = {}\n",
        "[llm]\nopenai_api_key = '{}\n",
        '[llm]\nopenai_api_key = """{}"\n',
        '[llm]\nopenai_api_key = """\n{}\n"""\n',
        '[llm]\nmodel = "a" "{}"\n',
        "[llm]\nmodel = # {}\n",
        '[llm]\nopenai_api_key = {{ env = "{}" }}\n',
        '[llm]\nopenai_api_key = {{ key = "{}" }}\n',
        '[rate_limit]\nrpm = ["{}"]\n',
        'rate_limit = "{}"\n',
    ],
)
def test_where_no_setting_or_no_toml_is(shown, secret, text):
    check(shown(text.format(*[secret] * text.count("{}"))), secret)


@pytest.mark.parametrize("secret", SECRETS.values(), ids=SECRETS)
def test_in_every_variable(shown, secret):
    variables = {setting.variable: secret for setting in SETTINGS if setting.variable} | {
        "AURORA_LLM_KYE": secret
    }
    check(shown("[rate_limit]\nrpm = 5\n", variables), secret)
    lines = "".join(f"{name}={value}\n" for name, value in variables.items())
    check(shown("", env_file=lines), secret)
    check(shown("", env_file=f"{lines}OPENAI_API_KEY '{secret}\n"), secret)


def test_a_password_without_any_shape_is_known_by_where_it_stands(shown):
    password = "correct horse"
    check(shown("", {"OPENAI_API_KEY": password}), password)
    check(shown(f'[llm]\nopenai_api_key = "{password}"\nqwertyuiop = "{password}"\n'), password)


def test_the_starter_shows_its_own_values(shown):
    printed = shown(render_template())
    assert "gpt-4-turbo-preview" in printed
    assert "/var/lib/aurora/metrics.db" in printed
