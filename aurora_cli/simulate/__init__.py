"""The simulator: real traffic through the service's own decisions, on a virtual clock.

::

    log -> reader -> Workload -> replay(scenario, provider, seed) -> Replay -> summary -> Document -> render
"""

from aurora_cli.simulate import engine
from aurora_cli.simulate.engine import Progress
from aurora_cli.simulate.outcomes import Outcomes, Replay
from aurora_cli.simulate.prepare import parameters, traffic
from aurora_cli.simulate.scenario import Provider, Scenario
from aurora_cli.simulate.workload import Workload

__all__ = ["Outcomes", "Progress", "Provider", "Replay", "Scenario", "Workload", "replay"]


def replay(
    workload: Workload,
    scenario: Scenario = Scenario(),  # noqa: B008 - frozen
    provider: Provider = Provider(),  # noqa: B008 - frozen
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Replay:
    """Send each query of the workload through the scenario's limits and retries to the provider.

    The same workload, scenario and seed give the same bytes. Raises ``ValueError`` for a number out of
    range. The first call on a machine compiles the kernel, a few seconds.
    """
    queries = traffic(workload, scenario, seed)
    return engine.replay_compiled(parameters(scenario, provider, seed), queries, progress)
