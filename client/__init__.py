"""A client of an Iconsite: find icons by picture or words, and read, add or export them."""

from .connection import Connection
from .errors import IconsiteError, Refused, SiteFailed, Unreachable, Unusable
from .site import Client

__version__ = "0.1.0"

__all__ = ["Client", "Connection", "IconsiteError", "Refused", "SiteFailed", "Unreachable", "Unusable"]
