"""Schema revisions of the warehouse, applied by ``xiezuo warehouse migrate``."""
