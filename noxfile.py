"""Sessions of a change: ``nox`` runs lint, tests and docs; ``nox -l`` lists all."""

import nox

nox.options.default_venv_backend = "uv|virtualenv"
nox.options.sessions = ["lint", "tests", "docs"]

PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
TYPED = ["tests/typing/calls.py"]
"""Files that mypy and pyright check as a caller would."""


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, types and the direction of imports."""
    session.install("-e", ".[dev]")
    session.run("ruff", "check", ".")
    session.run("ruff", "format", "--check", ".")
    session.run("mypy")
    session.run("mypy", *TYPED)
    session.run("pyright", *TYPED)
    session.run("lint-imports")


@nox.session(python=PYTHONS)
def tests(session: nox.Session) -> None:
    """Run the suite; an interpreter that is not installed is skipped."""
    session.install(".[dev]")
    session.run("pytest", *session.posargs)


@nox.session
def coverage(session: nox.Session) -> None:
    """Measure branch coverage of the laws and the live objects, and fail below the promised share."""
    session.install("-e", ".[dev]")
    session.run("coverage", "run", "-m", "pytest", "-n", "0", "tests/laws", "tests/resilience")
    session.run("coverage", "report")


@nox.session
def lowest(session: nox.Session) -> None:
    """Run the suite with the lowest dependencies that pyproject.toml allows."""
    session.install("--resolution", "lowest-direct", ".[replay,metrics,alerts,keyring,aws,preflight]")
    # The tools of the tests are the newest; --no-upgrade is uv's default for what is installed.
    session.install(
        "pytest", "pytest-xdist", "hypothesis", "jsonschema", "sarif-pydantic", "toml-rs", "ddsketch"
    )
    session.install("simpy", "keyrings.alt", "trustme", "aiosmtpd")
    folders = ("config", "check_config", "findings", "sheets", "simulate", "metrics", "delivery", "cli")
    session.run("pytest", *(session.posargs or [f"tests/{folder}" for folder in folders]))


@nox.session
def docs(session: nox.Session) -> None:
    """Build the site; a warning is an error."""
    session.install("-e", ".[docs,replay,metrics]")
    session.run("python", "-m", "docs.generate", "--check")
    session.run("sphinx-build", "-W", "--keep-going", "docs", "build/site")


@nox.session
def bench(session: nox.Session) -> None:
    """Run the benchmarks against their peers; wants a quiet machine."""
    session.install(".[bench]")
    session.run("python", "benchmarks/run.py", *session.posargs)
