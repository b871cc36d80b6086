"""``[security]``: limits of queries, the scan of generated code, sources of secrets."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from aurora_core.config.field_types import Bytes, Count, Seconds, split_list
from aurora_core.config.sections.base import Section
from aurora_core.types import SecretSourceName


class Security(Section):
    """Queries, generated code, secrets."""

    scan: bool = Field(True, description="whether generated code is scanned before it is returned")
    max_query_length: Count = Field(10_000, ge=1, description="longest query, in characters")
    max_query_bytes: Bytes = Field(40_000, ge=1, le=10**12, description="longest query, in bytes of UTF-8")
    secret_sources: Annotated[
        tuple[SecretSourceName, ...],
        BeforeValidator(split_list, json_schema_input_type=list[SecretSourceName] | str),
    ] = Field(("environment", "file"), min_length=1, description="sources of secrets, in order")
    secret_ttl: Seconds = Field(
        300.0, ge=0, description="how long a secret is cached before it is read again"
    )
