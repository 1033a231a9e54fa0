"""Checks manifests of libraries by PlatformIO's own schema; prints each as PlatformIO understands it. Usage: FILE..."""

import json
import sys

from licences import use_local_licences
from platformio.package.manifest.parser import ManifestParserFactory
from platformio.package.manifest.schema import ManifestSchema

use_local_licences()
for path in sys.argv[1:]:
    print(json.dumps(ManifestSchema().load_manifest(ManifestParserFactory.new_from_file(path).as_dict())))
