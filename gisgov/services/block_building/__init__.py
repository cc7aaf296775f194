"""Use case: build the blocks of a plan's ground from streets, water and railways."""
