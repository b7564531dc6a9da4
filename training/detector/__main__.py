"""Train the detector of icons on screenshots: draw pages, learn from them, write its two weights files.

    python -m training.detector --work /var/tmp/detector --export weights/

Stopped with Ctrl-C and started again, it goes on where it was; with more rounds, it learns on.
"""

import argparse
import os
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bench.packages import package
from bench.screenshots import browser
from icons.importing.npm import ALL_OF_ICONIFY
from search.detection.detector import DETECTOR_WEIGHTS
from search.detection.network import MULTIPLE, detector_network
from search.detection.places import PLACES_WEIGHTS
from search.detection.places_network import places_network
from search.networks.compiled import traced
from search.networks.weights import give_weights
from training.detector.icon_source import IconSource
from training.detector.pages import Pages
from training.library import Library

LEFT_OUT = ("carbon",)  # prefixes of sets that no page shows
SEED = 5
HELD_OUT = 20  # every so many pages, one is not learnt from but evaluated on
AVERAGING = 0.998  # of the weights, from step to step
LOOKS = 2  # times that each page is looked at for places to learn from
PEAK_OF_PLACES = 1e-3  # the highest learning rate of the network that looks at places
SMALLEST_INPUT = (1, MULTIPLE, MULTIPLE, 3)


def main() -> None:
    """Draw, train, evaluate and export, as the command line says."""
    options = _options()
    _draw(options.icons, options.work, options.pages)

    import keras
    import numpy as np

    from training.ahead import made_ahead
    from training.detector.evaluate import evaluate
    from training.detector.learning import DetectorInTraining, batches
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
    crops = partial(batches, pages, SEED, HELD_OUT, options.times)
    fit(
        model,
        lambda start: made_ahead(crops, start, options.processes),
        options.rounds,
        options.peak,
        options.work / "checkpoints",
        averaging=AVERAGING,
    )
    evaluate(network, pages, HELD_OUT)
    if options.export:
        export(network, options.export / DETECTOR_WEIGHTS.file)
    _train_places(network, options)


def _train_places(detector: Any, options: argparse.Namespace) -> None:
    """Have the detector tell places on the pages, and train the network that looks at them again."""
    import numpy as np

    from training.ahead import made_ahead
    from training.detector import places
    from training.export import export
    from training.fit import fit

    files = sorted((options.work / "pages").glob("*.npz"))
    held_out = [path for path in files if int(path.stem) % HELD_OUT == 0]
    forward, folders = traced(detector), {}
    for name, chosen in (("learnt", sorted({*files} - {*held_out}) * LOOKS), ("held_out", held_out)):
        folders[name] = options.work / f"places_{name}"
        if not places.Places.is_there(folders[name]):
            places.Places.write(places.places_on(chosen, forward, SEED), folders[name])
    network = places_network()
    if options.start_places:
        with np.load(options.start_places) as weights:
            give_weights(network, weights)
    varied = partial(places.place_batches, folders["learnt"], SEED, options.times)
    fit(
        places.PlacesInTraining(network),
        lambda start: made_ahead(varied, start, options.processes),
        options.place_rounds,
        PEAK_OF_PLACES,
        options.work / "checkpoints_of_places",
        averaging=AVERAGING,
    )
    places.evaluate_places(network, places.Places.read(folders["held_out"]))
    if options.export:
        export(network, options.export / PLACES_WEIGHTS.file)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training.detector", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--icons", type=Path, help=f"folder of Iconify JSON files (default: {ALL_OF_ICONIFY})")
    parser.add_argument("--work", type=Path, required=True, help="folder for pages and checkpoints, 10 GB")
    parser.add_argument("--pages", type=int, default=1200, help="pages to draw (default 1200)")
    parser.add_argument("--rounds", type=int, default=120, help="rounds of 50 batches (default 120)")
    parser.add_argument("--peak", type=float, default=2e-3, help="highest learning rate (default 2e-3)")
    parser.add_argument("--start", type=Path, help="weights file to begin with (default: random weights)")
    parser.add_argument("--start-places", type=Path, help="the same for the second network")
    parser.add_argument("--times", type=int, default=1, help="times the usual size of a batch, for a GPU (default 1)")
    parser.add_argument("--processes", type=int, default=1, help="processes that make batches (default 1)")
    parser.add_argument("--place-rounds", type=int, default=120, help="the same of the second network (default 120)")
    parser.add_argument("--export", type=Path, help="folder to write both weights files into when they are done")
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
