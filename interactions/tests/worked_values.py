"""The worked values of policy es-1: what every implementation of the formulas must reproduce."""

import json
from pathlib import Path

VECTORS = json.loads((Path(__file__).parent / "data" / "es_1_vectors.json").read_text())
