"""Checkpoints as PyTorch writes them: python scripts/reference/checkpoints.py

Writes to Tests/TorchTests/Golden/: zip.pth (since 1.6) and old.pth (before) with the same state, among it a transposed
tensor, two that share memory, half precision and whole numbers; lightning.ckpt, the state below `state_dict` with a
prefix, beside what a training keeps; hostile.pth, whose pickle would create a file if it were run; and expanded.pth,
one of whose tensors has a value in the file and would be 4 TB in memory. The values are
i / 8 for the i-th element of each tensor of the state, counted row by row.
"""

import collections
import pathlib
import pickle
import zipfile

import torch

folder = pathlib.Path(__file__).parents[2] / "Tests/TorchTests/Golden"


def ramp(*shape):
    return torch.arange(torch.Size(shape).numel(), dtype=torch.float32).reshape(shape) / 8


def state(prefix=""):
    shared = ramp(4, 3)
    return collections.OrderedDict(
        {
            prefix + "conv.weight": ramp(2, 3, 2, 2).to(memory_format=torch.channels_last),
            prefix + "turned": ramp(3, 4).t().contiguous().t(),
            prefix + "shared": shared,
            prefix + "part": shared[:2],
            prefix + "half": ramp(5).half(),
            prefix + "brain": ramp(5).bfloat16(),
            prefix + "double": ramp(2).double(),
            prefix + "parameter": torch.nn.Parameter(ramp(2, 2)),
            prefix + "count": torch.tensor(7),
        }
    )


torch.save(state(), folder / "zip.pth")
torch.save(state(), folder / "old.pth", _use_new_zipfile_serialization=False)
training = {
    "epoch": 3,
    "pytorch-lightning_version": "1.5.0",
    "state_dict": state("model."),
    "optimizer_states": [{"state": {0: {"step": 9, "exp_avg": ramp(2)}}, "param_groups": [{"lr": 1e-3, "params": [0]}]}],
    "lr_schedulers": [],
    "callbacks": {pathlib.PurePosixPath: {"best": pathlib.PurePosixPath("epoch=3.ckpt"), "score": None}},
    "hyper_parameters": {"big": 2**70, "name": "model", "pair": (1, 2.5), "set": {1}, "yes": True},
}
torch.save(training, folder / "lightning.ckpt")
torch.save(training, folder / "old.ckpt", _use_new_zipfile_serialization=False)

torch.save({"weight": ramp(2), "big": torch.zeros(1).expand(10**6, 10**6)}, folder / "expanded.pth")


class Hostile:
    def __reduce__(self):
        return (pathlib.Path.touch, (pathlib.Path("pickle-was-run"),))


with zipfile.ZipFile(folder / "hostile.pth", "w") as archive:
    archive.writestr("archive/data.pkl", pickle.dumps({"state_dict": Hostile()}, protocol=2))
