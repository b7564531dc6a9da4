"""`iconsite`, or `python -m iconsite_client`."""

from . import folder_commands, icon_commands  # noqa: F401  (they add their commands)
from .commands import main

if __name__ == "__main__":
    main(prog_name="iconsite")
