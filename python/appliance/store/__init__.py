"""The store of events: ClickHouse, embedded or by URL, behind one small client.

`connect` gives the `Store` that ingest fills and queries read; `migrate` brings its schema to this
release (`tables`, `sessions`, `migrations/`). `embedded` serves ClickHouse's HTTP interface over chDB in
the engine process (`endpoint`, `body`, `statement`, `guard`, `problem`); import it from there, since
loading it loads the engine.
"""

from appliance.store.client import ClickHouseStore, Rows, Store, connect
from appliance.store.engine import DATABASE, READER, WRITER
from appliance.store.schema import SchemaState, migrate, schema_state, shredded_columns

__all__ = [
    "DATABASE",
    "READER",
    "WRITER",
    "ClickHouseStore",
    "Rows",
    "SchemaState",
    "Store",
    "connect",
    "migrate",
    "schema_state",
    "shredded_columns",
]
