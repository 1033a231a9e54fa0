"""Scores every model on its held-out data with the tflite-micro interpreter.

    python evaluate.py            compare with the expected scores; exit status 1 if one differs
    python evaluate.py --update   write the scores as the expected ones

Needs numpy and tflite-micro, no TensorFlow.
"""

import sys

import numpy as np
from tflite_micro.python.tflite_micro import runtime

import heldout


def evaluate(name):
    """The model's score in the metric of its record, rounded to six digits, and the record."""
    record = heldout.read(name)
    metric = record["expected"]["metric"]
    interpreter = runtime.Interpreter.from_file(str(heldout.model_path(name)))
    outputs = []
    for sample in heldout.decode_samples(record):
        interpreter.set_input(sample[None], 0)
        interpreter.invoke()
        outputs.append(interpreter.get_output(0)[0].copy())
    outputs = np.stack(outputs)
    if metric == "rmse" and outputs.dtype == np.int8:
        parameters = interpreter.get_output_details(0)["quantization_parameters"]
        outputs = heldout.dequantize(outputs, parameters["scales"][0], parameters["zero_points"][0])
    truth = np.array(record["labels" if metric == "accuracy" else "targets"])
    return round(heldout.score(metric, outputs, truth), 6), record


def main():
    update = "--update" in sys.argv[1:]
    differing = 0
    for path in sorted((heldout.MODELS / "heldout").glob("*.json")):
        value, record = evaluate(path.stem)
        expected = record["expected"]
        equal = expected["value"] is not None and abs(value - expected["value"]) < 2e-6
        note = "" if equal else f" (expected was {expected['value']})"
        print(f"{path.stem}: {expected['metric']} {value} on {record['count']} samples{note}")
        if update and not equal:
            heldout.write(path.stem, {**record, "expected": {**expected, "value": value}})
        differing += not equal
    return 1 if differing and not update else 0


if __name__ == "__main__":
    sys.exit(main())
