"""The history of the catalog's schema, one numbered file per step; `catalog.migrate` runs them."""
