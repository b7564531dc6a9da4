"""What is measured of searches and of indexing, for Prometheus."""

from prometheus_client import Counter, Histogram

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)  # seconds
SEARCH_SECONDS = Histogram(
    "iconsite_search_seconds", "Seconds of a search by picture, by phase.", ["phase"], buckets=BUCKETS
)
SEARCHES = Counter("iconsite_searches", "Searches by picture, by whether the answer was confident.", ["confident"])
INDEXED = Counter("iconsite_indexed_icons", "Icons that were indexed, by outcome.", ["outcome"])
