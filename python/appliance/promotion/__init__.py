"""Promotion: properties that queries read often get a column of their own, by themselves.

Properties live as JSON in one column, and the ones everybody needs have columns from the start (`native/columns`).
Which further ones a team needs only their queries tell:

```text
use.py       worker: what queries parsed out of JSON, and how long they took ─► catalog
choose.py    which of them deserve a column, which columns nobody uses any more (pure)
promoter.py  engine: adds, fills and drops columns, a few at a time ─► columns.py (the store's statements)
promoted.py  worker: which properties have a column now ─► the query printer
```

A promoted column answers the same as the JSON from the moment it exists: parts that are not filled yet are computed
from it as they are read. So nothing waits for the filling, and dropping a column loses nothing.
"""

from appliance.promotion.promoted import PromotedProperties
from appliance.promotion.promoter import Promoter
from appliance.promotion.use import PropertyUse

__all__ = ["PromotedProperties", "Promoter", "PropertyUse"]
