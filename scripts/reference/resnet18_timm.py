"""Loads a model.safetensors of ours into timm and prints the logits on pictures made by formula.py.

python scripts/reference/resnet18_timm.py model.safetensors [--size 224] [--batch 2]

The golden file of the tests is its output, with --size 96, for the file that `timm reads our checkpoint and agrees`
writes where the environment names a path in CXR_WRITE_MODEL.
"""

import argparse

import timm
import torch
from safetensors.torch import load_file

from formula import pictures

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("weights")
parser.add_argument("--size", type=int, default=224)
parser.add_argument("--batch", type=int, default=2)
options = parser.parse_args()

state = load_file(options.weights)
channels, outputs = state["conv1.weight"].shape[1], state["fc.weight"].shape[0]
network = timm.create_model("resnet18", num_classes=outputs, in_chans=channels)
network.load_state_dict(state, strict=True)
with torch.no_grad():
    for row in network.eval()(pictures(options.batch, channels, options.size)).tolist():
        print(" ".join(f"{value:.6f}" for value in row))
