"""The counter by which http workers learn that something they answer from has changed."""

from sqlalchemy import Connection, select

from appliance.catalog.model import catalog_change


def bump(connection: Connection) -> None:
    """Call in the transaction that changes a definition; workers reload within a second of its commit."""
    connection.execute(catalog_change.update().values(version=catalog_change.c.version + 1))


def version(connection: Connection) -> int:
    return int(connection.execute(select(catalog_change.c.version)).scalar_one())
