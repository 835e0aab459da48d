"""A plan month by month: levers, posts and people, the safe-release gate, and what residents feel meanwhile."""
