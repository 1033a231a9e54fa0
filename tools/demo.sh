#!/usr/bin/env bash
# Sets up, compiles a model to a C++ library, builds it with its example for this machine, and runs it.
# Usage: tools/demo.sh [MODEL.tflite [NAME]]
set -euo pipefail
model=$(realpath "${1-"$(dirname "${BASH_SOURCE[0]}")/../models/keyword_cnn2d_int8.tflite"}")
name=${2-keyword}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

tools/setup.sh --minimal
npm run --silent build

output=build/demo
rm -rf "$output"
node dist/src/cli/main.js compile "$model" --target cmake --out "$output/model" --name "$name"
cmake -S "$output/model" -B "$output/build" -DCMAKE_BUILD_TYPE=MinSizeRel >"$output/cmake.log"
cmake --build "$output/build" >>"$output/cmake.log"
"$output/build/example/${name}_example"
echo "The library is in $output/model: its README.md says how to use it."
