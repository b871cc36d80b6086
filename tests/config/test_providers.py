"""A provider is one record of ``aurora_core.providers``: everything else follows from it."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aurora_core.config.settings import Settings
from aurora_core.providers import PROVIDERS, find_provider, key_prefix_of, published_limit
from aurora_core.secrets import Masker

ROOT = next(folder for folder in Path(__file__).parents if (folder / "pyproject.toml").is_file())
NEW = """
import aurora_core.providers as table
table.PROVIDERS += (
    table.Provider(
        "acme", "Acme", "ACME_API_KEY", "acm-", "https://api.acme.example",
        (table.PublishedLimit("roadrunner", 10),),
    ),
)
"""
KEY = "acm-kJ8s0dTq2LmWz4vXy7Rb"
FILE = '[llm]\nprovider = "acme"\nmodel = "roadrunner-1"\n[rate_limit]\nrpm = 10\n'


@pytest.fixture
def with_new_provider(tmp_path):
    """Run code in a Python whose table has one provider more; returns what it prints."""

    def run(code, toml=FILE, **variables):
        (tmp_path / "aurora.toml").write_text(toml)
        done = subprocess.run(
            [sys.executable, "-c", f"{NEW}\n{code}"],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env={**os.environ, **variables},
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout

    return run


@pytest.fixture
def aurora_with_new_provider(with_new_provider):
    """Run the command in such a Python; returns what it prints."""

    def run(*arguments, **sources):
        code = f"from aurora_cli.app import run\nraise SystemExit(run({list(arguments)!r}))"
        return with_new_provider(code, **sources)

    return run


def test_new_record_is_valid_in_file_and_tiers(aurora_with_new_provider):
    tier = '[[rate_limit.tiers]]\nprovider = "acme"\nmodel = "roadrunner*"\nrpm = 5\n'
    out = aurora_with_new_provider("check-config", toml=FILE + tier, ACME_API_KEY=KEY)
    assert ": VALID" in out
    schema = json.loads(aurora_with_new_provider("check-config", "--config-schema"))
    assert schema["$defs"]["Llm"]["properties"]["provider"]["enum"][-1] == "acme"
    assert "acme_api_key" in schema["$defs"]["Llm"]["properties"]


def test_error_of_a_misspelt_provider_lists_new_record(aurora_with_new_provider):
    out = aurora_with_new_provider("check-config", toml='[llm]\nprovider = "acne"\n')
    assert "must be 'openai', 'anthropic', 'custom' or 'acme'" in out


@pytest.mark.parametrize("variable", ["ACME_API_KEY", "AURORA_LLM_ACME_API_KEY"])
def test_new_record_has_variables_for_its_key(with_new_provider, variable):
    code = (
        "from aurora_core.config import Settings\n"
        "settings = Settings.load('aurora.toml')\n"
        "print(settings.llm.api_key.reveal(), settings.known_secrets(), settings)"
    )
    assert with_new_provider(code, **{variable: KEY}).startswith(f"{KEY} ['{KEY}'] llm=Llm(provider='acme'")


def test_new_record_is_in_template_and_effective_settings(aurora_with_new_provider):
    template = aurora_with_new_provider("init", "-")
    assert '# acme_api_key = { env = "ACME_API_KEY" }' in template
    assert "API key of Acme; set it in the environment (ACME_API_KEY, AURORA_LLM_ACME_API_KEY)" in template
    shown = aurora_with_new_provider("check-config", "--show-effective", ACME_API_KEY=KEY)
    (line,) = [line.split() for line in shown.splitlines() if "acme_api_key" in line]
    assert line == ["llm.acme_api_key", "****y7Rb", "ACME_API_KEY"]


@pytest.mark.parametrize(
    ("toml", "variables", "expected"),
    [
        (FILE, {}, "AUR205 no API key for acme: set ACME_API_KEY"),
        (FILE, {"ACME_API_KEY": f"sk-{KEY}"}, "AUR204 `llm.acme_api_key` does not begin like a key of Acme"),
        (FILE, {"ACME_API_KEY": "acm-xxxx"}, "AUR202 `llm.acme_api_key` is a placeholder"),
        (FILE, {"OPENAI_API_KEY": KEY}, "AUR204 `llm.openai_api_key` does not begin like a key of OpenAI"),
        (FILE, {"ACME_API_KYE": KEY}, "AUR103 environment variable ACME_API_KYE matches no setting"),
        (FILE.replace("10", "50"), {}, "AUR301 `rate_limit.rpm` is 50, but acme/roadrunner allows 10"),
        (FILE + f'[alerts.routes]\ninfo = ["{KEY[:14]}"]\n', {}, "AUR201"),
    ],
)
def test_rules_know_key_format_and_limits_of_new_record(aurora_with_new_provider, toml, variables, expected):
    assert expected in aurora_with_new_provider("check-config", "--format", "concise", toml=toml, **variables)


def test_preflight_names_the_variable_of_new_record(aurora_with_new_provider):
    assert "set ACME_API_KEY" in aurora_with_new_provider("preflight", "--check", "config.api-keys")


def test_probes_connect_to_new_record(with_new_provider):
    code = (
        "from aurora_cli.check_config.load import Sources, read\n"
        "from aurora_cli.check_config.network import list_targets\n"
        "print(list_targets(read(Sources(None, None, (), {}))))"
    )
    assert "host='api.acme.example', port=443" in with_new_provider(code)


def names_in_code(path):
    """Yield the identifiers and texts of a module, without its docstrings."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if id(node) in prose:
            continue
        for field in ("id", "attr", "arg", "name", "value"):
            if isinstance(text := getattr(node, field, None), str):
                yield text


def test_no_other_module_names_a_provider():
    known = [provider.name for provider in PROVIDERS if provider.base_url]
    found = {
        (path.relative_to(ROOT).as_posix(), text)
        for package in ("aurora_core", "aurora_cli")
        for path in (ROOT / package).rglob("*.py")
        if path.name != "providers.py"
        for text in names_in_code(path)
        if any(name in text.lower() for name in known)
    }
    assert {(path, text.splitlines()[0]) for path, text in found} == {
        # the guide's names
        ("aurora_core/config/settings.py", "OPENAI_MODEL"),
        ("aurora_core/config/settings.py", "OPENAI_MAX_TOKENS"),
        # an example in prose
        ("aurora_cli/check_config/template.py", "[[rate_limit.tiers]]"),
    }


def test_names_and_key_fields_are_unique_where_they_must_be():
    names = [provider.name for provider in PROVIDERS]
    assert len(set(names)) == len(names)
    owners = {provider.key_field: provider for provider in reversed(PROVIDERS)}
    assert all(provider.key_prefix == "" for provider in PROVIDERS if provider not in owners.values())


@pytest.mark.parametrize(
    ("key", "prefix"), [("sk-proj-x", "sk-"), ("sk-ant-x", "sk-ant-"), ("other", ""), ("", "")]
)
def test_longest_prefix_tells_whose_key_it_is(key, prefix):
    assert key_prefix_of(key) == prefix


def test_a_key_of_each_provider_is_masked():
    for provider in PROVIDERS:
        if provider.key_prefix:
            shown = Masker().mask(f"the key is {provider.key_prefix}kJ8s0dTq2L!")
            assert shown in ("the key is ****!", "the key is ****Tq2L!")


def test_limit_is_that_of_the_models_family():
    assert published_limit("openai", "GPT-3.5-turbo").rpm == 3500
    assert published_limit("openai", "o1") is None
    assert published_limit("custom", "gpt-4") is None
    with pytest.raises(KeyError):
        find_provider("no-such-provider")


def test_a_custom_deployment_takes_the_key_of_openai():
    environ = {"AURORA_LLM_PROVIDER": "custom", "OPENAI_API_KEY": "k", "HOME": "/none"}
    assert Settings.load(environ=environ).llm.api_key.reveal() == "k"
