"""Who does the jobs of the service: processes of their own, started here and ended with the service."""
