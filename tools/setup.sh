#!/usr/bin/env bash
# Installs what is missing to build and test eonc on Debian, given Node.js, Python and root. Quick when nothing is.
# Usage: tools/setup.sh [--minimal]
#   --minimal  only what compiling a model and building it for this machine takes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

minimal_packages=(g++ cmake make)
test_packages=(
  ninja-build clang libclang-rt-dev clang-format lld wasi-libc emscripten chromium
  gcc-arm-none-eabi libnewlib-arm-none-eabi libstdc++-arm-none-eabi-newlib qemu-system-arm
  gcc-riscv64-unknown-elf picolibc-riscv64-unknown-elf qemu-system-misc
  arduino-builder arduino-core-avr gcc-avr avr-libc simavr unzip cppcheck
)
python=build/python
requirements=test/oracle/requirements.txt
platformio=build/platformio
platformio_requirements=plugins/platformio/test/requirements.txt

fail() {
  echo "$*" >&2
  exit 1
}

# Of the packages given, those that are not installed.
missing_packages() {
  local package
  for package in "$@"; do
    dpkg-query --show --showformat='${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed || echo "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    echo "This is no Debian: please have your system's equivalents of these installed: $*"
    return
  fi
  local missing
  mapfile -t missing < <(missing_packages "$@")
  [ ${#missing[@]} -gt 0 ] || return 0
  [ "$(id -u)" -eq 0 ] || fail "Not root. Please have these installed, and try again:" \
    "apt-get install --no-install-recommends ${missing[*]}"
  echo "installing ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  local apt=(apt-get -qq -o DPkg::Lock::Timeout=600 -o Dpkg::Use-Pty=0)
  "${apt[@]}" update
  "${apt[@]}" install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

# Whether node_modules holds the versions of the lock file.
node_modules_match() {
  [ -e node_modules/.package-lock.json ] && node --input-type=commonjs --eval '
    const { packages: wanted } = require("./package-lock.json")
    const { packages: found } = require("./node_modules/.package-lock.json")
    const right = ([path, { optional, version }]) => path === "" || optional || found[path]?.version === version
    process.exit(Object.entries(wanted).every(right) ? 0 : 1)'
}

install_node_modules() {
  command -v npm >/dev/null || fail "npm is missing: eonc needs Node.js 20 or newer"
  node --eval 'process.exit(parseInt(process.versions.node) >= 20 ? 0 : 1)' ||
    fail "This is Node.js $(node --version): eonc needs version 20 or newer"
  node_modules_match && return
  echo "installing the packages of package-lock.json"
  # Without scripts: the only one is the build of eonc itself, which comes later.
  npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
}

# Whether a Python environment holds what a file requires.
has_environment() {
  cmp --silent "$2" "$1/requirements.txt" && "$1/bin/python3" -c ''
}

# Makes a Python environment of its own for what a file requires. Usage: make_environment FOLDER REQUIREMENTS
make_environment() {
  command -v python3 >/dev/null || fail "python3 is missing"
  # Debian's Python comes without what makes environments; others have it.
  python3 -c 'import ensurepip, venv' 2>/dev/null || install_packages python3-venv
  python3 -m venv --clear "$1"
  "$1/bin/python3" -m pip install --quiet --disable-pip-version-check --requirement "$2"
}

# The oracle, TensorFlow Lite Micro's own reference kernels.
install_oracle() {
  has_environment "$python" "$requirements" && return
  echo "installing the oracle into $python"
  make_environment "$python" "$requirements"
  cp "$requirements" "$python/requirements.txt"
}

# A tool of PlatformIO's as it lies once PlatformIO has fetched it. Usage: add_platformio_tool NAME VERSION
add_platformio_tool() {
  local folder=$platformio/core/packages/$1
  mkdir -p "$folder"
  echo "{\"name\": \"$1\", \"version\": \"$2\", \"system\": \"*\"}" >"$folder/package.json"
  echo "{\"type\": \"tool\", \"name\": \"$1\", \"version\": \"$2\"," \
    "\"spec\": {\"owner\": \"platformio\", \"id\": null, \"name\": \"$1\", \"requirements\": null, \"uri\": null}}" \
    >"$folder/.piopm"
}

# PlatformIO with the SCons from PyPI and Debian's cppcheck as its tools, so that it fetches none.
install_platformio() {
  has_environment "$platformio" "$platformio_requirements" && return
  echo "installing PlatformIO into $platformio"
  make_environment "$platformio" "$platformio_requirements"
  add_platformio_tool tool-scons 4.41101.0
  cp "$platformio/bin/scons" "$platformio/core/packages/tool-scons/scons.py"
  add_platformio_tool tool-cppcheck 1.21100.0
  ln -sf "$(command -v cppcheck)" "$platformio/core/packages/tool-cppcheck/cppcheck"
  cp "$platformio_requirements" "$platformio/requirements.txt"
}

case "${1-}" in
--minimal)
  install_packages "${minimal_packages[@]}"
  install_node_modules
  ;;
'')
  install_packages "${minimal_packages[@]}" "${test_packages[@]}"
  install_node_modules
  install_oracle
  install_platformio
  ;;
*) fail "usage: tools/setup.sh [--minimal]" ;;
esac
