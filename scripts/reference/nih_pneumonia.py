"""The training of experiments/nih-pneumonia.yaml as a plain PyTorch script.

Reads the same pictures and the same split file and prints the test AUROC of each architecture,
seed by seed and averaged, to be held against the table of `cxr-pipeline compare`:

    python3 scripts/reference/nih_pneumonia.py --root ../shared/data/nih-pneumonia \\
        --split runs/nih-pneumonia/<experiment>/split.csv

Needs torch, timm, pillow, pandas and scikit-learn. It draws its own initial weights and its own
order of pictures: equal results are equal in distribution, not bit by bit.
"""

import argparse
import statistics
import time

import numpy as np
import pandas as pd
import timm
import torch
from PIL import Image
from sklearn.metrics import roc_auc_score
from torch import nn


def plain(widths, hidden, dropout):
    layers, channels = [], 1
    for width in widths:
        layers += [nn.Conv2d(channels, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(),
                   nn.MaxPool2d(2)]
        channels = width
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(),
                         nn.Linear(channels, hidden), nn.ReLU(), nn.Dropout(dropout),
                         nn.Linear(hidden, 1))


def build(arch):
    if arch == "simple":
        return plain([32, 64, 128], 128, 0.5)
    if arch == "medium":
        return plain([32, 64, 128, 256], 128, 0.4)
    return timm.create_model(arch, num_classes=1, in_chans=1)


def load(root, names, size):
    pictures = np.empty((len(names), 1, size, size), np.float32)
    for index, name in enumerate(names):
        path = f"{root}/images/{name.rsplit('.', 1)[0]}.jpg"
        picture = Image.open(path).convert("L").resize((size, size), Image.BILINEAR)
        pictures[index, 0] = (np.asarray(picture, np.float32) / 255 - 0.5) / 0.5
    return torch.from_numpy(pictures)


def scores(model, pictures, batch):
    model.eval()
    with torch.no_grad():
        return torch.cat([torch.sigmoid(model(p)) for p in pictures.split(batch)])[:, 0].numpy()


def train(arch, seed, data, options):
    torch.manual_seed(seed)
    model = build(arch).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(model.parameters(), lr=options.lr)
    schedule = torch.optim.lr_scheduler.StepLR(optimizer, options.step, options.gamma)
    x, y = data["train"]
    positive = float(y.mean())
    weights = torch.tensor([0.5 / (1 - positive), 0.5 / positive])
    best, test = -1.0, None
    for _ in range(options.epochs):
        model.train()
        for index in torch.randperm(len(x)).split(options.batch):
            target = y[index, None]
            weight = weights[target.long()]
            loss = nn.functional.binary_cross_entropy_with_logits(
                model(x[index]), target, weight=weight, reduction="sum") / weight.sum()
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
        valid = roc_auc_score(data["valid"][1], scores(model, data["valid"][0], options.batch))
        if valid > best:
            best = valid
            test = roc_auc_score(data["test"][1], scores(model, data["test"][0], options.batch))
    return test


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", required=True)
    parser.add_argument("--split", required=True)
    parser.add_argument("--finding", default="Pneumonia")
    parser.add_argument("--archs", default="simple,medium,resnet18")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--lr", type=float, default=3e-4)
    parser.add_argument("--step", type=int, default=8)
    parser.add_argument("--gamma", type=float, default=0.1)
    options = parser.parse_args()

    table = pd.read_csv(f"{options.root}/Data_Entry_2017_v2020.csv", index_col=False)
    label = {name: float(options.finding in findings.split("|")) for name, findings in
             zip(table["Image Index"], table["Finding Labels"])}
    split = pd.read_csv(options.split)
    data = {}
    for subset in ("train", "valid", "test"):
        names = list(split[split["subset"] == subset]["image"])
        data[subset] = (load(options.root, names, options.size),
                        torch.tensor([label[name] for name in names]))
    for arch in options.archs.split(","):
        found = []
        for seed in range(options.seeds):
            start = time.time()
            found.append(train(arch, seed, data, options))
            print(f"{arch} seed {seed}: test AUROC {found[-1]:.4f} ({time.time() - start:.0f} s)",
                  flush=True)
        print(f"{arch}: mean {statistics.mean(found):.4f}", flush=True)


if __name__ == "__main__":
    main()
