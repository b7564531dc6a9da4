"""Train the network that looks at a reading and an icon side by side, on what a filled database has for screenshots.

    python -m training.pairs --work /var/tmp/pairs --export weights/

The database is DATABASE_URL's; all icons of Iconify are to be indexed in it, and nothing is written to it. Stopped with
Ctrl-C and started again, it goes on where it was; with more rounds, it learns on.
"""

import argparse
import os
from pathlib import Path

from tqdm import tqdm

LEFT_OUT = ("carbon",)  # prefixes of sets that are neither shown nor compared with what is shown
SEED = 7
HELD_OUT = 20  # every so many files of screenshots, one is not learnt from but evaluated on
AVERAGING = 0.998  # of the weights, from step to step


def main() -> None:
    """Draw, search, train, evaluate and export, as the command line says."""
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "iconsite.settings")
    import django

    django.setup()
    files = _draw(options)

    import keras
    import numpy as np

    from search.matching.pair_network import pair_network
    from search.matching.pairs import PAIR_WEIGHTS
    from training.export import export
    from training.fit import fit
    from training.pairs import learning
    from training.pairs.samples import Pairs

    held_out = files[::HELD_OUT]
    learnt, kept_out = Pairs.read([path for path in files if path not in held_out]), Pairs.read(held_out)
    mean, spread = learnt.facts.mean(axis=0), np.maximum(learnt.facts.std(axis=0), 1e-3)
    learnt, kept_out = (learning.standardised(pairs, mean, spread) for pairs in (learnt, kept_out))
    keras.utils.set_random_seed(SEED)
    network = pair_network()
    fit(
        learning.PairsInTraining(network),
        lambda start: learning.batches(learnt, SEED, start),
        options.rounds,
        options.peak,
        options.work / "checkpoints",
        averaging=AVERAGING,
    )
    learning.evaluate(network, kept_out)
    if options.export:
        learning.for_plain_facts(network, mean, spread)
        export(network, options.export / PAIR_WEIGHTS.file)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.pairs", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--icons", type=Path, help="folder of Iconify JSON files (default: @iconify/json, downloaded)")
    parser.add_argument("--work", type=Path, required=True, help="folder for screenshots and checkpoints, 3 GB")
    parser.add_argument("--files", type=int, default=120, help="files of 250 screenshots to draw (default 120)")
    parser.add_argument("--rounds", type=int, default=200, help="rounds of 50 batches (default 200)")
    parser.add_argument("--peak", type=float, default=2e-3, help="highest learning rate (default 2e-3)")
    parser.add_argument("--export", type=Path, help="folder to write the weights file into when they are done")
    return parser.parse_args()


def _draw(options: argparse.Namespace) -> list[Path]:
    """Draw and search for those screenshots that the folder does not have yet; the files of their pairs."""
    from bench import library
    from training.pairs.samples import draw_screenshots, pairs_of
    from training.pairs.scenes import IconChoice

    options.work.mkdir(parents=True, exist_ok=True)
    files = [options.work / f"pairs_{seed:04}.npz" for seed in range(options.files)]
    if missing := [seed for seed, path in enumerate(files) if not path.exists()]:
        icons = library.choose(["all"], options.icons, SEED).icons
        choice = IconChoice(icon for icon in icons if icon.partition(":")[0] not in LEFT_OUT)
        for seed in tqdm(missing, "Drawing and searching", unit=" files"):
            unfinished = options.work / "unfinished.npz"
            pairs_of(draw_screenshots(icons, choice, seed), choice, seed).write(unfinished)
            unfinished.rename(files[seed])
    return files


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
