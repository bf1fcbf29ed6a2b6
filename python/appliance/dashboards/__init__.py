"""Dashboards: insights and texts laid out on a page.

`tiles` puts things on a dashboard, `arrange` moves them about, `resource` keeps dashboards, `templates` makes whole
ones. A dashboard's filters are put over those of its insights by whoever answers them.
"""
