"""Loads the network of an experiment into timm and compares its scores with predictions.csv.

    python3 scripts/reference/experiment_timm.py runs/<name>/<experiment> --root <data set>

The checkpoint must load with strict=True, and the logits of every picture of valid and test agree to
1e-4 where the experiment was trained with `precision: float32`. Prints the largest difference.
"""

import argparse
import json

import numpy as np
import pandas as pd
import timm
import torch
from PIL import Image
from safetensors import safe_open
from safetensors.torch import load_file

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("experiment")
parser.add_argument("--root", required=True)
options = parser.parse_args()

path = f"{options.experiment}/model.safetensors"
state = load_file(path)
metadata = safe_open(path, "pt").metadata()
findings = json.loads(metadata["findings"])
size = int(metadata["size"])
network = timm.create_model(metadata["arch"], num_classes=len(findings),
                            in_chans=int(metadata["channels"]))
network.load_state_dict(state, strict=True)
network.eval()

table = pd.read_csv(f"{options.experiment}/predictions.csv")
largest = 0.0
with torch.no_grad():
    for _, row in table.iterrows():
        picture = Image.open(f"{options.root}/images/{row['image'].rsplit('.', 1)[0]}.jpg")
        picture = picture.convert("L").resize((size, size), Image.BILINEAR)
        x = torch.from_numpy((np.asarray(picture, np.float32) / 255 - 0.5) / 0.5)
        logits = network(x.expand(1, int(metadata["channels"]), *x.shape)).numpy()[0]
        ours = row[findings].to_numpy(np.float64)
        largest = max(largest, np.abs(np.log(ours / (1 - ours)) - logits).max())
print(f"{len(table)} pictures, largest difference of a logit {largest:.2e}")
