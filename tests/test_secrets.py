"""Where a secret is looked for, and what is said where it is not."""

import json
import pickle
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import ModuleType, SimpleNamespace

import pytest

from aurora_core.errors import SecretNotFound
from aurora_core.manual_clock import ManualClock
from aurora_core.secrets import (
    AwsSource,
    EnvironmentSource,
    FileSource,
    KeyringSource,
    SecretChain,
    VaultSource,
    get_secret,
)

NAME, TEXT = "openai_api_key", "sk-proj-the-secret-itself"


@pytest.fixture
def vault():
    """A server that answers as Vault does: its variables, and the tokens it was shown."""
    shown = []

    class Vault(BaseHTTPRequestHandler):
        def do_GET(self):
            shown.append(self.headers["X-Vault-Token"])
            known = self.path == "/v1/secret/data/aurora"
            self.send_response(403 if shown[-1] != "let-me-in" else 200 if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"data": {"data": {NAME: TEXT}}}).encode())

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Vault)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield {"VAULT_ADDR": f"http://127.0.0.1:{server.server_port}/", "VAULT_TOKEN": "let-me-in"}, shown
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_environment_has_it_in_capitals():
    assert EnvironmentSource({"OPENAI_API_KEY": TEXT}).find(NAME).text == TEXT
    assert EnvironmentSource({"OPENAI_API_KEY": ""}).find(NAME) == (None, "the variable OPENAI_API_KEY")


def test_a_file_has_it_named_by_a_variable_or_in_the_folder(tmp_path):
    (tmp_path / NAME).write_text(f"{TEXT}\n")
    (tmp_path / "other").write_text("other")
    assert FileSource(tmp_path, {}).find(NAME).text == TEXT
    assert FileSource(tmp_path, {"OPENAI_API_KEY_FILE": str(tmp_path / "other")}).find(NAME).text == "other"
    assert "No such file" in FileSource(tmp_path / "none", {}).find(NAME).looked
    (tmp_path / NAME).write_bytes(b"\xff" * 10)
    assert FileSource(tmp_path, {}).find(NAME).text is None
    (tmp_path / NAME).write_bytes(b"x" * 70_000)
    assert "too large" in FileSource(tmp_path, {}).find(NAME).looked


def test_vault_has_it_under_a_path(vault):
    environ, shown = vault
    assert VaultSource(environ=environ).find(NAME).text == TEXT
    assert shown == ["let-me-in"]
    assert VaultSource(environ=environ).find("other").text is None
    elsewhere = VaultSource("elsewhere", environ=environ).find(NAME)
    assert elsewhere == (None, "Vault's v1/secret/data/elsewhere")
    assert "status 403" in VaultSource(environ={**environ, "VAULT_TOKEN": "wrong"}).find(NAME).looked
    assert "are not set" in VaultSource(environ={}).find(NAME).looked
    assert VaultSource(environ={**environ, "VAULT_ADDR": "http://127.0.0.1:9"}).find(NAME).text is None


def test_the_keyring_and_aws_are_imported_only_when_they_are_asked(monkeypatch):
    """Neither can run here: no desktop, no cloud. Ours is the call, and what becomes of its errors."""
    for name, source in (("keyring", KeyringSource()), ("boto3", AwsSource())):
        monkeypatch.setitem(sys.modules, name, None)
        assert "not installed: pip install" in source.find(NAME).looked
    keyring = ModuleType("keyring")
    keyring.errors = SimpleNamespace(KeyringError=OSError)
    keyring.get_password = lambda service, name: TEXT if (service, name) == ("aurora", NAME) else None
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert KeyringSource().find(NAME).text == TEXT
    keyring.get_password = lambda *_: (_ for _ in ()).throw(OSError("locked"))
    assert KeyringSource().find(NAME) == (None, "the keyring's service aurora (OSError)")
    asked = []
    boto3 = ModuleType("boto3")

    def get_secret_value(**asked_for):
        asked.append(asked_for)
        return {"SecretString": TEXT}

    boto3.client = {"secretsmanager": SimpleNamespace(get_secret_value=get_secret_value)}.get
    monkeypatch.setitem(sys.modules, "boto3", boto3)
    assert AwsSource().find(NAME).text == TEXT
    assert asked == [{"SecretId": f"aurora/{NAME}"}]
    boto3.client = {}.get
    assert "AttributeError" in AwsSource().find(NAME).looked


def test_the_first_source_that_has_it_gives_it_and_it_is_kept_for_its_time():
    clock, environ = ManualClock(), {"OPENAI_API_KEY": "first"}
    chain = SecretChain([EnvironmentSource({}), EnvironmentSource(environ)], 60, clock=clock)
    assert chain.get(NAME).reveal() == "first"
    environ["OPENAI_API_KEY"] = "rotated"
    clock.advance(59)
    assert chain.get(NAME).reveal() == "first"
    clock.advance(1)
    assert chain.get(NAME).reveal() == "rotated"
    environ["OPENAI_API_KEY"] = "again"
    chain.forget()
    assert get_secret(NAME, chain) == "again"


def test_one_that_is_missing_names_where_it_was_looked_for_and_nothing_else(tmp_path):
    chain = SecretChain([EnvironmentSource({"OTHER": TEXT}), FileSource(tmp_path, {})])
    with pytest.raises(SecretNotFound) as missing:
        chain.get(NAME)
    assert str(missing.value) == (
        "there is no secret openai_api_key; looked at the variable OPENAI_API_KEY, "
        f"the file {tmp_path / NAME} (No such file or directory)"
    )
    assert TEXT not in repr(missing.value)
    again = pickle.loads(pickle.dumps(missing.value))
    assert (again.name, again.looked) == (NAME, missing.value.looked)


def test_what_a_chain_gives_never_prints():
    assert TEXT not in f"{SecretChain([EnvironmentSource({'OPENAI_API_KEY': TEXT})]).get(NAME)!r}"
