"""The SPDX licences, from npm's package spdx-license-ids."""

import json
import os

from platformio.package.manifest import schema


def use_local_licences():
    with open(os.environ["SPDX_LICENSE_IDS"], encoding="utf-8") as file:
        licences = {"licenses": [{"licenseId": licence} for licence in json.load(file)]}
    schema.ManifestSchema.load_spdx_licenses = staticmethod(lambda: licences)
