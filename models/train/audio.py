"""Synthetic speech: eight words from a small formant synthesizer, beside silence and words outside the list.

A voice is a pulse train and noise, both shaped by the moving resonances (formants) of a vocal tract. Speaker, speed,
loudness, position in the clip and background differ from clip to clip.
"""

import numpy as np

RATE, CLIP = 8000, 8000  # One second.
FRAME, HOP = 256, 160  # The features' window and step: 32 ms and 20 ms.
BANDS, FRAMES = 24, (CLIP - FRAME) // HOP + 1

# Per phone: three formants in Hz, level of the voice, level of the noise, centre of the noise in Hz, length in ms.
PHONES = {
    "a": (750, 1200, 2500, 1.0, 0.0, 2000, 130),
    "e": (560, 1800, 2500, 1.0, 0.0, 2000, 120),
    "i": (300, 2250, 2950, 0.8, 0.0, 2000, 100),
    "o": (480, 900, 2450, 1.0, 0.0, 2000, 120),
    "u": (320, 850, 2300, 0.8, 0.0, 2000, 100),
    "A": (640, 1250, 2450, 1.0, 0.0, 2000, 110),
    "n": (280, 1500, 2400, 0.4, 0.0, 2000, 80),
    "m": (260, 1050, 2200, 0.4, 0.0, 2000, 80),
    "l": (360, 1150, 2700, 0.6, 0.0, 2000, 70),
    "r": (370, 1250, 1650, 0.6, 0.0, 2000, 70),
    "s": (300, 1700, 2600, 0.0, 0.5, 3600, 130),
    "f": (300, 1300, 2400, 0.0, 0.2, 2400, 90),
    "t": (300, 1800, 2600, 0.0, 0.6, 3200, 30),
    "p": (300, 900, 2300, 0.0, 0.5, 900, 30),
    "k": (300, 1700, 2200, 0.0, 0.6, 1900, 35),
    "d": (280, 1750, 2600, 0.3, 0.4, 2900, 30),
    "g": (280, 1600, 2200, 0.3, 0.4, 1700, 35),
    ".": (300, 1500, 2500, 0.0, 0.0, 2000, 60),
}
WORDS = {
    "yes": "ies",
    "no": "nou",
    "up": "A.p",
    "down": "daun",
    "left": "lef.t",
    "right": "rai.t",
    "stop": "s.ta.p",
    "go": "gou",
}
LABELS = ["silence", "unknown", *WORDS]


def synthesize(rng, phones):
    """Speech of one random speaker, at most CLIP samples."""
    step, size = 64, 256
    tract, tempo = rng.uniform(0.88, 1.16), rng.uniform(0.75, 1.25)
    targets = np.array([PHONES[phone] for phone in phones])
    lengths = targets[:, 6] * tempo * rng.uniform(0.8, 1.25, len(phones)) * RATE / 1000 / step
    track = np.repeat(targets[:, :6], np.maximum(1, np.round(lengths)).astype(int), axis=0)[: (CLIP - size) // step]
    # The tract glides from one phone to the next in about 40 ms, and closes at both ends.
    padded = np.concatenate([track[:1]] * 2 + [track] + [track[-1:]] * 2)
    track = np.mean([padded[i : i + len(track)] for i in range(5)], axis=0)
    track[:, 3:5] *= np.minimum(1, np.minimum(np.arange(1, len(track) + 1), np.arange(len(track), 0, -1)) / 3)[:, None]
    formants = track[:, :3] * tract * rng.normal(1, 0.03, (1, 3))

    length = len(track) * step + size
    pitch = rng.uniform(90, 250) * np.linspace(1, rng.uniform(0.75, 1.1), length)
    phase = np.cumsum(pitch / RATE)
    pulses = (np.diff(np.floor(phase), prepend=0) > 0) * np.sqrt(RATE / pitch)
    starts = np.arange(len(track))[:, None] * step + np.arange(size)
    window = np.hanning(size)
    frequency = np.fft.rfftfreq(size, 1 / RATE)
    width = np.array([90, 120, 180])
    gain = np.array([1.0, 0.6, 0.3])
    resonance = gain[:, None] / (1 + ((frequency - formants[:, :, None]) / width[:, None]) ** 2)
    hiss = np.exp(-(((frequency - track[:, 5:6]) / 700) ** 2))
    spectrum = np.fft.rfft(pulses[starts] * window) * resonance.sum(axis=1) * track[:, 3:4]
    spectrum += np.fft.rfft(rng.normal(0, 0.5, length)[starts] * window) * hiss * track[:, 4:5]
    speech = np.zeros(length)
    np.add.at(speech, starts, np.fft.irfft(spectrum, size) * window)
    return speech[:CLIP]


def background(rng):
    """Noise of unit level: white to brown, sometimes with the hum of a machine."""
    spectrum = np.fft.rfft(rng.normal(size=CLIP))
    spectrum *= np.maximum(np.arange(len(spectrum)), 20) ** -rng.uniform(0, 1)
    noise = np.fft.irfft(spectrum, CLIP)
    noise /= noise.std()
    if rng.uniform() < 0.3:
        noise += rng.uniform(0.3, 1) * np.sin(2 * np.pi * rng.uniform(80, 600) * np.arange(CLIP) / RATE)
    return noise


def other_word(rng):
    """Two to five phones that are not one of the words."""
    while True:
        word = "".join(rng.choice(list(PHONES), rng.integers(2, 6)))
        if word not in WORDS.values() and set(word) & set("aeiouA"):
            return word


def clip(rng, label):
    """One second of sound; speech where the label asks for it, -5 to 20 dB above the background."""
    sound = background(rng)
    if label > 0:
        speech = synthesize(rng, other_word(rng) if label == 1 else WORDS[LABELS[label]])
        start = rng.integers(0, CLIP - len(speech) + 1)
        speech *= 10 ** (rng.uniform(-5, 20) / 20) / speech.std()
        sound[start : start + len(speech)] += speech
    return sound * 10 ** rng.uniform(-2.5, -1.5)


def mel_filters():
    """[FRAME / 2 + 1, BANDS] triangles, evenly spaced on the mel scale from 80 Hz to 4 kHz."""
    mel = np.linspace(2595 * np.log10(1 + 80 / 700), 2595 * np.log10(1 + 4000 / 700), BANDS + 2)
    centre = 700 * (10 ** (mel / 2595) - 1)
    frequency = np.fft.rfftfreq(FRAME, 1 / RATE)[:, None]
    rise = (frequency - centre[:-2]) / (centre[1:-1] - centre[:-2])
    fall = (centre[2:] - frequency) / (centre[2:] - centre[1:-1])
    return np.maximum(0, np.minimum(rise, fall))


MEL = mel_filters()
COSINES = np.cos(np.pi / BANDS * np.outer(np.arange(BANDS) + 0.5, np.arange(13))) * np.sqrt(2 / BANDS)


def log_mel(sound):
    """[FRAMES, BANDS] log10 of the energy in each band, less the clip's mean: loudness does not matter."""
    frames = sound[np.arange(FRAMES)[:, None] * HOP + np.arange(FRAME)] * np.hanning(FRAME)
    energy = np.log10(np.abs(np.fft.rfft(frames)) ** 2 @ MEL + 1e-6)
    return energy - energy.mean()


def mfcc(sound):
    """[FRAMES, 13] mel-frequency cepstral coefficients: the cosine transform of the log energies."""
    return log_mel(sound) @ COSINES


def dataset(seed, count, features):
    rng = np.random.default_rng(seed)
    labels = rng.integers(len(LABELS), size=count)
    return np.array([features(clip(rng, label)) for label in labels], np.float32), labels
