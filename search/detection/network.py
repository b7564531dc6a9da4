"""The network that detects icons: fully convolutional, so that pictures of any size go through it.

For every STRIDE x STRIDE px of a picture it says how surely the middle of an icon is there and how far from there the
icon's edges are, as FCOS does (Z. Tian, C. Shen, H. Chen and T. He, "FCOS: Fully Convolutional One-Stage Object
Detection", 2019), and how surely a text is there. The site and its training build it alike.
"""

from typing import Any

from search.networks.layers import Layers, convolution

STRIDE = 4  # px of the picture, across and down, for which there is one output
MULTIPLE = 32  # px: width and height of an input are multiples of this, the stride of the coarsest layer
OUTPUTS = 6  # for each place: logit of an icon, logit of a text, log distances to left, top, right and bottom
ICON, TEXT, EDGES = 0, 1, slice(2, 6)  # where these are among the outputs
RARE = -4.6  # the logit that both begin with: 1 % of all places


def detector_network(folded: bool = False) -> Any:
    """The Keras model from (n, height, width, 3) RGB, 0 to 255, to (n, height / 4, width / 4, OUTPUTS) float32.

    Distances are the natural logarithms of units of STRIDE px. The weights are random. With `folded` it has no layers
    of normalisation, for the weights that `folded_weights` makes.
    """
    import keras
    from keras import Input, Model, initializers

    layers = Layers(keras.layers, folded)
    pixels = Input((None, None, 3), dtype="float32")
    x = convolution(layers, pixels / 127.5 - 1, 16, 3, 2, "stem")
    x = convolution(layers, x, 32, 3, 2, "down4")
    fine = convolution(layers, x, 32, 3, 1, "at4")
    x = convolution(layers, fine, 64, 3, 2, "down8")
    middle = _blocks(layers, x, (1, 1, 1), "at8")
    x = convolution(layers, middle, 96, 3, 2, "down16")
    coarse = _blocks(layers, x, (1, 2, 1, 2), "at16")
    x = convolution(layers, coarse, 128, 3, 2, "down32")
    x = _blocks(layers, x, (1, 2, 1), "at32")
    for name, level in (("16", coarse), ("8", middle), ("4", fine)):
        above = layers.UpSampling2D(name=f"up{name}")(convolution(layers, x, 48, 1, 1, f"above{name}"))
        x = layers.Add(name=f"sum{name}")([above, convolution(layers, level, 48, 1, 1, f"beside{name}")])
        x = _blocks(layers, x, (1,), f"merged{name}")
    x = _blocks(layers, x, (1,), "head")
    start = initializers.Constant([RARE, RARE, 0.7, 0.7, 0.7, 0.7])
    small = initializers.RandomNormal(stddev=0.01)
    outputs = layers.Conv2D(
        OUTPUTS, 1, name="outputs", dtype="float32", kernel_initializer=small, bias_initializer=start
    )(x)
    return Model(pixels, outputs)


def _blocks(layers: Layers, x: Any, dilations: tuple[int, ...], name: str) -> Any:
    """Residual blocks with half as many channels within, one for each dilation.

    Plain convolutions throughout: those within channels alone take longer on a CPU, although they compute less.
    """
    filters = x.shape[-1]
    for index, dilation in enumerate(dilations):
        block = f"{name}_{index}"
        y = convolution(layers, x, filters // 2, 1, 1, f"{block}_in")
        y = convolution(layers, y, filters // 2, 3, 1, f"{block}_middle", dilation)
        y = convolution(layers, y, filters, 1, 1, f"{block}_out", relu=False)
        x = layers.ReLU(name=f"{block}_relu")(layers.Add(name=f"{block}_sum")([x, y]))
    return x
