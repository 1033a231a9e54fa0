"""Compiles the TensorFlow Lite models of a PlatformIO project before it is built.

    [env:board]
    extra_scripts = pre:node_modules/eonc/platformio/eonc.py

Each `models/<name>.tflite` becomes a library, in the folder `.pio/eonc`, that is built where a source includes
`<name>.h`. A model is compiled when it, its options or eonc have changed. Options, all of them optional:

    custom_eonc_models = models                      folder of the models
    custom_eonc_options = --optimize ram             for all models, as for `eonc compile`
    custom_eonc_options_<name> = --input stream      for one model, behind those for all
    custom_eonc_command = npx eonc                   how to run eonc
"""

import hashlib
import inspect
import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

Import("env")  # noqa: F821

# SCons runs scripts without __file__
HERE = Path(inspect.getfile(lambda: None)).resolve().parent
HELP = "Install Node.js 20 or newer, and in this project `npm install eonc`; or set custom_eonc_command."


def fail(message):
    """Ends the build with a message."""
    sys.stderr.write(f"eonc: {message}\n")
    env.Exit(1)  # noqa: F821


def option(name, default):
    """An option of this environment of platformio.ini, as text."""
    value = env.GetProjectOption(f"custom_eonc_{name}", default)  # noqa: F821
    return " ".join(value) if isinstance(value, (list, tuple)) else str(value)


def eonc_command(project):
    """How to run eonc: as the project says, else the one that the project has, that this script comes with, or PATH's."""
    told = option("command", "")
    if told:
        return shlex.split(told)
    installed = shutil.which("eonc", path=str(project / "node_modules" / ".bin"))
    if installed:
        return [installed]
    own = HERE.parent / "dist" / "src" / "cli" / "main.js"
    node = shutil.which("node")
    if own.is_file() and node:
        return [node, str(own)]
    return [shutil.which("eonc") or fail(f"it is not found. {HELP}")]


def run(command, project):
    """Runs a command in the project's folder. Fails when it cannot be started."""
    try:
        return subprocess.run(command, cwd=project, capture_output=True, encoding="utf-8", errors="replace", check=False)
    except OSError as error:
        return fail(f"{command[0]} cannot be run: {error.strerror}. {HELP}")


def compile_model(model, library, command, version, project):
    """Compiles a model to a library, if what shapes it has changed since the last time."""
    arguments = shlex.split(option("options", "")) + shlex.split(option(f"options_{model.stem}", ""))
    shape = {"model": hashlib.sha256(model.read_bytes()).hexdigest(), "options": arguments, "eonc": version}
    stamp = library.with_name(library.name + ".json")
    if (library / "library.json").is_file() and stamp.is_file() and stamp.read_text("utf-8") == json.dumps(shape):
        return
    print(f"Compiling {model.relative_to(project) if project in model.parents else model}")
    stamp.unlink(missing_ok=True)
    done = run([*command, "compile", str(model), "--target", "platformio", "--out", str(library), *arguments], project)
    sys.stderr.write(done.stderr)
    if done.returncode != 0:
        fail(f"{model.name} could not be compiled")
    stamp.write_text(json.dumps(shape), "utf-8")


def remove_others(folder, names):
    """Removes libraries of models that are no more."""
    for path in folder.iterdir():
        if path.is_dir() and path.name not in names:
            shutil.rmtree(path)
            path.with_name(path.name + ".json").unlink(missing_ok=True)


def require_different_names(libraries):
    """Fails when two models gave libraries of one name."""
    names = {}
    for library in libraries:
        name = json.loads((library / "library.json").read_text("utf-8"))["name"]
        if name in names:
            fail(f"{names[name]}.tflite and {library.name}.tflite both give {name}: rename one, or give it a --name")
        names[name] = library.name


def compile_models():
    project = Path(env.subst("$PROJECT_DIR")).resolve()  # noqa: F821
    models = (project / option("models", "models")).resolve()
    if not models.is_dir():
        fail(f"there is no folder {models}: put your .tflite files there, or set custom_eonc_models")
    folder = Path(env.subst("$PROJECT_WORKSPACE_DIR")).resolve() / "eonc" / env.subst("$PIOENV")  # noqa: F821
    folder.mkdir(parents=True, exist_ok=True)
    files = sorted(path for path in models.iterdir() if path.suffix == ".tflite")
    if not files:
        print(f"eonc: there is no .tflite file in {models}")
    remove_others(folder, {path.stem for path in files})
    if files:
        command = eonc_command(project)
        answer = run([*command, "--version"], project)
        if answer.returncode != 0:
            fail(f"{shlex.join(command)} --version fails: {answer.stderr.strip()}\n{HELP}")
        for path in files:
            compile_model(path, folder / path.stem, command, answer.stdout.strip(), project)
        require_different_names([folder / path.stem for path in files])
    env.Append(LIBSOURCE_DIRS=[str(folder)])  # noqa: F821


if not env.IsCleanTarget():  # noqa: F821
    compile_models()
