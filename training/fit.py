"""The training itself, in rounds: each ends with a checkpoint, from which the next start goes on."""

import json
from collections.abc import Callable, Generator, Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from search.vision.drawing import SIDE
from training.batches import Batches, Pairs, replayed

ROUND = 50  # batches in a round
WARM_UP = 200  # batches over which the learning rate rises
DECAY = 0.2  # share of all batches, the last ones, over which the learning rate falls to 0
WEIGHT_DECAY = 1e-4  # of AdamW


class WarmUpStableDecay(keras.optimizers.schedules.LearningRateSchedule):  # type: ignore[misc]  # Keras has no types
    """A learning rate that rises, stays, and falls to 0. From before the fall, training can go on with more batches.

    S. Hu et al., "MiniCPM" (2024), section 4.
    """

    def __init__(self, peak: float, batches: int) -> None:
        self.peak, self.batches = peak, batches

    def __call__(self, step: Any) -> Any:
        step = ops.cast(step, "float32")
        rise, fall = step / WARM_UP, (self.batches - step) / (DECAY * self.batches)
        return self.peak * ops.clip(ops.minimum(rise, fall), 0.0, 1.0)

    def get_config(self) -> dict[str, float]:
        return {"peak": self.peak, "batches": self.batches}


@dataclass
class Checkpoint:
    """How far a training is. The weights and the optimiser's state are in a file beside it."""

    round: int  # rounds done
    rounds: int  # rounds in all

    @staticmethod
    def read(folder: Path, name: str) -> "Checkpoint | None":
        """The checkpoint of that name in a folder; None if there is none."""
        path = folder / f"{name}.json"
        return Checkpoint(**json.loads(path.read_text())) if path.exists() else None

    def write(self, folder: Path, name: str, model: keras.Model) -> None:
        """Write the model's weights, then the checkpoint, so that an interruption leaves a whole one."""
        weights, unfinished = folder / f"{name}.weights.h5", folder / "unfinished.weights.h5"
        model.save_weights(unfinished)
        unfinished.rename(weights)
        (folder / f"{name}.json").write_text(json.dumps(asdict(self)))


class _KeepCheckpoints(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    def __init__(self, folder: Path, rounds: int, log: Path) -> None:
        super().__init__()
        self.folder, self.rounds, self.log = folder, rounds, log

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        done = Checkpoint(epoch + 1, self.rounds)
        if done.round == int(self.rounds * (1 - DECAY)):
            done.write(self.folder, "stable", self.model)
        done.write(self.folder, "latest", self.model)
        with open(self.log, "a") as file:
            file.write(json.dumps({"round": done.round, **(logs or {})}) + "\n")


def train(
    model: keras.Model,
    batches: Batches,
    rounds: int,
    peak: float,
    folder: Path,
    per_round: int = ROUND,
    together: int = 1,
    teacher: keras.Model | None = None,
) -> None:
    """Train for `rounds` rounds of `per_round` batches in all, from the checkpoint in `folder` on, if there is one.

    `peak` is the highest learning rate. So many batches are learnt from `together`, each as many times, and from the
    vectors of a `teacher`. Each round adds a line to log.jsonl in `folder`.
    """
    blank = np.zeros((1, SIDE, SIDE, 3), np.uint8)
    model(_inputs(Pairs(blank, blank)))

    def source(start: int) -> Generator[Any, None, None]:
        drawn = batches(start)
        try:
            pairs: Iterator[Pairs] = _taught(drawn, teacher) if teacher else drawn
            for batch in replayed(pairs, together, start) if together > 1 else pairs:
                yield _inputs(batch), np.zeros(2 * len(batch.queries), np.float32)
        finally:
            drawn.close()

    fit(model, source, rounds, peak, folder, per_round)


def fit(
    model: keras.Model,
    source: Callable[[int], Generator[Any, None, None]],
    rounds: int,
    peak: float,
    folder: Path,
    per_round: int = ROUND,
    averaging: float | None = None,
) -> None:
    """The same for any model that has its weights already; `source` gives the batches from one of a number on.

    With `averaging`, the share of the past in each step's average, the model ends with the average of its weights.
    """
    folder.mkdir(parents=True, exist_ok=True)
    schedule = WarmUpStableDecay(peak, rounds * per_round)
    optimizer = keras.optimizers.AdamW(
        schedule,
        weight_decay=WEIGHT_DECAY,
        global_clipnorm=1.0,
        use_ema=averaging is not None,
        ema_momentum=averaging or 0.99,
    )
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")  # which is slow without
    model.optimizer.build(model.trainable_variables)
    done = 0
    for name in ("latest", "stable"):
        checkpoint = Checkpoint.read(folder, name)
        # A checkpoint whose learning rate has begun to fall is no start for a longer training.
        if checkpoint and (checkpoint.rounds == rounds or checkpoint.round <= int(checkpoint.rounds * (1 - DECAY))):
            model.load_weights(folder / f"{name}.weights.h5")
            done = checkpoint.round
            break
    if done >= rounds:
        model.optimizer.finalize_variable_values(model.trainable_variables)  # to the average, where there is one
        return
    batches = source(done * per_round)
    try:
        keeper = _KeepCheckpoints(folder, rounds, folder / "log.jsonl")
        model.fit(batches, steps_per_epoch=per_round, epochs=rounds, initial_epoch=done, callbacks=[keeper], verbose=1)
    finally:
        batches.close()


def _taught(batches: Iterator[Pairs], teacher: keras.Model) -> Iterator[Pairs]:
    """The batches with the teacher's vectors of their screenshots and drawings."""
    for batch in batches:
        both = np.concatenate([batch.queries, batch.keys]).astype(np.float32)
        vectors = np.asarray(teacher.predict_on_batch(both), np.float32)
        yield replace(batch, taught=np.stack(np.split(vectors, 2), axis=1))


def _inputs(pairs: Pairs) -> dict[str, Any]:
    return {name: value for name, value in vars(pairs).items() if value is not None}
