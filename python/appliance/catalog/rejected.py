"""Records that ingest could not process, set aside so that the others go on."""

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from appliance.catalog.model import rejected_record


@dataclass(frozen=True, slots=True)
class Rejected:
    """One of them, without its bytes."""

    id: int
    project_id: int | None
    lane: str
    received_at: int
    reason: str
    size_bytes: int
    replayed_at: int | None

    def line(self) -> str:
        """For a terminal. The reason may quote what a stranger sent, so it is escaped."""
        received = datetime.fromtimestamp(self.received_at / 1_000_000, UTC).isoformat(timespec="seconds")
        project = "-" if self.project_id is None else str(self.project_id)
        reason = self.reason if self.reason.isprintable() else repr(self.reason)
        replayed = " (replayed)" if self.replayed_at is not None else ""
        facts = f"{received}  project {project}  {self.lane}  {self.size_bytes} bytes"
        return f"{self.id:>8}  {facts}  {reason}{replayed}"


def list_rejected(connection: Connection, count_max: int, *, replayed: bool = False) -> list[Rejected]:
    """The newest first; with `replayed`, also those that went through ingest again."""
    columns = [column for column in rejected_record.c if column.name != "record"]
    query = select(*columns, func.length(rejected_record.c.record).label("size_bytes"))
    if not replayed:
        query = query.where(rejected_record.c.replayed_at.is_(None))
    rows = connection.execute(query.order_by(rejected_record.c.id.desc()).limit(count_max)).mappings()
    return [Rejected(**row) for row in rows]
