"""Use case: people and households onto blocks, from buildings, from census areas, or as given."""
