"""Calls that a type checker must reject: a suppression that suppresses nothing is an error.

Pending: `call` and `execute_with_retry` do not keep a function's parameters yet (`ParamSpec`), so this file
is not checked; add it to `TYPED` in noxfile.py and to `.ci/run` with that change.
"""

from aurora_core.resilience import Pipeline, RetryHandler

retry = RetryHandler()
pipeline = Pipeline(retry=retry)


def ask(question: str) -> bytes:
    """Answer like a client."""
    return question.encode()


pipeline.call(ask, 42)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
pipeline.call(ask, "why?", model="gpt-4")  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
retry.execute_with_retry(ask)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]
retry(ask)(42)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]
