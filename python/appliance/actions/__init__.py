"""Actions: several ways in which one thing can happen, under one name, such as "signed up"."""
