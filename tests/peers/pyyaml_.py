"""Reads the texts of standard input with PyPI `pyyaml`, which speaks YAML 1.1; prints what they hold."""

import json
import os
import sys

sys.path.insert(0, os.environ["TENURE_PEERS"] + "/python")
import yaml  # noqa: E402

json.dump([yaml.safe_load(text) for text in json.load(sys.stdin)], sys.stdout)
