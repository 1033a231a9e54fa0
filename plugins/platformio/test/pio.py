"""PlatformIO's command, with the list of SPDX licences from npm's package in place of one that it would fetch."""

import sys

from licences import use_local_licences
from platformio.__main__ import main

use_local_licences()
sys.exit(main(["pio", *sys.argv[1:]]))
