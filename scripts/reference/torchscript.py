"""Writes Tests/EndToEndTests/Golden/network.pt, a small network as TorchScript, and
Tests/TorchTests/Golden/torchscript.txt, what it gives in PyTorch: its output in evaluation mode, and after a step.
Beside that, tied.pt, where two layers share a parameter, and frozen.pt, where one requires no gradient.
"""

import io
import pathlib
import zipfile

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


def save(network, path):
    """Without what says where the source lay on the machine that wrote it."""
    whole = io.BytesIO()
    torch.jit.save(torch.jit.script(network), whole)
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as archive:
        for entry in source.infolist():
            if not entry.filename.endswith(".debug_pkl"):
                archive.writestr(entry, source.read(entry))


class Chain(nn.Module):
    def __init__(self, tied):
        super().__init__()
        self.first = nn.Linear(3, 3, bias=False)
        if tied:
            self.second = nn.Linear(3, 3, bias=False)
            self.second.weight = self.first.weight
        else:
            self.second = nn.ReLU()
        self.last = nn.Linear(3, 1, bias=False)

    def forward(self, x):
        return self.last(self.second(self.first(x)))


root = pathlib.Path(__file__).resolve().parents[2] / "Tests"
torch.manual_seed(0)
network = Network()
# In the order in which libtorch lists them: parameters, then buffers.
fill(dict(list(network.named_parameters()) + list(network.named_buffers())))
save(network, root / "EndToEndTests/Golden/network.pt")
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
save(Chain(tied=True), root / "TorchTests/Golden/tied.pt")
frozen = Chain(tied=False)
frozen.first.weight.requires_grad_(False)
save(frozen, root / "TorchTests/Golden/frozen.pt")
