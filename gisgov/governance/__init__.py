"""The rules of grid governance as frozen values and pure functions: no database, no files, no geometry."""
