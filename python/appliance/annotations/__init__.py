"""Annotations: a note at a moment, on one insight, one dashboard, a project, or a whole organisation."""
