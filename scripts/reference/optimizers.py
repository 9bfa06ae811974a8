"""Golden trajectories: python scripts/reference/optimizers.py > Tests/TorchTests/Golden/optimizers.json

Five steps on the loss sum(a (w - b)^2) of a weight of four dimensions, with another learning rate each step, by
torch.optim with its single-tensor implementation in float32.
"""

import json

import torch

from formula import uniform

RATES = [0.1, 0.05, 0.02, 0.1, 0.01]
O = torch.optim
makers = {
    "adam": lambda p: O.Adam(p, foreach=False),
    "adam-decay": lambda p: O.Adam(p, weight_decay=0.1, betas=(0.8, 0.95), eps=1e-6, foreach=False),
    "adamw": lambda p: O.AdamW(p, weight_decay=0.1, foreach=False),
    "sgd": lambda p: O.SGD(p, lr=1, foreach=False),
    "sgd-momentum": lambda p: O.SGD(p, lr=1, momentum=0.9, weight_decay=0.01, foreach=False),
    "sgd-nesterov": lambda p: O.SGD(p, lr=1, momentum=0.9, nesterov=True, weight_decay=0.01, foreach=False),
}


def trajectory(make):
    weight = uniform((2, 3, 2, 2), 1).requires_grad_()
    target, scale = uniform((2, 3, 2, 2), 2), 1 + uniform((2, 3, 2, 2), 3)
    optimizer = make([weight])
    steps = []
    for rate in RATES:
        for group in optimizer.param_groups:
            group["lr"] = rate
        optimizer.zero_grad()
        (scale * (weight - target) ** 2).sum().backward()
        optimizer.step()
        steps.append(weight.detach().flatten().tolist())
    return steps


print(
    json.dumps(
        {
            "source": f"scripts/reference/optimizers.py, torch {torch.__version__}",
            "rates": RATES,
            "trajectories": {name: trajectory(make) for name, make in makers.items()},
        }
    )
)
