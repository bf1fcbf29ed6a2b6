"""The id that a distinct id gives the person it creates; `native/persons/src/identity.rs` holds the same rule."""

import uuid

_NAMESPACE = uuid.UUID("932979b4-65c3-4424-8467-0b66ec27bc22")


def person_id(project_id: int, distinct_id: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, f"{project_id}:{distinct_id}")
