"""Alembic's door: it runs inside the transaction that `catalog.migrate.upgrade` has opened."""

from alembic import context

from appliance.catalog.model import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
