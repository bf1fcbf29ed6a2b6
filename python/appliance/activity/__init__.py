"""The activity log: who changed what in a project, over all kinds of things. `resources.activity` writes it."""
