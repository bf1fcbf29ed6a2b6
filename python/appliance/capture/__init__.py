"""Capture accepts what SDKs send, writes it to the journal and answers once it is durable.

``accept`` reads the request, ``_native.wire`` decodes it and drafts the answer and the records, ``durable`` appends
the records to the journal and wakes the request when their group was synced to disk. Nothing here needs the store
or the catalog to be up: projects come from a snapshot held in memory.
"""

from appliance.capture.accept import Capture
from appliance.capture.durable import Durable
from appliance.capture.routes import handlers

__all__ = ["Capture", "Durable", "handlers"]
