"""Which errors a retry may mend, and which count against the provider."""

import asyncio

import pytest
from resilience_doubles import ProviderError

from aurora_core.errors import CircuitBreakerOpen, RateLimitExceeded
from aurora_core.resilience.classify import Blame, Classifier, blame

RECOVERABLE = {408, 409, 429, 500, 502, 503, 504, 529}


def named(name, *bases):
    return type(name, bases or (Exception,), {})


@pytest.mark.parametrize("status", [400, 401, 403, 404, 408, 409, 422, 429, 500, 501, 502, 503, 504, 529])
def test_the_status_code_decides(status):
    assert Classifier().is_recoverable(ProviderError(status)) == (status in RECOVERABLE)


@pytest.mark.parametrize(
    "error", [TimeoutError(), ConnectionError(), ConnectionResetError(), BrokenPipeError()]
)
def test_timeouts_and_lost_connections_are_recoverable(error):
    assert Classifier().is_recoverable(error)


@pytest.mark.parametrize(
    "name",
    ["RateLimitError", "APITimeoutError", "APIConnectionError", "InternalServerError", "OverloadedError"],
)
def test_the_sdks_names_are_recoverable_anywhere_in_the_mro(name):
    assert Classifier().is_recoverable(named(name)())
    assert Classifier().is_recoverable(named("Special", named(name))())


def test_an_exhausted_quota_is_never_recoverable_though_it_is_a_429():
    assert not Classifier().is_recoverable(ProviderError(429, code="insufficient_quota"))


def test_nor_where_its_name_was_added():
    classifier = Classifier()
    classifier.add_recoverable("ProviderError")
    assert classifier.is_recoverable(ProviderError(400))
    assert not classifier.is_recoverable(ProviderError(429, code="insufficient_quota"))


def test_a_status_code_wins_over_the_name():
    error = named("APIConnectionError", ProviderError)(400)
    assert not Classifier().is_recoverable(error)


@pytest.mark.parametrize("error", [ValueError(), Exception(), RateLimitExceeded(1), CircuitBreakerOpen()])
def test_other_errors_are_not_recoverable(error):
    assert not Classifier().is_recoverable(error)


@pytest.mark.parametrize("kind", [ValueError, "ValueError", "builtins.ValueError"])
def test_a_class_or_a_name_that_was_added_wins_over_the_defaults(kind):
    classifier = Classifier()
    classifier.add_recoverable(kind)
    assert classifier.is_recoverable(ValueError())
    classifier.add_non_recoverable("TimeoutError")
    assert not classifier.is_recoverable(TimeoutError())


def test_the_most_specific_class_wins():
    classifier = Classifier()
    classifier.add_recoverable(OSError)
    classifier.add_non_recoverable(ConnectionError)
    assert classifier.is_recoverable(FileNotFoundError())
    assert not classifier.is_recoverable(ConnectionResetError())
    classifier.add_recoverable(ConnectionResetError)
    assert classifier.is_recoverable(ConnectionResetError())


def test_on_a_tie_it_is_not_recoverable():
    classifier = Classifier()
    classifier.add_recoverable(ValueError)
    classifier.add_non_recoverable("ValueError")
    assert not classifier.is_recoverable(ValueError())


@pytest.mark.parametrize("refusal", [RateLimitExceeded(1), CircuitBreakerOpen()])
def test_a_refusal_of_our_own_is_recoverable_only_where_its_very_class_was_added(refusal):
    classifier = Classifier()
    for wider in (TimeoutError, OSError, "AuroraError", Exception):
        classifier.add_recoverable(wider)
    assert not classifier.is_recoverable(refusal)
    assert classifier.is_recoverable(TimeoutError())
    classifier.add_recoverable(type(refusal))
    assert classifier.is_recoverable(refusal)


@pytest.mark.parametrize("kind", ["", 5, int, None])
def test_what_is_no_exception_cannot_be_added(kind):
    with pytest.raises(TypeError, match="exception class or the name"):
        Classifier().add_recoverable(kind)


@pytest.mark.parametrize(
    "error",
    [
        ProviderError(429),
        ProviderError(400),
        ProviderError(404),
        RateLimitExceeded(1),
        asyncio.CancelledError(),
        KeyboardInterrupt(),
        named("RateLimitError")(),
    ],
)
def test_429_other_4xx_cancellation_and_the_limiters_refusal_are_neutral_to_a_breaker(error):
    assert blame(error) is Blame.NEUTRAL


@pytest.mark.parametrize("error", [ProviderError(500), ProviderError(503), TimeoutError(), ValueError()])
def test_everything_else_counts_against_the_provider(error):
    assert blame(error) is Blame.FAILURE
