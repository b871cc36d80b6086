"""Checks that hang, shout, throw, leave children or kill themselves, in processes of their own."""

import json
import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from preflight_project import PROGRAM, SECRETS, aurora, is_gone, states

ONLY = ("--check", "custom.*")


@pytest.fixture
def custom(project):
    """Custom checks in the project: ``custom(name=(arguments, time limit))``; their results by id."""

    def made(*options, environ=None, **commands):
        rows = [
            f"[[preflight.command]]\nname = {json.dumps(name)}\nrun = {json.dumps(run)}\ntimeout = {limit}\n"
            for name, (run, limit) in commands.items()
        ]
        with (project / "aurora.toml").open("a") as file:
            file.write("\n".join(["", *rows]))
        return states(project, *ONLY, *options, environ=environ)

    return made


def sh(script, limit=20):
    return ["sh", "-c", script], limit


def test_the_exit_code_of_a_command_is_its_answer(custom):
    found = custom(
        good=sh("echo fine"), bad=sh("echo broken; exit 1"), open=sh("exit 2"),
        idle=sh("echo no queue here; exit 3"), idle_without_a_reason=sh("exit 3"), other=sh("exit 77"),
        killed=sh("kill -9 $$"), missing=(["no-such"], 5),
    )  # fmt: skip
    told = {name: (row["state"], row["message"]) for name, row in found.items() if name.startswith("custom.")}
    assert told == {
        "custom.good": ("pass", "fine"),
        "custom.bad": ("fail", "broken"),
        "custom.open": ("unknown", "exit code 2"),
        "custom.idle": ("n/a", "no queue here"),
        "custom.idle-without-a-reason": ("unknown", "not applicable, without a reason"),
        "custom.other": ("unknown", "exit code 77"),
        "custom.killed": ("unknown", "killed by signal 9"),
        "custom.missing": (
            "unknown",
            "`no-such` could not be started: [Errno 2] No such file or directory: 'no-such'",
        ),
    }


def test_a_command_may_answer_in_json(custom):
    found = custom(
        warns=sh("""echo '{"state": "warn", "message": "nearly full", "help": "make room"}'"""),
        lies=sh("""echo '{"state": "pass"}'; exit 1"""),
        odd=sh("""echo '{"state": "splendid"}'"""),
    )
    assert (found["custom.warns"]["state"], found["custom.warns"]["help"]) == ("warn", "make room")
    assert found["custom.lies"]["state"] == "unknown"
    assert found["custom.odd"]["state"] == "pass"  # no answer of ours: its exit code is


def test_what_hangs_is_stopped_with_all_it_started_and_the_others_go_on(custom, project):
    found = custom(
        hangs=sh("sleep 100 & echo $! > child; echo $$ > own; wait", 0.3),
        ends_and_leaves_a_child=sh("sleep 100 & echo $! > left"),
        good=sh("echo fine"),
    )
    assert found["custom.hangs"]["message"] == "took longer than 0.3 s and was stopped"
    assert (found["custom.hangs"]["state"], found["custom.good"]["state"]) == ("unknown", "pass")
    assert found["custom.ends-and-leaves-a-child"]["state"] == "pass"
    for name in ("child", "own", "left"):
        assert is_gone(int((project / name).read_text())), name


DAEMON = """
import os, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        open("daemon.part", "w").write(str(os.getpid()))
        os.rename("daemon.part", "daemon")
        time.sleep(100)
    os._exit(0)
while not os.path.exists("daemon"):
    time.sleep(0.01)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a daemon is beyond reach")
def test_a_daemon_that_left_its_group_is_found_too(custom, project):
    custom(leaves=([sys.executable, "-c", DAEMON], 20))
    assert is_gone(int((project / "daemon").read_text()))


def test_a_check_that_kills_its_own_process_is_unknown_and_the_others_go_on(custom):
    found = custom(kills=sh("kill -9 $PPID"), good=sh("echo fine"))
    assert (found["custom.kills"]["state"], found["custom.kills"]["message"]) == (
        "unknown",
        "its process ended with signal 9",
    )
    assert found["custom.good"]["state"] == "pass"


def test_a_gigabyte_of_output_is_read_and_its_end_kept(custom):
    found = custom(loud=sh("head -c 1000000000 /dev/zero | tr '\\0' x; echo; echo the end", 60))
    (seen,) = found["custom.loud"]["evidence"]
    assert (found["custom.loud"]["state"], found["custom.loud"]["message"]) == ("pass", "the end")
    assert len(seen["excerpt"]) == 32 * 1024


PLUGIN = """
from aurora_cli.preflight import Check, Evidence, Outcome

def check_model(context):
    if context.settings.llm.model == "gpt-4":
        return Outcome("pass", "the model we know", evidence=(Evidence("note", "model", "gpt-4"),))
    return Outcome("fail", "another model")

def throw(context):
    raise KeyError("oops")

CHECKS = [
    Check("custom.model", "The model is known.", 5.0, check_model),
    Check("custom.throws", "It throws.", 5.0, throw),
]
"""


@pytest.fixture
def plugin(tmp_path):
    """Packages with entry points: one that works, one that is broken; the environment to find them in."""
    folder = tmp_path / "site"
    for name, content in (("team_checks", PLUGIN), ("broken_checks", "raise ImportError('no such luck')\n")):
        info = folder / f"{name}-1.dist-info"
        info.mkdir(parents=True)
        (folder / f"{name}.py").write_text(content)
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n")
        (info / "entry_points.txt").write_text(f"[aurora.preflight]\n{name} = {name}:CHECKS\n")
    before = os.environ.get("PYTHONPATH", "")
    return {"PYTHONPATH": f"{folder}{os.pathsep}{before}"}


def test_packages_bring_checks_and_one_that_throws_shows_its_traceback(project, plugin):
    found = states(project, *ONLY, environ=plugin)
    assert (found["custom.model"]["state"], found["custom.model"]["message"]) == ("pass", "the model we know")
    thrown = found["custom.throws"]
    assert (thrown["state"], thrown["message"]) == ("unknown", "the check itself failed: KeyError: 'oops'")
    assert 'raise KeyError("oops")' in thrown["evidence"][0]["excerpt"]
    broken = found["custom.broken-checks"]
    assert broken["state"] == "unknown"
    assert "ImportError: no such luck" in broken["message"]


def test_an_address_that_does_not_answer_fails_and_one_is_not_asked_offline(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.http]]\nname = "it answers"\nurl = "http://127.0.0.1:9/health"\n')
    assert states(project, *ONLY)["custom.it-answers"]["state"] == "fail"
    assert states(project, *ONLY, "--offline")["custom.it-answers"]["state"] == "unknown"


def test_what_may_come_right_is_looked_at_again(project, answering):
    """The first answer is 503, as of a service that still starts."""
    url, asked = answering(503, 200)
    with (project / "aurora.toml").open("a") as file:
        file.write(f'\n[[preflight.http]]\nname = "it answers"\nurl = "{url}"\n')
    assert states(project, *ONLY)["custom.it-answers"]["message"].endswith("status 503, expected 200")
    assert asked == [503]
    url, asked = answering(503, 200)
    (project / "aurora.toml").write_text(
        (project / "aurora.toml").read_text().rpartition("url = ")[0] + f'url = "{url}"\n'
    )
    assert states(project, *ONLY, "--wait", "30s")["custom.it-answers"]["state"] == "pass"
    assert asked == [503, 200]


def test_the_report_is_in_the_lists_order_whoever_ends_first(custom):
    found = custom(slow=sh("sleep 0.3"), quick=sh("true"))
    ids = [name for name in found if name.startswith("custom.")]
    assert ids == ["custom.slow", "custom.quick"]
    assert list(found)[:2] == ["pre.tests", "pre.security"]


def test_an_interrupt_ends_it_and_leaves_no_process(project):
    with (project / "aurora.toml").open("a") as file:
        file.write(
            '\n[[preflight.command]]\nname = "hangs"\nrun = ["sh", "-c", "echo $$ > pid; sleep 100"]\n'
        )
    running = subprocess.Popen(
        [*PROGRAM, "preflight", *ONLY],
        cwd=project,
        env={**os.environ, **SECRETS},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    pid = project / "pid"
    while not (pid.exists() and pid.read_text().strip()):
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert (running.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert is_gone(int(pid.read_text()))


def test_a_limit_of_ones_own_holds_for_every_check(custom):
    found = custom("--check-timeout", "200ms", slow=sh("sleep 60"))
    assert found["custom.slow"]["message"] == "took longer than 0.2 s and was stopped"


def test_progress_says_what_runs_on_a_terminal_only(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.command]]\nname = "slow"\nrun = ["sleep", "0.2"]\n')
    parent, child = pty.openpty()
    done = subprocess.run(
        [*PROGRAM, "preflight", *ONLY],
        cwd=project,
        env={**os.environ, **SECRETS, "TERM": "xterm"},
        stdout=subprocess.PIPE,
        stderr=child,
        check=False,
    )
    os.close(child)
    shown = os.read(parent, 65_536).decode()
    os.close(parent)
    assert "checking: 0 of 1: custom.slow" in shown
    assert b"checking" not in done.stdout
    assert aurora(project, "preflight", *ONLY).stderr == ""


def test_a_read_only_folder_is_looked_at_all_the_same(project):
    Path(project, "aurora.toml").chmod(0o400)
    for path in (project, project / "backups"):
        path.chmod(0o500)
    try:
        found = states(project, "--check", "recovery.*", "--check", "config.*")
    finally:
        for path in (project, project / "backups"):
            path.chmod(0o700)
    assert {found[name]["state"] for name in ("config.metrics", "recovery.backups", "recovery.cache")} == {
        "pass"
    }
