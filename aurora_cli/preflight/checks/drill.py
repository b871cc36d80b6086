"""Recovery was practised.

Why: a restore that was never tried takes a day longer than expected.

How it is checked: an attestation, with the drill's notes as evidence, for as long as it is valid.

Fix: restore a backup into an empty folder (`aurora restore --into DIR`), start the service on it, note how
long it took, and attest it: `aurora preflight --attest recovery.drill --evidence FILE --by NAME
--valid-for 180d`.
"""

from aurora_cli.findings import Outcome
from aurora_cli.preflight.context import Context


def run(context: Context) -> Outcome:  # noqa: ARG001 - no tool can check this
    """Require an attestation."""
    return Outcome("manual", "a recovery drill needs an attestation", "attest the last drill")
