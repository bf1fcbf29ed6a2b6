"""Insight variables: values that SQL insights name as `{variables.code_name}` and that are chosen when they run."""
