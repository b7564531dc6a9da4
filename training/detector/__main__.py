"""Train the detector of icons on screenshots: draw pages, learn from them, write a weights file.

    python -m training.detector --work /var/tmp/detector --export weights/icon_detector_1_f16.npz

Stopped with Ctrl-C and started again, it goes on where it was; with more rounds, it learns on.
"""

import argparse
import os
from pathlib import Path

from tqdm import tqdm

from bench.packages import package
from bench.screenshots import browser
from icons.importing.npm import ALL_OF_ICONIFY
from search.detection.network import MULTIPLE, detector_network
from training.detector.pages import IconSource, Pages
from training.library import Library

LEFT_OUT = ("carbon",)  # prefixes of sets that no page shows
SEED = 5
HELD_OUT = 20  # every so many pages, one is not learnt from but evaluated on
AVERAGING = 0.998  # of the weights, from step to step
SMALLEST_INPUT = (1, MULTIPLE, MULTIPLE, 3)


def main() -> None:
    """Draw, train, evaluate and export, as the command line says."""
    options = _options()
    _draw(options.icons, options.work, options.pages)

    import keras
    import numpy as np

    from search.detection.detector import give_weights
    from training.detector.evaluate import evaluate
    from training.detector.learning import DetectorInTraining, batches_ahead
    from training.export import export
    from training.fit import fit

    keras.utils.set_random_seed(SEED)
    network = detector_network()
    if options.start:
        with np.load(options.start) as weights:
            give_weights(network, weights)
    model = DetectorInTraining(network)
    model({"pixels": np.zeros(SMALLEST_INPUT, np.float32)})  # so that it has its weights
    pages = options.work / "pages"
    fit(
        model,
        lambda start: batches_ahead(pages, SEED, HELD_OUT, start),
        options.rounds,
        options.peak,
        options.work / "checkpoints",
        averaging=AVERAGING,
    )
    evaluate(network, pages, HELD_OUT)
    if options.export:
        export(network, options.export)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.detector", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--icons", type=Path, help=f"folder of Iconify JSON files (default: {ALL_OF_ICONIFY})")
    parser.add_argument("--work", type=Path, required=True, help="folder for pages and checkpoints, 1 GB")
    parser.add_argument("--pages", type=int, default=1200, help="pages to draw (default 1200)")
    parser.add_argument("--rounds", type=int, default=120, help="rounds of 50 batches (default 120)")
    parser.add_argument("--peak", type=float, default=2e-3, help="highest learning rate (default 2e-3)")
    parser.add_argument("--start", type=Path, help="weights file to begin with (default: random weights)")
    parser.add_argument("--export", type=Path, help="write the weights there when the training is done")
    return parser.parse_args()


def _draw(icons: Path | None, work: Path, number: int) -> None:
    """Draw those pages that the folder does not have yet."""
    folder = work / "pages"
    folder.mkdir(parents=True, exist_ok=True)
    missing = [seed for seed in range(number) if not (folder / f"{seed:05}.npz").exists()]
    if not missing:
        return
    library = Library(work / "library")
    if not library.is_read():
        library.read(icons or package(ALL_OF_ICONIFY) / "json")
    with browser() as drawer:
        pages = Pages(drawer.chromium, IconSource(library, LEFT_OUT), work)
        for seed in tqdm(missing, "Drawing pages", unit=" pages"):
            if (picture := pages.draw(seed)) is not None:
                picture.write(folder / f"{seed:05}.npz")


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    main()
