"""Secret keys of projects: the two that a project has by itself, rolling; none is kept in plain any more."""

import hashlib
import time
import uuid

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_KEY = sa.table(
    "project_secret_key",
    sa.column("id", sa.Uuid()),
    sa.column("project_id", sa.Integer()),
    sa.column("kind", sa.String()),
    sa.column("label", sa.String()),
    sa.column("hash", sa.String()),
    sa.column("mask", sa.String()),
    sa.column("scopes", sa.JSON()),
    sa.column("created_at", sa.BigInteger()),
)
_PROJECT = sa.table("project", sa.column("id", sa.Integer()), sa.column("secret_token", sa.String()))


def upgrade() -> None:
    op.add_column(
        "project_secret_key", sa.Column("kind", sa.String(length=8), server_default="key", nullable=False)
    )
    op.add_column("project_secret_key", sa.Column("last_rolled_at", sa.BigInteger(), nullable=True))
    connection = op.get_bind()
    plain = connection.execute(sa.select(_PROJECT).where(_PROJECT.c.secret_token.is_not(None))).all()
    for project_id, token in plain:
        row = {
            "id": uuid.uuid4(), "project_id": project_id, "kind": "token", "label": "secret_api_token",
            "hash": hashlib.sha256(token.encode()).hexdigest(), "mask": f"phs_…{token[-4:]}",
            "scopes": ["feature_flag:read"], "created_at": time.time_ns() // 1_000,
        }  # fmt: skip
        connection.execute(_KEY.insert().values(row))
    connection.execute(_PROJECT.update().values(secret_token=None))


def downgrade() -> None:
    """What was hashed stays hashed: the tokens of before are not known any more."""
    op.execute("DELETE FROM project_secret_key WHERE kind <> 'key'")
    op.drop_column("project_secret_key", "last_rolled_at")
    op.drop_column("project_secret_key", "kind")
