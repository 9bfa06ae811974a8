"""Writes Tests/CatalogueTests/Golden/weights.tsv, what timm says of the weights in the catalogue: name, mean and deviation
of the pixels that they were trained on, and the side of the pictures.
"""

import pathlib
import re

import timm
from timm.models import get_pretrained_cfg

root = pathlib.Path(__file__).resolve().parents[2]
source = (root / "Sources/Catalogue/Architectures.swift").read_text()
lines = [f"# scripts/reference/catalogue.py, timm {timm.__version__}"]
for name, rest in re.findall(r'Architecture\(\s*"([^"]+)", \.(.*?)\),\n', source, re.S):
    tags = re.search(r"tags: \[(.*?)\]", rest, re.S)
    for tag in re.findall(r'"([^"]+)"', tags.group(1)) if tags else []:
        cfg = get_pretrained_cfg(f"{name}.{tag}", allow_unregistered=False)
        pixels = [" ".join(map(str, values)) for values in (cfg.mean, cfg.std)]
        lines.append("\t".join([name, tag, *pixels, str(cfg.input_size[-1])]))
(root / "Tests/CatalogueTests/Golden").mkdir(exist_ok=True)
(root / "Tests/CatalogueTests/Golden/weights.tsv").write_text("\n".join(lines) + "\n")
