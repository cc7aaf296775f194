"""Use cases: drafts are changed operation by operation, by several planners, and nothing of it is lost."""
