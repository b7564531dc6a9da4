"""`make chaos`: parts of a site are killed while it imports, indexes and answers, and nothing may be lost.

A site of its own runs as `make run` starts it. In each round, icons are imported and indexed, a client searches and
another reads pages, and one part, drawn by the seed, is ended with SIGKILL. The table says for each how long it took
until pages and searches were answered again, and what clients were told meanwhile.
"""

import random
import signal
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.chaos_checks import Checks, losses, wait_until_idle
from bench.chaos_clients import Account, Prober, collect_bag, free_port, sign_in, start_import, zip_of_icons
from bench.whole_site import OUTSIDE, VICTIMS, Site

IMPORTED = 1000  # icons of each import
BACK_WITHIN = 120  # seconds after which a part that does not come back is given up
BETWEEN = (3.0, 12.0)  # seconds of work before a kill, drawn at random
ANSWERED = 5  # good answers in a row after which the site is back


@dataclass(frozen=True)
class Round:
    """What was killed, and what came of it."""

    victim: str
    back: float | None  # seconds until pages and searches were answered; None: never
    statuses: Counter[str]  # of the answers meanwhile
    longest: float  # seconds of the longest wait for an answer
    lost: list[str]  # sentences


def main() -> None:
    """Run the campaign as the command line says."""
    options = _options()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="chaos-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)  # PostgreSQL runs as another user where this program runs as root
        site = Site(folder, free_port(), LIMIT_RATE="0", LIMIT_SIGN_INS="0")  # one client asks for everything
        stack.callback(site.stop)
        site.start()
        print(f"Starting a site in {folder} ...", flush=True)
        account = sign_in(site.address, site.log)
        bag = collect_bag(account)
        checks = Checks(folder / "var", bag)
        wait_until_idle(checks, account)
        rounds = _campaign(site, account, checks, options)
    print("\n" + table(rounds))
    if any(played.lost or played.back is None for played in rounds):
        sys.exit("Something was lost, or did not come back: see above.")


def _options() -> "Options":
    parser = ArgumentParser(prog="python -m bench.chaos", description=__doc__)
    parser.add_argument("--seed", type=int, default=1, help="for what is killed, in which order and when (default 1)")
    parser.add_argument("--rounds", type=int, default=2, help="how often each part is killed (default 2)")
    parser.add_argument("--only", nargs="+", choices=VICTIMS, default=VICTIMS, help="parts to kill")
    options = parser.parse_args()
    return Options(options.seed, options.rounds, options.only)


@dataclass(frozen=True)
class Options:
    """What the command line says."""

    seed: int
    rounds: int
    only: Sequence[str]


def _campaign(site: Site, account: Account, checks: Checks, options: Options) -> list[Round]:
    chance = random.Random(options.seed)
    rounds: list[Round] = []
    for number in range(options.rounds):
        for victim in chance.sample(options.only, len(options.only)):
            icons = zip_of_icons(f"chaos{len(rounds)}", IMPORTED, chance)
            import_run = start_import(account, *icons)
            checks.expect(import_run, IMPORTED)
            with Prober(site.address) as prober:
                time.sleep(chance.uniform(*BETWEEN))
                rounds.append(_kill(site, victim, prober, checks, account))
            print(f"{number + 1}. {row(rounds[-1])}", flush=True)
    return rounds


def _kill(site: Site, victim: str, prober: Prober, checks: Checks, account: Account) -> Round:
    for process in site.processes(victim):
        with suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGKILL)
    killed = time.monotonic()
    if victim in OUTSIDE:
        assert site.process
        site.process.wait()
        site.start()
    probes = prober.until_back(killed, ANSWERED, BACK_WITHIN)
    wait_until_idle(checks, account)
    return Round(victim, probes.back, probes.statuses, probes.longest, losses(checks))


def row(of: Round) -> str:
    """A round as a row of the table."""
    told = ", ".join(f"{count} × {status}" for status, count in of.statuses.most_common()) or "–"
    back = "never" if of.back is None else f"{of.back:.1f} s"
    return f"| {of.victim} | {back} | {told} | {of.longest:.1f} s | {'; '.join(of.lost) or 'nothing'} |"


def table(rounds: Sequence[Round]) -> str:
    """All rounds as a table in Markdown, ordered by what was killed."""
    head = ["| killed | back after | clients were told meanwhile | longest wait | lost |", "|---|---|---|---|---|"]
    return "\n".join(
        [*head, *(row(played) for played in sorted(rounds, key=lambda played: VICTIMS.index(played.victim)))]
    )


if __name__ == "__main__":
    main()
