"""From drawings to vectors, and from candidates to an order: networks and the second stage. Imports `vision` only."""
