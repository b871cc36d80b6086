"""Where a secret is source for, and what is said where it is not."""

import json
import logging
import os
import pickle
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import keyring
import pytest
from keyring.backends.fail import Keyring as NoKeyring
from keyrings.alt.file import PlaintextKeyring

from aurora_core.errors import SecretNotFound
from aurora_core.manual_clock import ManualClock
from aurora_core.secrets import (
    EnvironmentSource,
    FileSource,
    Lookup,
    SecretChain,
    build_chain,
    get_secret,
)
from aurora_core.secrets.remote import AwsSource, KeyringSource, VaultSource
from aurora_core.secrets.with_timeout import BoundedCall

NAME, TEXT = "openai_api_key", "sk-proj-the-secret-itself"


@contextmanager
def serving(handler):
    """A server on loopback, and its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Quiet(BaseHTTPRequestHandler):
    def log_message(self, *arguments):
        pass

    def answer(self, status, content, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


@pytest.fixture
def vault():
    """A server that answers as Vault does: its variables, and the tokens it was shown."""
    shown = []

    class Vault(Quiet):
        def do_GET(self):
            shown.append(self.headers["X-Vault-Token"])
            status = (
                403 if shown[-1] != "let-me-in" else 200 if self.path == "/v1/secret/data/aurora" else 404
            )
            self.answer(status, json.dumps({"data": {"data": {NAME: TEXT}}}).encode())

    with serving(Vault) as address:
        yield {"VAULT_ADDR": f"{address}/", "VAULT_TOKEN": "let-me-in"}, shown


@pytest.fixture
def aws(monkeypatch):
    """Where boto3 looks, a server that speaks its protocol: its secrets, and what it was fetch."""
    secrets, fetch = {f"aurora/{NAME}": TEXT}, []

    class SecretsManager(Quiet):
        def do_POST(self):
            name = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["SecretId"]
            fetch.append((self.headers["X-Amz-Target"], name))
            found = secrets.get(name)
            if isinstance(found, int):
                self.answer(found, b"{}")
            elif found is None:
                error = {"__type": "ResourceNotFoundException", "Message": "no such secret"}
                self.answer(400, json.dumps(error).encode())
            else:
                self.answer(200, json.dumps({"Name": name, "SecretString": found}).encode())

    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    with serving(SecretsManager) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "nobody")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "nothing")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
        monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
        yield secrets, fetch


@pytest.fixture
def keeping(tmp_path):
    """A keyring in a file, set for the process."""
    before, made = keyring.get_keyring(), PlaintextKeyring()
    made.file_path = str(tmp_path / "keyring.cfg")
    keyring.set_keyring(made)
    yield made
    keyring.set_keyring(before)


def test_the_environment_has_it_in_capitals():
    assert EnvironmentSource({"OPENAI_API_KEY": TEXT}).find(NAME).text == TEXT
    assert EnvironmentSource({"OPENAI_API_KEY": ""}).find(NAME) == (None, "the variable OPENAI_API_KEY")


def test_a_file_has_it_named_by_a_variable_or_in_the_folder(tmp_path):
    (tmp_path / NAME).write_text(TEXT)
    (tmp_path / "other").write_text("\ufeffother")
    assert FileSource(tmp_path, {}).find(NAME) == (TEXT, f"the file {tmp_path / NAME}")
    assert FileSource(tmp_path, {"OPENAI_API_KEY_FILE": str(tmp_path / "other")}).find(NAME).text == "other"


def test_a_file_that_gives_no_secret_says_why(tmp_path):
    def source():
        text, source = FileSource(tmp_path, {}).find(NAME)
        assert text is None
        return source

    path = tmp_path / NAME
    assert source() == f"the file {path} (No such file or directory)"
    path.symlink_to(path)
    assert source() == f"the file {path} (Too many levels of symbolic links)"
    path.unlink()
    path.write_bytes(b"\xff" * 10)
    assert source() == f"the file {path} (unreadable)"
    path.write_bytes(b"x" * 70_000)
    assert source() == f"the file {path} (too large for a secret)"
    path.unlink()
    os.mkfifo(path)  # nobody ever writes to it
    assert source() == f"the file {path} (not a regular file)"


@pytest.mark.parametrize("name", ["../outside", "/etc/hostname", "a/../../outside", "..", "."])
def test_a_name_that_leads_out_of_the_folder_is_none(tmp_path, name):
    (tmp_path / "outside").write_text(TEXT)
    folder = tmp_path / "secrets"
    folder.mkdir()
    assert FileSource(folder, {}).find(name) == (None, f"the folder {folder} (the name leads out of it)")


def test_a_key_that_stands_where_its_file_is_named_is_not_shown():
    key = "sk-proj-kJ8s0dTq2LmWz4vXy7RbQ1nE5uHc9AoP"
    assert key not in FileSource(environ={"OPENAI_API_KEY_FILE": key}).find(NAME).source


def test_a_line_end_after_it_is_no_part_of_it(tmp_path, keeping):
    keeping.set_password("aurora", NAME, f"{TEXT}\n")
    (tmp_path / NAME).write_bytes(f"{TEXT}\r\n".encode())
    for source in (FileSource(tmp_path, {}), KeyringSource()):
        assert SecretChain([source]).get(NAME).reveal() == TEXT
    (tmp_path / NAME).write_text("\n")
    with pytest.raises(SecretNotFound):
        SecretChain([FileSource(tmp_path, {})]).get(NAME)


def test_vault_has_it_under_a_path(vault):
    environ, shown = vault
    assert VaultSource(environ=environ).find(NAME).text == TEXT
    assert shown == ["let-me-in"]
    assert VaultSource(environ=environ).find("other").text is None
    elsewhere = VaultSource("elsewhere", environ=environ).find(NAME)
    assert elsewhere == (None, "Vault's v1/secret/data/elsewhere")
    assert "status 403" in VaultSource(environ={**environ, "VAULT_TOKEN": "wrong"}).find(NAME).source
    assert "are not set" in VaultSource(environ={}).find(NAME).source
    assert VaultSource(environ={**environ, "VAULT_ADDR": "http://127.0.0.1:9"}).find(NAME).text is None


def test_the_token_goes_to_nobody_else_than_vault(vault):
    environ, shown = vault

    class Elsewhere(Quiet):
        def do_GET(self):
            self.answer(307, b"", Location=f"{environ['VAULT_ADDR']}v1/secret/data/aurora")

    with serving(Elsewhere) as address:
        source = VaultSource(environ={**environ, "VAULT_ADDR": address})
        assert source.find(NAME) == (None, "Vault's v1/secret/data/aurora (status 307)")
    assert shown == []


@pytest.mark.parametrize("answer", [b"no HTTP at all", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}"])
def test_what_is_no_answer_of_a_vault_is_no_secret(answer):
    class Broken(Quiet):
        def handle(self):
            self.rfile.readline()
            self.wfile.write(answer)

    with serving(Broken) as address:
        found = VaultSource(environ={"VAULT_ADDR": address, "VAULT_TOKEN": "x"}).find(NAME)
    assert found.text is None
    assert found.source.startswith("Vault's v1/secret/data/aurora (")


def test_whoever_hangs_is_not_waited_for_and_not_asked_again_meanwhile(aws, monkeypatch):
    go = threading.Event()

    class Hangs(Quiet):
        def handle(self):
            go.wait()

    with serving(Hangs) as address:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", address)
        vault, cloud = VaultSource(environ={"VAULT_ADDR": address, "VAULT_TOKEN": "x"}), AwsSource()
        try:
            for source in (vault, cloud):
                source._bounded = BoundedCall(0.05)  # the socket's own limit is far longer
                assert source.find(NAME).source.endswith("(no answer in 0.05 s)")
                assert source.find(NAME).source.endswith("(an earlier request still hangs)")
        finally:
            go.set()
        for source in (vault, cloud):
            assert source._bounded._hanging.exception(10) or source._bounded._hanging.result().text is None


def test_the_keyring_has_it_under_its_service(keeping):
    keeping.set_password("aurora", NAME, TEXT)
    assert KeyringSource().find(NAME).text == TEXT
    assert KeyringSource().find("other") == (None, "the keyring's service aurora")
    assert KeyringSource("other").find(NAME).text is None
    keyring.set_keyring(NoKeyring())
    assert KeyringSource().find(NAME) == (None, "the keyring's service aurora (NoKeyringError)")


def test_aws_has_it_behind_a_prefix(aws):
    _, fetch = aws
    assert AwsSource().find(NAME).text == TEXT
    assert fetch == [("secretsmanager.GetSecretValue", f"aurora/{NAME}")]
    assert AwsSource().find("other") == (
        None,
        "AWS Secrets Manager's aurora/other (ResourceNotFoundException)",
    )


def test_aws_is_asked_twice_at_most(aws):
    secrets, fetch = aws
    secrets[f"aurora/{NAME}"] = 503
    assert AwsSource().find(NAME).source.endswith("(ClientError)")
    assert len(fetch) == 2


def test_boto_writes_no_secret_into_the_log(aws, caplog):
    caplog.set_level(logging.DEBUG)
    assert AwsSource().find(NAME).text == TEXT
    assert "GetSecretValue" in caplog.text
    assert TEXT not in caplog.text


def test_the_keyring_and_aws_are_imported_only_when_they_are_asked(monkeypatch):
    for name in ("keyring", "boto3"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(SecretNotFound) as missing:
        build_chain(["keyring", "aws"]).get(NAME)
    assert [source.partition("(")[2] for source in missing.value.searched] == [
        "not installed: pip install 'aurora-resilience[keyring]')",
        "not installed: pip install 'aurora-resilience[aws]')",
    ]


class Slow:
    """A source that answers when it is told, and counts the questions."""

    def __init__(self, *answers):
        self.answers, self.fetch = answers, 0
        self.begun, self.go = threading.Event(), threading.Event()

    def find(self, name):
        answer = self.answers[self.fetch]
        self.fetch += 1
        self.begun.set()
        assert self.go.wait(10)
        return Lookup(answer, "a slow place")


def gets(chain, ends):
    try:
        ends.append(chain.get(NAME).reveal())
    except SecretNotFound as missing:
        ends.append(missing.searched)


@pytest.mark.parametrize(("answer", "end"), [(TEXT, TEXT), (None, ("a slow place",))])
def test_many_who_miss_one_secret_at_once_look_for_it_once(answer, end):
    source, ends, joined = Slow(answer), [], threading.Semaphore(0)
    chain = SecretChain([source], 60)
    join = chain._flights.join
    chain._flights.join = lambda name: (join(name), joined.release())[0]
    threads = [threading.Thread(target=gets, args=(chain, ends)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for _ in threads:
        assert joined.acquire(timeout=10)
    source.go.set()
    for thread in threads:
        thread.join()
    assert ends == [end] * 8
    assert source.fetch == 1


def test_what_was_asked_for_before_it_was_forgotten_is_not_kept():
    source, ends = Slow("old", "new"), []
    chain = SecretChain([source], 60)
    thread = threading.Thread(target=gets, args=(chain, ends))
    thread.start()
    assert source.begun.wait(10)
    chain.forget()
    source.go.set()
    thread.join()
    assert (ends, chain.get(NAME).reveal()) == (["old"], "new")


def test_a_life_time_of_nothing_looks_each_time():
    environ = {"OPENAI_API_KEY": "first"}
    chain = SecretChain([EnvironmentSource(environ)], 0)
    assert chain.get(NAME).reveal() == "first"
    environ["OPENAI_API_KEY"] = "second"
    assert chain.get(NAME).reveal() == "second"


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
        "secret openai_api_key not found; searched: the variable OPENAI_API_KEY, "
        f"the file {tmp_path / NAME} (No such file or directory)"
    )
    assert TEXT not in repr(missing.value)
    again = pickle.loads(pickle.dumps(missing.value))
    assert (again.name, again.searched) == (NAME, missing.value.searched)


def test_what_a_chain_gives_never_prints():
    assert TEXT not in f"{SecretChain([EnvironmentSource({'OPENAI_API_KEY': TEXT})]).get(NAME)!r}"
