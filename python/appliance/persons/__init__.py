"""Persons: who the events belong to.

What happens to a person is decided in Rust (`native/persons`), event by event, in the memory of ingest.
This room is where that memory comes from and goes to: `load` brings the persons of a block's distinct ids
out of the catalog, `save` writes what the block changed in the transaction that also moves the checkpoint,
and `read` shows persons to people. Between `load` and `save` nobody else may write persons; whoever does so
at another time tells ingest to forget them.

Rows go in and out as plain tuples. Ids are sixteen bytes, times microseconds since 1970 UTC, properties
JSON text:

```text
LoadedPerson   project, id, created at, properties, is identified, version, [(distinct id, version)], complete
Absent         project, distinct id, was used without a person before
PersonRow      project, id, created at, properties, is identified, version, is deleted
DistinctIdRow  project, distinct id, person id, version, is deleted
PersonlessRow  project, distinct id
```

A person is complete when all its distinct ids are in the row. One with more than a merge may move comes
with those that were asked for, and no merge moves it. A distinct id's version is above zero where events
are stored under another person id; the store holds those rows as overrides.
"""

from appliance.persons.load import DISTINCT_IDS_MOVED_MAX, Absent, LoadedPerson, load
from appliance.persons.read import PersonView, find_person, list_persons
from appliance.persons.save import DistinctIdRow, PersonlessRow, PersonRow, save

__all__ = [
    "DISTINCT_IDS_MOVED_MAX",
    "Absent",
    "DistinctIdRow",
    "LoadedPerson",
    "PersonRow",
    "PersonView",
    "PersonlessRow",
    "find_person",
    "list_persons",
    "load",
    "save",
]
