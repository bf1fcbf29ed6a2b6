"""Insights: numbers of events and people over time, and who is in each of them.

```text
series.py breakdown.py periods.py math.py ─ shared: which events, split how, over which time, counted how
trends.py ─ trends_rows.py (one SELECT for each number) ─ formula.py ─ trends_items.py (what is shown)
stickiness.py lifecycle.py
actors.py ─ who is in a number: a SELECT of ids for each insight
```
Everything is built as HogQL; the printer alone writes SQL.
"""
