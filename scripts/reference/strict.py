"""Loads checkpoints that were written here into timm, or into the reference modules, with strict=True:

CXR_WRITE_MODELS=folder swift test … --filter 'A row is what its reference is'
python scripts/reference/strict.py folder
"""

import pathlib
import sys

import torch
from safetensors.torch import load_file

from zoo import miniatures, rows

folder = pathlib.Path(sys.argv[1])
missing = []
for name, row in rows.items():
    if name in miniatures:
        continue
    file = folder / f"{name}.safetensors"
    if not file.exists():
        missing.append(name)
        continue
    with torch.device("meta"):
        network = row.make(1, 2)
    network.load_state_dict(load_file(file), strict=True, assign=True)
    print(f"{name}: {len(network.state_dict())} tensors", flush=True)
if missing:
    sys.exit(f"not there: {', '.join(missing)}")
