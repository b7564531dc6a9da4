"""LEFT-OUT.txt: which icons are missing from a download, or changed in it, and why."""

from collections.abc import Mapping

from bags.downloads.archives import Files
from icons.models import Icon

LEFT_OUT = "LEFT-OUT.txt"  # the name of the file


def left_out(reasons: Mapping[Icon, str]) -> Files:
    """The file, with a line for each icon, or no file if there are no reasons. They are in the reader's language."""
    lines = "".join(f"{icon.public_id}: {reason}\n" for icon, reason in reasons.items())
    return {LEFT_OUT: lines} if reasons else {}
