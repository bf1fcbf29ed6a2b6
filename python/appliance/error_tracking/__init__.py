"""Error tracking: what is needed to read exceptions of minified and compiled programs.

- `releases`: versions of a program, by a hash of its name and version.
- `symbol_sets` `files`: source maps and their like, by chunk id; where the file of each is.
- `uploads`: what an upload may do to the sets that are there already, and how it begins and ends.
- `tickets`: addresses that let whoever has them upload or download one file for a while.
- `incoming`: the body of an upload, on disk within bounds.
- `stack_frames`: frames as they were resolved.
- `sweep`: what was never finished goes.

A set is looked up in its project only, and its file has a name of our own ids.
"""
