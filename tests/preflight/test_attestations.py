"""Attestations and waivers: what they change, when they end, and what is refused."""

import json
import shutil
import tomllib
from datetime import UTC, date, datetime, timedelta

import pytest
from preflight_project import aurora, git, states

FILE = "aurora-attestations.toml"
DRILL = ("--check", "recovery.drill")


def word(evidence, by, valid_for):
    return ["--attest", "recovery.drill", "--evidence", evidence, "--by", by, "--valid-for", valid_for]


@pytest.fixture
def attested(project):
    """A project whose last drill was attested."""
    (project / "drill.md").write_text("It took two hours.\n")
    done = attest(project)
    assert (done.returncode, done.stdout) == (0, "")
    return project


def attest(project, check="recovery.drill", evidence="drill.md", *more):
    return aurora(
        project,
        "preflight",
        "--attest",
        check,
        "--evidence",
        evidence,
        "--by",
        "Ada",
        "--valid-for",
        "90d",
        *more,
    )


def drill(project, *options):
    return states(project, *DRILL, *options)["recovery.drill"]


def edit(project, old, new):
    text = (project / FILE).read_text()
    assert old in text
    (project / FILE).write_text(text.replace(old, new))


def today():
    return datetime.now(UTC).date()


def test_a_persons_word_answers_for_what_only_a_person_can_say(attested):
    until = today() + timedelta(days=90)
    found = drill(attested)
    assert found["state"] == "pass"
    assert found["message"] == f"attested by Ada on {today()}, valid until {until}"
    (word,) = tomllib.loads((attested / FILE).read_text())["attestation"]
    assert (word["check"], word["by"], word["valid_until"]) == ("recovery.drill", "Ada", until)
    assert len(word["sha256"]) == 64
    assert len(word["commit"]) == 40


def test_past_its_date_it_is_stale(attested):
    until = today() + timedelta(days=90)
    edit(attested, f"valid_until = {until}", "valid_until = 2026-01-01")
    found = drill(attested)
    assert found["state"] == "stale"
    days = (today() - date(2026, 1, 1)).days
    assert f"expired {days} days ago" in found["message"]
    assert "--attest recovery.drill" in found["help"]


def test_changed_or_lost_evidence_is_stale_too(attested):
    (attested / "drill.md").write_text("It took two days.\n")
    assert drill(attested)["message"] == "drill.md has changed since Ada attested it"
    (attested / "drill.md").unlink()
    assert (drill(attested)["state"], "No such file" in drill(attested)["message"]) == ("stale", True)


def test_a_word_does_not_answer_for_what_is_looked_at(project):
    (project / "drill.md").write_text("fine\n")
    assert attest(project, "pre.docs").returncode == 0
    (project / "README.md").write_text("[gone](nowhere)\n")
    assert states(project, "--check", "pre.docs")["pre.docs"]["state"] == "fail"


def test_the_last_word_on_a_check_counts_and_others_stay(attested):
    assert attest(attested, "monitoring.dashboard").returncode == 0
    edit(attested, 'by = "Ada"', 'by = "Bob"')
    assert attest(attested).returncode == 0
    words = tomllib.loads((attested / FILE).read_text())["attestation"]
    assert {word["check"]: word["by"] for word in words} == {
        "recovery.drill": "Ada",
        "monitoring.dashboard": "Bob",
    }


def test_a_waiver_excuses_what_is_bad_and_is_always_shown(project):
    (project / "README.md").write_text("[gone](nowhere)\n")
    until = today() + timedelta(days=3)
    done = aurora(project, "preflight", "--waive", "pre.docs", "--reason", "being written", "--until", until)
    assert done.returncode == 0
    found = states(project, "--check", "pre.docs")["pre.docs"]
    assert found["state"] == "waived"
    assert found["message"] == (
        f"until {until}: being written (fail: README.md: the link to nowhere is broken: no such file)"
    )
    shown = aurora(project, "preflight", "--check", "pre.docs")
    assert shown.returncode == 0
    assert "waived   pre.docs" in shown.stdout
    edit(project, str(until), str(today() - timedelta(days=1)))
    found = states(project, "--check", "pre.docs")["pre.docs"]
    assert (found["state"], "its waiver ended on" in found["message"]) == ("fail", True)


def test_a_waiver_does_not_make_a_pass_less(project):
    until = today() + timedelta(days=3)
    aurora(project, "preflight", "--waive", "pre.docs", "--reason", "x", "--until", until)
    assert states(project, "--check", "pre.docs")["pre.docs"]["state"] == "pass"


def test_what_does_not_apply_is_told_with_its_reason_and_not_run(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.not_applicable]]\ncheck = "pre.tests"\nreason = "no code here"\n')
    found = states(project, "--check", "pre.*")["pre.tests"]
    assert (found["state"], found["message"], found["evidence"]) == ("n/a", "no code here", [])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--attest", "recovery.dril"], "did you mean recovery.drill?"),
        (["--attest", "recovery.drill"], "requires --evidence FILE|URL, --by NAME and --valid-for 90d"),
        (word("none.md", "Ada", "9d"), "--evidence none.md: No such file"),
        (word("README.md", " ", "9d"), "--by NAME"),
        (word("README.md", "Ada", "9h"), "from one day to ten years"),
        (word("README.md", "Ada", "x"), "--valid-for x"),
        (["--attest", "recovery.drill", "--waive", "pre.docs"], "mutually exclusive"),
        (["--waive", "pre.docs"], "requires --reason TEXT and --until"),
        (["--waive", "pre.docs", "--reason", "x", "--until", "soon"], "invalid date 'soon'"),
        (["--waive", "pre.docs", "--reason", "x", "--until", "2020-01-01"], "is in the past"),
        (["--evidence", "README.md"], "belongs to --attest or --waive"),
        (["--check", "pre.dogs"], "did you mean pre.docs?"),
        (["--skip", "nothing*"], "no such check"),
        (["--explain", "pre.dogs"], "did you mean pre.docs?"),
        (["--check-timeout", "soon"], "--check-timeout"),
        (["--wait", "0s"], "--wait"),
        (["--baseline", "none.json"], "--baseline none.json: No such file"),
        (["--baseline", "README.md"], "is not a file that `aurora preflight --format json` writes"),
        (["--config", "none.toml"], "none.toml"),
        (["--evidence-dir", "no/such/folder"], "--evidence-dir no/such/folder: No such file"),
        (["--check", "pre.docs", "-o", "no/such/report"], "cannot write no/such/report"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_mistake_is_told_with_what_would_do(project, arguments, said):
    done = aurora(project, "preflight", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in " ".join(done.stderr.split())


@pytest.mark.parametrize(
    "content",
    [
        "[",
        "[[attestation]]\ncheck = 1\n",
        "words = 3\n",
        '[[waiver]]\ncheck="x"\nreason="y"\nby=""\nuntil="z"\n',
    ],
)
def test_a_file_of_words_that_cannot_be_understood_is_said_and_left_alone(project, content):
    (project / FILE).write_text(content)
    (project / "drill.md").write_text("x")
    for done in (aurora(project, "preflight", *DRILL), attest(project)):
        assert done.returncode == 2
        assert FILE in done.stderr
    assert (project / FILE).read_text() == content


def test_a_check_that_is_not_applicable_must_exist(project):
    with (project / "aurora.toml").open("a") as file:
        file.write('\n[[preflight.not_applicable]]\ncheck = "pre.test"\nreason = "x"\n')
    done = aurora(project, "preflight", *DRILL)
    assert done.returncode == 2
    assert "preflight.not_applicable pre.test: no such check; did you mean pre.tests?" in done.stderr


def test_without_a_repository_a_word_has_no_commit(project):
    git(project, "config", "x.y", "z")  # it is one until now
    shutil.rmtree(project / ".git")
    (project / "drill.md").write_text("x")
    assert attest(project).returncode == 0
    assert json.dumps(tomllib.loads((project / FILE).read_text())["attestation"][0]["commit"]) == '""'
