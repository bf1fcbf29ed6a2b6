"""Writes the API's OpenAPI document to stdout, without a server or a store: `python -m appliance.describe`.

The web application's typed client is generated from it when it is built.
"""

import sys
import tempfile
from pathlib import Path

from appliance import config
from appliance.api import build_api
from appliance.catalog import SnapshotKeeper, connect


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="hoglet-describe-") as folder:
        settings = config.load({"HOGLET_DATA_DIR": str(Path(folder))})
        catalog = connect(settings)
        api = build_api(
            settings, catalog, SnapshotKeeper.of(catalog, settings, lambda _snapshot: None), lambda: True
        )
        document = next(route for route in api.routes if getattr(route, "path", "") == "/api/schema/")
        sys.stdout.buffer.write(document.endpoint().body)  # type: ignore[attr-defined]
        catalog.dispose()


if __name__ == "__main__":
    main()
