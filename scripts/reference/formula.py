"""Numbers that Python and Swift make alike: an integer hash of tensor number and element number.

`fill(state)` overwrites the tensors of a state dict in its order. With u in [-0.5, 0.5) from the hash:
weights of two or more dimensions are u * 2 * sqrt(6 / fan_in) (He's uniform), scales 1 + 0.2 u, biases and
running means 0.2 u, running variances 1 + 0.5 u; whole numbers are left alone. The matrices of LeViT
(`….linear.weight`) are half of that: in evaluation its batch normalisation does not calm what its attention
doubles, and logits in the millions would say nothing about float32.
"""

import numpy as np
import torch


def uniform(shape, number):
    """Float32 in [-0.5, 0.5) for tensor `number`."""
    i = np.arange(int(np.prod(shape)), dtype=np.uint64) + np.uint64(1 + 1000003 * number)
    mask = np.uint64(0xFFFFFFFF)
    x = (i * np.uint64(2654435761)) & mask
    x ^= x >> np.uint64(16)
    x = (x * np.uint64(2246822519)) & mask
    x ^= x >> np.uint64(13)
    x = (x * np.uint64(3266489917)) & mask
    x ^= x >> np.uint64(16)
    return torch.from_numpy((x.astype(np.float64) / 2.0**32 - 0.5).reshape(shape)).float()


def pictures(batch, channels, size):
    return 4 * uniform((batch, channels, size, size), 4000)


def fill(state):
    for number, (name, tensor) in enumerate(state.items()):
        if not tensor.is_floating_point():
            continue
        u = uniform(tuple(tensor.shape), number)
        if tensor.dim() > 1:
            u *= np.float32(2 * np.sqrt(6 / (tensor.numel() / tensor.shape[0])))
            if tensor.dim() == 2 and name.endswith(".linear.weight"):
                u *= 0.5
        elif name.endswith("running_var"):
            u = 1 + 0.5 * u
        elif name.endswith("weight"):
            u = 1 + 0.2 * u
        else:
            u *= 0.2
        with torch.no_grad():
            tensor.copy_(u)
