"""Definitions: which events and properties a project has ever sent, and what people say of them.

Ingest writes their names, types and times; people add descriptions, tags, owners, and whether they are verified or
hidden. A definition that is deleted comes back when it is seen again.
"""
