"""Runs TensorFlow Lite models through TensorFlow Lite Micro's reference kernels, many in one call.

Usage: oracle.py [REQUEST.json]   (without an argument the request is read from standard input)

The request is one JSON object, the answer is one JSON object on standard output:

    {"jobs": [{"model": "a.tflite", "vectors": 2, "input": "a.in", "output": "a.out"}, ...]}
    {"results": [{"status": "ok", "inputs": [TENSOR, ...], "outputs": [TENSOR, ...]}, ...]}

A job's fields:
    model    path of the .tflite file
    vectors  how many inferences to run, one after the other on one interpreter; state persists between them
    input    path of a file with the input tensors of all vectors: vector after vector, within a vector tensor
             after tensor in the model's order, each as raw little-endian elements. Not needed for 0 vectors
    output   path of the file to write, laid out like the input. Not needed for 0 vectors
    reset    true: state is reset before every vector (default false)
    arena    bytes of the tensor arena (default: ample for the file's size)
    seconds  time limit (default 60)

A result is one of:
    {"status": "ok", "inputs": [...], "outputs": [...]}, a tensor being {"shape", "type", "scales", "zero_points"},
        a scale that is no finite number being null
    {"status": "refused", "stage": "load" | "invoke", "message": ...}    the interpreter reported an error
    {"status": "aborted", "signal": "SIGABRT", "message": ...}           it died; SIGALRM means out of time
    {"status": "misused", "message": ...}                                the job itself is wrong

The interpreter may abort the process it runs in, so every job runs in a fork of this one, which has imported the
interpreter already. What it writes to standard error is the message.
"""

import json
import math
import os
import resource
import signal
import sys
import tempfile

# One thread a process: the forks are short, and a thread pool would not survive them.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from tflite_micro import runtime

DEFAULT_SECONDS = 60
MEMORY_LIMIT = 4 << 30
MESSAGE_LINES = 12


class Misuse(Exception):
    """The job does not fit the model: a mistake of whoever asked, not a verdict of the interpreter."""


class Refusal(Exception):
    """The interpreter reported an error in `stage`."""

    def __init__(self, stage, error):
        super().__init__(f"{type(error).__name__}: {error}")
        self.stage = stage


def main():
    with open(sys.argv[1], encoding="utf-8") if len(sys.argv) > 1 else sys.stdin as file:
        request = json.load(file)
    json.dump({"results": [run_apart(job) for job in request["jobs"]]}, sys.stdout)
    sys.stdout.write("\n")


def run_apart(job):
    """Runs one job in a fork and returns its result, whatever becomes of the fork."""
    with tempfile.TemporaryFile(buffering=0) as log:
        answer_end, child_end = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(answer_end)
            run_as_child(job, child_end, log.fileno())
        os.close(child_end)
        with os.fdopen(answer_end, "rb") as answer:
            written = answer.read()
        status = os.waitpid(child, 0)[1]
        log.seek(0)
        message = last_lines(log.read().decode("utf-8", "replace"))
    if os.WIFSIGNALED(status):
        return {"status": "aborted", "signal": signal.Signals(os.WTERMSIG(status)).name, "message": message}
    if not written:
        return {"status": "aborted", "signal": f"exit {os.waitstatus_to_exitcode(status)}", "message": message}
    result = json.loads(written)
    if result["status"] == "refused":
        result["message"] = last_lines(message + "\n" + result["message"])
    return result


def run_as_child(job, answer, log):
    """Runs one job and leaves the process; the result goes to the descriptor `answer`."""
    os.dup2(log, sys.stderr.fileno())
    os.dup2(log, sys.stdout.fileno())  # The answer alone may go to the parent's standard output.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, MEMORY_LIMIT))
    signal.alarm(int(job.get("seconds", DEFAULT_SECONDS)))
    try:
        result = run(job, log)
    except Refusal as refusal:
        result = {"status": "refused", "stage": refusal.stage, "message": str(refusal)}
    except Exception as error:
        result = {"status": "misused", "message": f"{type(error).__name__}: {error}"}
    data = json.dumps(result).encode("utf-8")
    while data:
        data = data[os.write(answer, data) :]
    os._exit(0)


def run(job, log):
    with open(job["model"], "rb") as file:
        model = file.read()
    arena = int(job.get("arena", 4 * len(model) + (16 << 20)))
    try:
        interpreter = runtime.Interpreter.from_bytes(model, arena_size=arena)
    except Exception as error:
        raise Refusal("load", error) from error
    inputs = details(interpreter.get_input_details)
    outputs = details(interpreter.get_output_details)
    # The probing above leaves complaints about indices past the end, which are no news of the model.
    os.ftruncate(log, 0)
    os.lseek(log, 0, os.SEEK_SET)

    if job["vectors"] > 0:
        vectors = read_vectors(job, inputs)
        with open(job["output"], "wb") as file:
            for vector in vectors:
                for data in infer(interpreter, vector, len(outputs), job.get("reset", False)):
                    file.write(data)
    return {"status": "ok", "inputs": [describe(i) for i in inputs], "outputs": [describe(o) for o in outputs]}


def details(of_index):
    """Details of all input or output tensors: the interpreter tells their number only by refusing the next index."""
    found = []
    while True:
        try:
            found.append(of_index(len(found)))
        except IndexError:
            return found


def read_vectors(job, inputs):
    """The job's vectors, each as a list of arrays in the shapes and types of the model's inputs."""
    with open(job["input"], "rb") as file:
        data = file.read()
    sizes = [int(np.prod(i["shape"], dtype=np.int64)) * np.dtype(i["dtype"]).itemsize for i in inputs]
    if len(data) != job["vectors"] * sum(sizes):
        raise Misuse(f"{job['vectors']} vectors of {sum(sizes)} bytes expected, {len(data)} bytes found")
    vectors, at = [], 0
    for _ in range(job["vectors"]):
        vector = []
        for tensor, size in zip(inputs, sizes):
            vector.append(np.frombuffer(data[at : at + size], tensor["dtype"]).reshape(tensor["shape"]))
            at += size
        vectors.append(vector)
    return vectors


def infer(interpreter, vector, output_count, reset):
    """One inference: the bytes of every output."""
    try:
        if reset:
            interpreter.reset()
        for index, data in enumerate(vector):
            interpreter.set_input(data, index)
        interpreter.invoke()
        return [interpreter.get_output(index).tobytes() for index in range(output_count)]
    except Exception as error:
        raise Refusal("invoke", error) from error


def describe(tensor):
    quantization = tensor["quantization_parameters"]
    return {
        "shape": [int(size) for size in tensor["shape"]],
        "type": np.dtype(tensor["dtype"]).name,
        "scales": [float(scale) if math.isfinite(scale) else None for scale in quantization["scales"]],
        "zero_points": [int(zero_point) for zero_point in quantization["zero_points"]],
    }


def last_lines(text):
    return "\n".join([line for line in text.splitlines() if line.strip()][-MESSAGE_LINES:])


if __name__ == "__main__":
    main()
