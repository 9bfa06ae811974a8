"""The loop of TrainingThroughput in PyTorch with a network of timm: 32 gray pictures a step, channels-last, Adam.

python Benchmarks/training_throughput.py [arch [size [steps]]]
"""

import sys
import time

import timm
import torch


def measure(arch, size, dtype, steps):
    torch.manual_seed(1)
    network = timm.create_model(arch, num_classes=2, in_chans=1).to(memory_format=torch.channels_last)
    optimizer = torch.optim.Adam(network.parameters(), lr=1e-4, fused=True)
    pictures = torch.randn(32, 1, size, size).to(memory_format=torch.channels_last)
    target = torch.arange(32) % 2
    best = float("inf")
    for step in range(2 + steps):
        start = time.perf_counter()
        with torch.autocast("cpu", dtype=dtype, enabled=dtype is not None):
            loss = torch.nn.functional.cross_entropy(network(pictures), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss.item()
        if step >= 2:
            best = min(best, time.perf_counter() - start)
    return 32 / best


arch, size, steps = (sys.argv[1:] + ["resnet18", "224", "8"][len(sys.argv) - 1 :])[:3]
print(f"{arch}, 1x{size}x{size}, threads {torch.get_num_threads()}, best of {steps} steps, torch {torch.__version__}")
for name, dtype in [("float32", None), ("bfloat16", torch.bfloat16)]:
    print(name, round(measure(arch, int(size), dtype, int(steps)), 1), "pictures/s")
