"""Numbers, units and years as people say them, in a facet's unit."""
