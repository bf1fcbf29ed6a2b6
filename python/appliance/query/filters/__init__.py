"""What people filter by, as HogQL: properties, elements, actions, cohorts.

```text
properties.py ─ filters and groups of them → one condition
   ├ comparisons.py ─ a property, an operator and values → condition      semver.py patterns.py
   ├ elements.py ─ tag, text, link, CSS selector → condition on the chain of elements
   └ behavior.py ─ what people did, stopped or began again → SELECT of their ids
actions.py ─ an action's steps → condition
cohorts.py ─ a cohort → SELECT of its people's ids
```
"""

from appliance.query.filters.actions import action_to_expr
from appliance.query.filters.cohorts import cohort_members, cohort_select
from appliance.query.filters.properties import Scope, property_to_expr, without_test_accounts

__all__ = [
    "Scope",
    "action_to_expr",
    "cohort_members",
    "cohort_select",
    "property_to_expr",
    "without_test_accounts",
]
