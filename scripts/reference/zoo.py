"""Golden numbers of the zoo: python scripts/reference/zoo.py > Tests/ZooTests/Golden/zoo.json

For every architecture, with 1 and 3 channels and weights from formula.py: names and shapes of the state, logits in
evaluation, then one training step without dropout (cross-entropy, batch 4, 64 x 64): loss, the norm of each
gradient, and the norm of each running statistic after it. The step is made in float64: in float32 a rounding that
moves one maximum of a pooling window moves some gradients by 0.4 %, on one machine and not on another.
"""

import json

import timm
import torch
from torch import nn

from formula import fill, pictures

torch.manual_seed(0)


def plain(widths):
    def make(channels, outputs):
        layers = []
        for before, width in zip([channels] + widths, widths):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(widths[-1], 128), nn.ReLU(), nn.Dropout(0.0)]
        network = nn.Module()
        network.features = nn.Sequential(*layers)
        network.classifier = nn.Sequential(*head, nn.Linear(128, outputs))
        network.forward = lambda x: network.classifier(network.features(x))
        return network

    return make


makers = {
    "simple": plain([32, 64, 128]),
    "medium": plain([32, 64, 128, 256]),
    "resnet18": lambda channels, outputs: timm.create_model("resnet18", num_classes=outputs, in_chans=channels),
}


def multiply_adds(network):
    total = 0

    def count(module, inputs, output):
        nonlocal total
        weight = module.weight
        total += weight.numel() // weight.shape[0] * output[0].numel()

    for module in network.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(count)
    with torch.no_grad():
        network.eval()(torch.zeros(1, 1, 224, 224))
    return total


def golden(name, make, channels):
    network = make(channels, 2)
    fill(network.state_dict())
    x = pictures(4, channels, 64)
    with torch.no_grad():
        logits = network.eval()(x)
    network.double().train()
    loss = nn.functional.cross_entropy(network(x.double()), torch.tensor([0, 1, 1, 0]))
    loss.backward()
    state = network.state_dict()
    return {
        "arch": name,
        "channels": channels,
        "names": list(state),
        "shapes": [list(tensor.shape) for tensor in state.values()],
        "logits": logits.flatten().tolist(),
        "loss": loss.item(),
        "gradients": {key: value.grad.norm().item() for key, value in network.named_parameters()},
        "statistics": {key: value.norm().item() for key, value in state.items() if "running" in key},
    }


print(
    json.dumps(
        {
            "source": f"scripts/reference/zoo.py, torch {torch.__version__}, timm {timm.__version__}",
            "catalogue": {
                name: {
                    "parameters": sum(p.numel() for p in make(1, 2).parameters()),
                    "multiplyAdds": multiply_adds(make(1, 2)),
                }
                for name, make in makers.items()
            },
            "networks": [golden(name, make, channels) for name, make in makers.items() for channels in (1, 3)],
        },
        indent=1,
    )
)
