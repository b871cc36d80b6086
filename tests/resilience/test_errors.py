"""Errors carry what they know, wherever they go."""

import copy
import pickle

import pytest

from aurora_core.errors import AuroraError, CircuitBreakerOpen, RateLimitExceeded, RetryError

LAST = TimeoutError("too slow")
ERRORS = [RateLimitExceeded(1.5), CircuitBreakerOpen("open", 2.5), RetryError(3, LAST, "budget")]


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("carry", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])
def test_a_copy_and_an_error_from_another_process_say_the_same(error, carry):
    carried = carry(error)
    assert (type(carried), str(carried)) == (type(error), str(error))
    assert {name: repr(value) for name, value in vars(carried).items()} == {
        name: repr(value) for name, value in vars(error).items()
    }


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_one_root_catches_them_all(error):
    assert isinstance(error, AuroraError)


def test_retry_error_says_how_many_attempts_why_and_what():
    assert (
        str(RetryError(1, LAST, "deadline")) == "gave up after 1 attempt (deadline): TimeoutError: too slow"
    )
    assert (
        str(RetryError(2, LAST, "attempts")) == "gave up after 2 attempts (attempts): TimeoutError: too slow"
    )


def test_the_guides_breaker_raises_it_with_a_message_alone():
    assert CircuitBreakerOpen("Circuit breaker is OPEN").retry_after == 0
