#!/usr/bin/env python3
"""Django's command line, with the embedded servers started where none are configured."""

import os
import sys

from iconsite import embedded_servers


def main() -> None:
    """Run the command that the arguments name."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    from django.core.management import execute_from_command_line

    os.umask(embedded_servers.UMASK)
    with embedded_servers.servers():
        execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
