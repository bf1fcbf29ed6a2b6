"""Groups: companies, teams, whatever events belong to beside a person.

What is set on a group travels as a captured `$groupidentify` event, the same road that SDKs take, so it can race
with nothing. Taking a property away has no such event: the engine does it between two blocks (`work`).
"""
