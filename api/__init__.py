"""The HTTP service: parse, call a service, respond. No SQL, no geometry, no policy lives here."""
