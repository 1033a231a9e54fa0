"""What every training script does: fix the seeds, fit, convert, check the operators, score, and save.

Import this module before anything that imports TensorFlow: it sets variables that TensorFlow reads once.
"""

import os
import warnings

os.environ["CUDA_VISIBLE_DEVICES"] = ""
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
# oneDNN picks its kernels, and with them the order of float additions, by the CPU that it finds.
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"

import numpy as np
import tensorflow as tf
from tensorflow.lite.python import schema_py_generated as schema

import heldout

# The successor of the interpreter used here is another package, and the final word is tflite-micro's in any case.
warnings.filterwarnings("ignore", message=r"\s*Warning: tf.lite.Interpreter is deprecated")

ALLOWED_OPERATORS = set(
    """CONV_2D DEPTHWISE_CONV_2D FULLY_CONNECTED ADD SUB MUL AVERAGE_POOL_2D MAX_POOL_2D MEAN PAD PADV2 RESHAPE SQUEEZE
    EXPAND_DIMS SOFTMAX LOGISTIC TANH RELU RELU6 LEAKY_RELU CONCATENATION QUANTIZE DEQUANTIZE""".split()
)
MAX_BYTES = 100_000


def make_deterministic(seed):
    """Same data, same initial weights, same order of additions: a second run gives the same file."""
    tf.keras.utils.set_random_seed(seed)
    tf.config.experimental.enable_op_determinism()
    # How a sum is split depends on the number of threads.
    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def fit(model, inputs, targets, loss, epochs, batch_size=32, peak=3e-3):
    """Adam with a cosine decay to zero: no schedule to tune, and the last epoch is the best one."""
    steps = epochs * -(-len(inputs) // batch_size)
    rate = tf.keras.optimizers.schedules.CosineDecay(peak, steps)
    model.compile(tf.keras.optimizers.Adam(rate), loss)
    model.fit(inputs, targets, batch_size, epochs, verbose=2)


def converter_for(model):
    """A converter of the model at batch 1: with a fixed batch no SHAPE, STRIDED_SLICE or PACK is left in the file."""
    single = tf.keras.layers.Input(batch_shape=[1, *model.input_shape[1:]], name="input")
    return tf.lite.TFLiteConverter.from_keras_model(tf.keras.Model(single, model(single, training=False)))


def convert_float32(model):
    return converter_for(model).convert()


def convert_int8(model, calibration, per_channel_dense=True):
    """Full int8, input and output included. `calibration` are samples whose range sets the activations' scales."""
    converter = converter_for(model)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    converter.representative_dataset = lambda: ([sample[None]] for sample in calibration)
    converter.target_spec.supported_ops = [tf.lite.OpsSet.TFLITE_BUILTINS_INT8]
    converter.inference_input_type = converter.inference_output_type = tf.int8
    converter._experimental_disable_per_channel_quantization_for_dense_layers = not per_channel_dense
    return converter.convert()


def operators(flatbuffer):
    """Names of the operators of the only subgraph, in order of execution."""
    model = schema.Model.GetRootAs(flatbuffer)
    names = {code: name for name, code in vars(schema.BuiltinOperator).items() if isinstance(code, int)}
    codes = [model.OperatorCodes(i) for i in range(model.OperatorCodesLength())]
    graph = model.Subgraphs(0)
    used = [codes[graph.Operators(i).OpcodeIndex()] for i in range(graph.OperatorsLength())]
    return [names[max(code.BuiltinCode(), code.DeprecatedBuiltinCode())] for code in used]


def run(flatbuffer, inputs):
    """Outputs for real inputs, through TensorFlow Lite's reference kernels. Returns (samples as stored, outputs)."""
    kernels = tf.lite.experimental.OpResolverType.BUILTIN_REF
    interpreter = tf.lite.Interpreter(model_content=flatbuffer, experimental_op_resolver_type=kernels)
    interpreter.allocate_tensors()
    source, sink = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
    if source["dtype"] == np.int8:
        inputs = heldout.quantize(inputs, *source["quantization"])
    outputs = []
    for sample in inputs:
        interpreter.set_tensor(source["index"], sample[None])
        interpreter.invoke()
        outputs.append(interpreter.get_tensor(sink["index"])[0])
    outputs = np.stack(outputs)
    return inputs, heldout.dequantize(outputs, *sink["quantization"]) if sink["dtype"] == np.int8 else outputs


def save(name, flatbuffer, model, inputs, truth, metric, keep, labels=None):
    """Checks and writes the flatbuffer, prints its score beside that of the Keras model that it came from, on all of
    `inputs`, and keeps the first `keep` of them as held-out data.

    truth: class indices for 'accuracy', real targets for 'rmse'.
    The expected score is left open here: evaluate.py fills it in with the tflite-micro interpreter.
    """
    used = operators(flatbuffer)
    foreign = set(used) - ALLOWED_OPERATORS
    if foreign or len(flatbuffer) > MAX_BYTES:
        raise SystemExit(f"{name}: {len(flatbuffer)} bytes, operators outside the list: {sorted(foreign)}")
    stored, outputs = run(flatbuffer, inputs)
    before, after = (heldout.score(metric, y, truth) for y in (model.predict(inputs, verbose=0), outputs))
    print(f"{name}: {metric} {after:.4f} (Keras model {before:.4f}) on {len(inputs)} held-out samples")
    print(f"  {len(flatbuffer)} bytes: {' '.join(used)}")
    heldout.model_path(name).write_bytes(flatbuffer)
    answers = {"labels": truth[:keep].tolist()} if metric == "accuracy" else {"targets": truth[:keep].round(4).tolist()}
    heldout.write(name, {
        "model": f"{name}.tflite",
        "count": keep,
        "inputType": str(stored.dtype),
        "inputShape": list(stored.shape[1:]),
        "input": heldout.encode_samples(stored[:keep]),
        **answers,
        "expected": {"metric": metric, "value": None},
    })
    if labels:
        path = heldout.MODELS / "labels" / f"{name}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text("\n".join(labels) + "\n")
