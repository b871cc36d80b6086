"""Configurations to examine, made of text."""

import pytest

from aurora_cli.check_config.codes import RULES
from aurora_cli.check_config.engine import run_rules
from aurora_cli.check_config.load import Sources, read


@pytest.fixture
def subject(tmp_path):
    """Read a file's text and variables, as the command does."""

    def of(toml="", environ=None, *, env_file=None, flags=()):
        path = tmp_path / "aurora.toml"
        path.write_bytes(toml if isinstance(toml, bytes) else toml.encode())
        path.chmod(0o600)
        variables = None
        if env_file is not None:
            variables = tmp_path / "service.env"
            variables.write_text(env_file)
            variables.chmod(0o600)
        return read(Sources(path, variables, flags, environ or {}))

    return of


@pytest.fixture
def findings(subject):
    """Examine a file's text and variables; the findings by code."""

    def of(toml="", environ=None, **sources):
        found, _ = run_rules(subject(toml, environ, **sources), RULES)
        by_code = {}
        for finding in found:
            by_code.setdefault(finding.code, []).append(finding)
        return by_code

    return of


@pytest.fixture(scope="module")
def findings_of(tmp_path_factory):
    """The same for tests with many examples: one file, written over."""
    path = tmp_path_factory.mktemp("examined") / "aurora.toml"

    def of(toml):
        path.write_text(toml)
        path.chmod(0o600)
        by_code = {}
        for finding in run_rules(read(Sources(path, None, (), {})), RULES)[0]:
            by_code.setdefault(finding.code, []).append(finding)
        return by_code

    return of
