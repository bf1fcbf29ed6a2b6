"""The history of the store's schema: one file per step, in order. A released step is never edited."""

from appliance.store.migrations import step_0001_first, step_0002_issues, step_0003_exception_email
from appliance.store.schema import Step

STEPS: tuple[Step, ...] = (
    Step(1, "first", step_0001_first.run),
    Step(2, "issues", step_0002_issues.run),
    Step(3, "exception email", step_0003_exception_email.run),
)
