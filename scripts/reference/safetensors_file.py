"""A small file written by the safetensors library: python scripts/reference/safetensors_file.py

Writes Tests/TorchTests/Golden/python.safetensors (safetensors 0.8.0, torch 2.13).
"""

from pathlib import Path

import torch
from safetensors.torch import save_file

golden = Path(__file__).parents[2] / "Tests" / "TorchTests" / "Golden"
save_file(
    {
        "weight": torch.arange(6, dtype=torch.float32).reshape(2, 3) / 4,
        "half": torch.tensor([1.5, -2.0], dtype=torch.bfloat16),
        "count": torch.tensor(7),
        "mask": torch.tensor([True, False, True]),
        "bytes": torch.tensor([0, 255], dtype=torch.uint8),
        "empty": torch.zeros(0, 3, dtype=torch.float64),
    },
    golden / "python.safetensors",
    metadata={"format": "pt", "note": 'quoted "ü" text'},
)
