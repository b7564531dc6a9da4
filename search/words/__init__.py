"""Finding icons by words. Imports `icons` only."""
