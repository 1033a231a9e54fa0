"""Condition of a rotating machine from two accelerometers: a dense network, small enough for a Cortex-M0+.

A window is 512 samples at 3200 Hz (160 ms) of radial and axial acceleration. The network sees 24 features, 12 an axis:
level, crest factor, kurtosis, and the share of the energy in nine octave-like bands, all as logarithms.
"""

import common
import numpy as np
import tensorflow as tf

LABELS = ["normal", "imbalance", "misalignment", "bearing"]
RATE, WINDOW = 3200, 512
BAND_EDGES = np.array([12, 20, 34, 52, 75, 110, 200, 400, 800, 1600])


def acceleration(rng, label):
    """[2, WINDOW] acceleration in g, radial then axial, of a machine at 22 to 30 turns a second."""
    time = np.arange(WINDOW) / RATE
    speed = rng.uniform(22, 30)

    def tone(order, level):
        return level * np.sin(2 * np.pi * (order * speed * time + rng.uniform()))

    def harmonics(levels):
        return sum(tone(order, level * rng.lognormal(0, 0.4)) for order, level in enumerate(levels, 1))

    # A healthy machine turns a little unevenly as well; a fault adds to that.
    radial, axial = harmonics([0.10, 0.04, 0.02]), harmonics([0.04, 0.02, 0.01])
    severity = rng.uniform(0.5, 1.6)
    if label == 1:  # An eccentric mass pulls once a turn, across the shaft.
        radial = radial + tone(1, 0.45 * severity)
        axial = axial + tone(1, 0.06 * severity)
    elif label == 2:  # A bent coupling works twice a turn, and along the shaft.
        radial = radial + tone(1, 0.15 * severity) + tone(2, 0.25 * severity)
        axial = axial + tone(1, 0.15 * severity) + tone(2, 0.30 * severity) + tone(3, 0.08 * severity)
    elif label == 3:  # A pitted race rings the housing each time a ball passes: 3.6 to 5.4 times a turn.
        since_hit = ((time * speed * rng.uniform(3.6, 5.4) + rng.uniform()) % 1) / (4.5 * speed)
        ring = np.exp(-since_hit * rng.uniform(350, 700)) * np.sin(2 * np.pi * rng.uniform(700, 1300) * since_hit)
        radial = radial + 0.30 * severity * ring
        axial = axial + 0.12 * severity * ring
    noise = rng.normal(0, rng.uniform(0.03, 0.10), (2, WINDOW))
    return np.stack([radial, axial]) * rng.uniform(0.7, 1.4) + noise


def features(signal):
    """12 features of one axis, each about -3 to 3."""
    level = np.sqrt(np.mean(signal**2))
    power = np.abs(np.fft.rfft(signal * np.hanning(WINDOW))) ** 2
    edges = np.round(BAND_EDGES * WINDOW / RATE).astype(int)
    bands = np.array([power[low:high].sum() for low, high in zip(edges[:-1], edges[1:])])
    shares = np.log10(bands / bands.sum() + 1e-4) + 2
    crest = np.max(np.abs(signal)) / level
    kurtosis = np.mean(signal**4) / level**4
    return np.concatenate([[np.log10(level) * 2 + 1, np.log2(crest) - 1, np.log2(kurtosis) - 1], shares])


def dataset(seed, count):
    rng = np.random.default_rng(seed)
    labels = rng.integers(len(LABELS), size=count)
    samples = [np.concatenate([features(axis) for axis in acceleration(rng, label)]) for label in labels]
    return np.array(samples, np.float32), labels


common.make_deterministic(1)
train, train_labels = dataset(11, 6000)
test, test_labels = dataset(12, 1000)
model = tf.keras.Sequential([
    tf.keras.layers.Input([24]),
    tf.keras.layers.Dense(20, "relu"),
    tf.keras.layers.Dense(12, "relu"),
    tf.keras.layers.Dense(len(LABELS), "softmax"),
])
common.fit(model, train, train_labels, "sparse_categorical_crossentropy", epochs=25)
# One scale a tensor for the weights: a requantization table costs more than such small layers gain from it.
flatbuffer = common.convert_int8(model, train[:300], per_channel_dense=False)
common.save("vibration_int8", flatbuffer, model, test, test_labels, "accuracy", keep=200, labels=LABELS)
