#!/usr/bin/env bash
# Sets up, and runs all tests. Usage: tools/test.sh [ARGUMENT OF npm test ...]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
tools/setup.sh
exec npm test --silent -- "$@"
