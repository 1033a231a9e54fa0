"""Which shape is in a 32 x 32 colour picture: a small MobileNetV2 with residual additions and explicit padding."""

import common
import numpy as np
import tensorflow as tf

LABELS = ["circle", "ring", "square", "triangle", "cross", "star"]
SIZE = 32
layers = tf.keras.layers


def distance(label, x, y):
    """Below 0 inside the shape of radius 1 around the origin, above 0 outside; about the distance to its edge."""
    radius = np.hypot(x, y)
    if label == 0:
        return radius - 0.85
    if label == 1:
        return np.abs(radius - 0.72) - 0.2
    if label == 2:
        return np.maximum(np.abs(x), np.abs(y)) - 0.75
    if label == 3:
        return np.maximum.reduce([x * np.cos(turn) + y * np.sin(turn) for turn in np.arange(3) * 2 * np.pi / 3]) - 0.5
    if label == 4:
        thin, long = np.minimum(np.abs(x), np.abs(y)), np.maximum(np.abs(x), np.abs(y))
        return np.maximum(thin - 0.24, long - 0.9)
    # A five-pointed star: the edge runs from the tip at radius 1 to the notch at 0.45, in each of ten mirrored sectors.
    sector = np.abs((np.arctan2(y, x) / (2 * np.pi / 5) + 0.5) % 1 - 0.5) * 2 * np.pi / 5
    along, across = radius * np.cos(sector), radius * np.sin(sector)
    notch_x, notch_y = 0.45 * np.cos(np.pi / 5), 0.45 * np.sin(np.pi / 5)
    return ((along - 1) * notch_y + across * (1 - notch_x)) / np.hypot(notch_y, 1 - notch_x)


def picture(rng, label):
    """[SIZE, SIZE, 3], 0 to 1: one turned shape before a wavy background, uneven light and a noisy sensor."""
    row, column = np.mgrid[:SIZE, :SIZE].astype(float)
    radius = rng.uniform(6, 12)
    centre_x, centre_y = rng.uniform(radius * 0.8, SIZE - 1 - radius * 0.8, 2)
    turn = rng.uniform(0, 2 * np.pi)
    x, y = (column - centre_x) / radius, (row - centre_y) / radius
    inside = distance(label, x * np.cos(turn) - y * np.sin(turn), x * np.sin(turn) + y * np.cos(turn))
    cover = np.clip(0.5 - inside * radius, 0, 1)[..., None]

    back, front = rng.uniform(0.1, 0.9, (2, 3))
    while np.abs(back - front).max() < 0.25:
        front = rng.uniform(0.1, 0.9, 3)
    wave_x, wave_y = rng.uniform(-0.8, 0.8, 2)
    wave = rng.uniform(0, 0.12) * np.sin(wave_x * column + wave_y * row + rng.uniform(0, 6))[..., None]
    light_x, light_y = rng.uniform(-0.3, 0.3, 2)
    light = 1 + (light_x * (column / SIZE - 0.5) + light_y * (row / SIZE - 0.5))[..., None]
    image = (back + wave) * (1 - cover) + front * cover
    return np.clip(image * light + rng.normal(0, rng.uniform(0.01, 0.08), (SIZE, SIZE, 3)), 0, 1)


def dataset(seed, count):
    rng = np.random.default_rng(seed)
    labels = rng.integers(len(LABELS), size=count)
    # Whole 255ths, as a camera gives them: the int8 input is then exactly the pixel less 128.
    return np.array([np.round(picture(rng, label) * 255) / 255 for label in labels], np.float32), labels


def convolution(x, layer, activation=True):
    x = layers.BatchNormalization()(layer(x))
    return layers.ReLU(6.0)(x) if activation else x


def padded(x):
    """One zero all around. At stride 2, SAME would pad below and to the right alone, so this stays a PAD operator."""
    return layers.ZeroPadding2D(1)(x)


def bottleneck(x, channels, stride=1):
    """Widen by a 1x1, filter depthwise, narrow by a linear 1x1; the input is added where the shapes agree."""
    y = convolution(x, layers.Conv2D(3 * x.shape[-1], 1, use_bias=False))
    if stride == 2:
        y = convolution(padded(y), layers.DepthwiseConv2D(3, 2, "valid", use_bias=False))
    else:
        y = convolution(y, layers.DepthwiseConv2D(3, 1, "same", use_bias=False))
    y = convolution(y, layers.Conv2D(channels, 1, use_bias=False), activation=False)
    return layers.Add()([x, y]) if stride == 1 and channels == x.shape[-1] else y


common.make_deterministic(4)
train, train_labels = dataset(41, 9000)
test, test_labels = dataset(42, 1000)

image = layers.Input([SIZE, SIZE, 3])
x = convolution(padded(image), layers.Conv2D(16, 3, 2, "valid", use_bias=False))
x = bottleneck(x, 16)
x = bottleneck(x, 24, stride=2)
x = bottleneck(x, 24)
x = bottleneck(x, 32, stride=2)
x = bottleneck(x, 32)
x = convolution(x, layers.Conv2D(64, 1, use_bias=False))
x = layers.GlobalAveragePooling2D()(x)
model = tf.keras.Model(image, layers.Dense(len(LABELS), "softmax")(x))

common.fit(model, train, train_labels, "sparse_categorical_crossentropy", epochs=12)
flatbuffer = common.convert_int8(model, train[:300])
common.save("vision_int8", flatbuffer, model, test, test_labels, "accuracy", keep=90, labels=LABELS)
