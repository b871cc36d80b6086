"""The simulator: real traffic through the service's own decisions, on a virtual clock.

::

    log -> reader -> Workload -> replay(policy, provider, seed) -> Replay -> summary -> Sheet -> render
"""

from aurora_cli.simulate import engine
from aurora_cli.simulate.engine import Progress
from aurora_cli.simulate.outcomes import Outcomes, Replay
from aurora_cli.simulate.policy import Policy, Provider, traffic, world
from aurora_cli.simulate.workload import Workload

__all__ = ["Outcomes", "Policy", "Progress", "Provider", "Replay", "Workload", "replay"]


def replay(
    workload: Workload,
    policy: Policy = Policy(),  # noqa: B008 - frozen
    provider: Provider = Provider(),  # noqa: B008 - frozen
    *,
    seed: int = 0,
    progress: Progress | None = None,
) -> Replay:
    """Send each query of the workload through the policy to the provider.

    The same workload, policies and seed give the same bytes. Raises ``ValueError`` for a number that makes
    no sense. The first call on a machine compiles the kernel, a few seconds.
    """
    return engine.replay_compiled(world(policy, provider, seed), traffic(workload), progress)
