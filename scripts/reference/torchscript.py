"""Writes Tests/EndToEndTests/Golden/network.pt, a small network as TorchScript, and
Tests/TorchTests/Golden/torchscript.txt, what it gives in PyTorch: its output in evaluation mode, and after a step.
"""

import pathlib

import torch
from torch import nn

from formula import fill, uniform


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Conv2d(1, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.drop = nn.Dropout(0.25)
        self.last = nn.Linear(4, 1)

    def forward(self, x):
        x = torch.relu(self.norm(self.first(x)))
        return self.last(self.drop(x.mean((2, 3))))


root = pathlib.Path(__file__).resolve().parents[2] / "Tests"
torch.manual_seed(0)
network = Network()
# In the order in which libtorch lists them: parameters, then buffers.
fill(dict(list(network.named_parameters()) + list(network.named_buffers())))
torch.jit.script(network).save(str(root / "EndToEndTests/Golden/network.pt"))
pictures = 4 * uniform((4, 1, 8, 8), 4000)
with torch.no_grad():
    evaluated = network.eval()(pictures).flatten().tolist()
# Dropout draws otherwise than here; without it training is the same.
network.drop.p = 0.0
network.train()(pictures).square().mean().backward()
norms = [p.grad.norm().item() for p in network.parameters()]
lines = [
    f"# scripts/reference/torchscript.py, torch {torch.__version__}",
    " ".join(f"{v:.7g}" for v in evaluated),
    " ".join(f"{v:.7g}" for v in network.norm.running_mean.tolist()),
]
(root / "TorchTests/Golden/torchscript.txt").write_text("\n".join(lines) + "\n")
