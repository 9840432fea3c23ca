"""The parts of the keyword baseline: acts, quantities, items, named values and free words."""
