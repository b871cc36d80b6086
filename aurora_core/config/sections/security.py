"""``[security]``: what may come in, what is looked at, and where secrets are."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from aurora_core.config.quantities import Bytes, Count, Seconds, listed
from aurora_core.config.sections.base import Section
from aurora_core.types import SecretSourceName


class Security(Section):
    """Queries, generated code, secrets."""

    scan: bool = Field(True, description="whether generated code is looked at before it is handed on")
    max_query_length: Count = Field(10_000, ge=1, description="longest query, in characters")
    max_query_bytes: Bytes = Field(40_000, ge=1, le=10**12, description="longest query, in bytes of UTF-8")
    secret_sources: Annotated[
        tuple[SecretSourceName, ...],
        BeforeValidator(listed, json_schema_input_type=list[SecretSourceName] | str),
    ] = Field(("environment", "file"), min_length=1, description="where secrets are looked for, in order")
    secret_ttl: Seconds = Field(
        300.0, ge=0, description="how long a secret is kept before it is looked for again"
    )
