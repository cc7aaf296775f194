"""Staff posts: who serves areas on a day, what is vacant, and who is appointed."""
