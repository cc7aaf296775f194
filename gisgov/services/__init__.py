"""One function per use case: the transaction begins and ends here; the first argument is the database."""
