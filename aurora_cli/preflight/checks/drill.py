"""Recovery was practised.

Why: a restore that was never tried takes a day longer than it is thought to.

Proof: a person's word, with the drill's notes as evidence, for as long as it is said to hold.

Mend: restore a backup into an empty place (`aurora restore --into DIR`), start the service on it, write
down how long it took, and attest it: `aurora preflight --attest recovery.drill --evidence FILE --by NAME
--valid-for 180d`.
"""

from aurora_cli.preflight.context import Context
from aurora_cli.preflight.outcome import Outcome


def look(context: Context) -> Outcome:  # noqa: ARG001 - nothing here can be looked at
    """Ask a person."""
    return Outcome("manual", "only a person can say that recovery was practised", "attest the last drill")
