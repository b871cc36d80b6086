"""The replay as a library: what a limit costs a busy ten minutes."""

import numpy as np

from aurora_cli.simulate import Provider, Scenario, Workload, replay
from aurora_core.config.sections.rate_limit import RateLimit

rng = np.random.default_rng(1)
arrival = np.sort(rng.uniform(0, 600, 900))
workload = Workload(
    arrival_s=arrival - arrival[0],
    service_s=rng.lognormal(-1.5, 0.5, 900),
    recorded=np.zeros(900, np.int8),
)
for rpm in (60, 90, 120):
    outcomes = replay(workload, Scenario(RateLimit(rpm=rpm)), Provider(error_rate=0.02), seed=7).outcomes
    latency = outcomes.end - workload.arrival_s
    answered = outcomes.outcome <= 1
    print(f"{rpm} rpm: {answered.mean():.1%} answered, P95 {np.percentile(latency[answered], 95):.1f} s")
