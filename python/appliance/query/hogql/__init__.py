"""HogQL: text to tree, tree to SQL."""
