"""Finds Chromium; `python -m tests.chromium` installs it if it is missing, as root and with apt-get only."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
INSTALL = "apt-get install chromium (Debian, Ubuntu), or brew install --cask google-chrome (macOS)"
# The sandbox does not work for root; the other switches keep the browser from asking other hosts for anything.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"]
ARGUMENTS += ["--disable-component-update", "--disable-sync", "--no-first-run"]


def find() -> str | None:
    """The path of Chromium or Chrome; None if it is missing."""
    return next(filter(None, map(shutil.which, NAMES)), MAC if os.path.exists(MAC) else None)


def install() -> None:
    """Install Chromium with apt-get, where it is missing and the user is root; otherwise do nothing."""
    if find() or os.geteuid() != 0 or not shutil.which("apt-get"):
        return
    print("Installing Chromium for the tests of the pages ...", flush=True)
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False)


if __name__ == "__main__":
    install()
    if not find():
        print(
            f"Chromium is missing, so the tests of the pages are skipped. Install it: {INSTALL}",
            file=sys.stderr,
        )
