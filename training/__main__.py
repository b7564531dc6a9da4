"""Train the network that finds icons, from the npm package @iconify/json to a weights file.

    python -m training --work /var/tmp/training --export weights/vgg16_icons_2_f16.npz

Stopped with Ctrl-C and started again, it goes on where it was; with more rounds, it learns on.
"""

import argparse
import os
from pathlib import Path
from typing import Any

import numpy as np

from icons.importing.npm import ALL_OF_ICONIFY, unpack

SEED = 3
UNSEEN = "carbon"  # the prefix of a company's own icons, none of which the network learns
HELD_OUT = 1000  # icons of the other sets that it does not learn
WEIGHTS = Path(__file__).parent.parent / "weights"


def main() -> None:
    """Train, evaluate and export, as the command line says."""
    options = _options()

    import keras

    from search.matching.icons_network import Form, embedder
    from search.networks.weights import give_weights
    from training.batches import Batches
    from training.evaluate import evaluate
    from training.export import arrays_of, export
    from training.fit import train
    from training.held_out import split
    from training.library import Library
    from training.network import FROZEN, PairNetwork

    library = Library(options.work / "library")
    if not library.is_read():
        library.read(options.icons or _downloaded(options.work))
    library.draw(options.workers)
    icons = split(library, UNSEEN, HELD_OUT, SEED)
    keras.utils.set_random_seed(SEED)
    tuned = Form(from_imagenet=True)
    teacher = None
    if not options.from_imagenet:  # in float32: JAX makes no numbers of some products in bfloat16 on a CPU
        teacher = embedder(tuned)
        give_weights(teacher, read(WEIGHTS / "vgg16_icons_1_f16.npz"))
    keras.config.set_dtype_policy(options.precision)
    if options.from_imagenet:
        embed = embedder(tuned, FROZEN)
        give_weights(embed, arrays_of(embed) | read(WEIGHTS / "vgg16_notop_f16.npz"))  # which has no head
    else:
        embed = embedder(Form(options.slimmer))
    features, coloured = icons.features[icons.learnt], icons.coloured[icons.learnt]
    batches = Batches(library.folder, features, icons.learnt, coloured, options.batch, SEED, options.workers)
    checkpoints = options.work / "checkpoints"
    together = options.together
    train(PairNetwork(embed), batches, options.rounds, options.peak, checkpoints, together=together, teacher=teacher)
    evaluate(embed, library, icons, SEED)
    if options.export:
        export(embed, options.export)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m training", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--icons", type=Path, help=f"folder of Iconify JSON files (default: {ALL_OF_ICONIFY}, downloaded)"
    )
    parser.add_argument("--work", type=Path, required=True, help="folder for drawings and checkpoints, 4 GB")
    parser.add_argument("--rounds", type=int, default=62, help="rounds of 50 batches (default 62)")
    parser.add_argument("--batch", type=int, default=128, help="pairs drawn for a batch (default 128)")
    parser.add_argument("--together", type=int, default=8, help="batches that are learnt from at once (default 8)")
    parser.add_argument("--peak", type=float, default=1e-3, help="highest learning rate (default 1e-3)")
    parser.add_argument("--slimmer", type=int, default=3, help="times fewer filters than VGG16 has (default 3)")
    parser.add_argument(
        "--from-imagenet",
        action="store_true",
        help="tune VGG16 itself, as vgg16-icons-1 was: with --together 1 --peak 2e-4",
    )
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1, help="processes that draw")
    parser.add_argument("--precision", default="mixed_bfloat16", help="Keras dtype policy (default mixed_bfloat16)")
    parser.add_argument("--export", type=Path, help="write the weights there when the training is done")
    return parser.parse_args()


def read(path: Path) -> dict[str, Any]:
    """The arrays of a weights file, by name."""
    with np.load(path) as arrays:
        return dict(arrays)


def _downloaded(folder: Path) -> Path:
    """The package's folder of Iconify JSON files, one an icon set."""
    folder.mkdir(parents=True, exist_ok=True)
    unpacked = folder / "package" / "json"
    return unpacked if unpacked.is_dir() else unpack(ALL_OF_ICONIFY, folder) / "json"


if __name__ == "__main__":
    main()
