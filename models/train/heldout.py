"""Held-out data on disk: `heldout/<name>.json`, shared by training (TensorFlow) and evaluation (tflite-micro).

Only numpy is imported here, so that the evaluation runs in an environment without TensorFlow.
"""

import base64
import json
import re
import textwrap
from pathlib import Path

import numpy as np

MODELS = Path(__file__).resolve().parent.parent


def heldout_path(name):
    return MODELS / "heldout" / f"{name}.json"


def model_path(name):
    return MODELS / f"{name}.tflite"


def quantize(values, scale, zero_point):
    """Real values -> int8, rounding half to even and saturating."""
    return np.clip(np.round(values / scale) + zero_point, -128, 127).astype(np.int8)


def dequantize(values, scale, zero_point):
    return (values.astype(np.float32) - zero_point) * np.float32(scale)


def score(metric, outputs, truth):
    """Accuracy as a fraction (a tie goes to the lower index), or the root mean square error in the unit of the targets.

    outputs: [count, classes] for accuracy, quantized or real; [count, 1] real values for rmse.
    """
    if metric == "accuracy":
        return float(np.mean(np.argmax(outputs, axis=1) == truth))
    return float(np.sqrt(np.mean((outputs[:, 0].astype(np.float64) - truth) ** 2)))


def encode_samples(inputs):
    """Little-endian bytes of all samples, one after the other, as base64."""
    return base64.b64encode(inputs.astype(inputs.dtype.newbyteorder("<")).tobytes()).decode()


def decode_samples(record):
    dtype = np.dtype(record["inputType"]).newbyteorder("<")
    return np.frombuffer(base64.b64decode(record["input"]), dtype).reshape([record["count"], *record["inputShape"]])


def write(name, record):
    """Writes the record the way the repository's formatter would: lists of numbers filled to 120 columns."""

    def fill(match):
        numbers = " ".join(match.group(2).split())
        if len(match.group(1)) + len(numbers) + 3 <= 120:
            return f"{match.group(1)}[{numbers}]"
        lines = textwrap.fill(numbers, 120, initial_indent="    ", subsequent_indent="    ")
        return f"{match.group(1)}[\n{lines}\n  ]"

    text = re.sub(r'(?m)^(  "\w+": )\[([^\]"]*)\]', fill, json.dumps(record, indent=2))
    heldout_path(name).parent.mkdir(exist_ok=True)
    heldout_path(name).write_text(text + "\n")


def read(name):
    return json.loads(heldout_path(name).read_text())
