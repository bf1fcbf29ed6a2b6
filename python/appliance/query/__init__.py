"""Query: what the store holds, as PostHog's API shows it. Nothing here writes."""
