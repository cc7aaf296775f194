"""The registers of the closed loop: categories with their permits, and departments."""
