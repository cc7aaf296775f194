"""Bring areas, events, buildings and staff in from files: row by row judged, in one transaction stored."""
