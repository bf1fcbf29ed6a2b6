"""What people are told of issues: that one is new, came back, or happens far more often than usual."""

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection

from appliance.catalog.error_issues import error_alert
from appliance.error_tracking.ids import time_ordered_uuid

CREATED = "$error_tracking_issue_created"
REOPENED = "$error_tracking_issue_reopened"
SPIKING = "$error_tracking_issue_spiking"
EVENTS = (CREATED, REOPENED, SPIKING)


def tell(
    connection: Connection,
    *,
    project_id: int,
    issue_id: uuid.UUID,
    event: str,
    details: Mapping[str, Any],
    now_us: int,
) -> None:
    """In the transaction in which it happens, so that nothing is told twice or forgotten."""
    connection.execute(
        error_alert.insert().values(
            id=time_ordered_uuid(now_us),
            project_id=project_id,
            issue_id=issue_id,
            event=event,
            details=dict(details),
            happened_at=now_us,
        )
    )
