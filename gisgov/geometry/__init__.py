"""Pure functions over arrays of geometries and coordinates: no files, no database, no settings."""
