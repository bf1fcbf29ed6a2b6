"""A project's own settings, and who asks: `/api/projects/`, `/api/organizations/` and `/api/users/@me/`.

Settings that workers need on the hot road have a column of `project`; all others are `options`, kept under the
name by which the API knows them, so that every room reads them from the snapshot as
`project.options.get("week_start_day")`. A change is in every process within a second.
"""
