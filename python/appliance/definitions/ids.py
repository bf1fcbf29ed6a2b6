"""Definitions are named by UUIDs made of what they define, so that nobody has to agree on them.

Migration 0002 names those of before; it holds a copy of these rules, which must stay as they are.
"""

import uuid

_DEFINITIONS = uuid.UUID("6a3b0c5e-7f0e-5b6b-9d0a-0d6c2f8f4e11")


def event_definition_id(project_id: int, name: str) -> uuid.UUID:
    return uuid.uuid5(_DEFINITIONS, f"event {project_id} {name}")


def property_definition_id(project_id: int, owner: int, group_type_index: int, name: str) -> uuid.UUID:
    return uuid.uuid5(_DEFINITIONS, f"property {project_id} {owner} {group_type_index} {name}")
