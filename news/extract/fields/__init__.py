"""One field a module: candidates from every source, the best one, and the record of who said what."""
