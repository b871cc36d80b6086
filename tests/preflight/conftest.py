"""A project that is ready."""

import os
import shutil
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from preflight_project import SECRETS, aurora, make_project, record_calls

from aurora_cli.check_config.codes import RULES
from aurora_cli.check_config.engine import run_rules
from aurora_cli.check_config.load import Sources, read
from aurora_cli.preflight import Context
from aurora_core.clock import SYSTEM_CLOCK


@pytest.fixture(scope="session")
def ready_project(tmp_path_factory):
    root = tmp_path_factory.mktemp("ready")
    make_project(root)
    assert aurora(root, "backup").returncode == 0
    return root


@pytest.fixture
def project(ready_project, tmp_path):
    """A project that is ready, for one test; its stores have absolute paths."""
    root = tmp_path / "project"
    shutil.copytree(ready_project, root)
    settings = (root / "aurora.toml").read_text()
    for name in ("metrics.db", "cache.db"):
        settings = settings.replace(f'"{name}"', f'"{root / name}"')
    (root / "aurora.toml").write_text(settings)
    record_calls(root)  # the heartbeat of the copied store grows old during a long session
    return root


@pytest.fixture
def context(project):
    """The context of the project's checks; ``context(**sections)`` with other settings."""

    def made(*, environ=None, offline=False, send_test=False, **sections):
        environ = {"PATH": os.environ["PATH"], **SECRETS, **(environ or {})}
        flags = [
            f"{section}.{name}={value}"
            for section, values in sections.items()
            for name, value in values.items()
        ]
        subject = read(Sources(project / "aurora.toml", None, flags, environ))
        findings, _ = run_rules(subject, RULES)
        now_s = SYSTEM_CLOCK.wall()
        return Context(subject.settings, project, environ, findings, offline, send_test, now_s)

    return made


@pytest.fixture
def later(context):
    """The same, so many seconds later."""
    return lambda seconds, **sections: replace(context(**sections), now_s=SYSTEM_CLOCK.wall() + seconds)


@pytest.fixture
def answering():
    """A server on loopback that answers with these statuses in turn: its address, and those it gave."""
    servers = []

    def made(*statuses):
        left, given = list(statuses), []

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                given.append(left.pop(0))
                self.send_response(given[-1])
                self.end_headers()

            def log_message(self, *arguments):
                pass

        server = HTTPServer(("127.0.0.1", 0), Answer)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        servers.append((server, thread))
        return f"http://127.0.0.1:{server.server_port}/", given

    yield made
    for server, thread in servers:
        server.shutdown()
        thread.join()
        server.server_close()
