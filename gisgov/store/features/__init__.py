"""Published areas as features: the views of the schema ``ogc``, read by tipg under a role of their own."""
