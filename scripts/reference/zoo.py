"""Golden numbers of the zoo: python scripts/reference/zoo.py > Tests/ZooTests/Golden/zoo.json

For every architecture, with 1 and 3 channels and weights from formula.py: logits in evaluation, then one training
step without dropout (cross-entropy, batch 4, 64 x 64): its loss, and for each tensor of the state its name, its
shape, and the norm of its gradient or, for a running statistic, of its value after the step. The step is made in float64: in float32 a rounding that
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


def from_timm(name):
    return lambda channels, outputs: timm.create_model(name, num_classes=outputs, in_chans=channels)


makers = {
    "simple": plain([32, 64, 128]),
    "medium": plain([32, 64, 128, 256]),
    **{name: from_timm(name) for name in ("resnet18", "densenet121")},
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
    gradients = {key: value.grad for key, value in network.named_parameters()}
    rows = []
    for key, value in network.state_dict().items():
        row = {"name": key, "shape": list(value.shape)}
        if "num_batches" not in key:
            row["norm"] = float(f"{gradients.get(key, value).norm().item():.12g}")
        rows.append(json.dumps(row))
    head = {"arch": name, "channels": channels, "logits": logits.flatten().tolist(), "loss": loss.item()}
    return json.dumps(head)[:-1] + ', "state": [\n' + ",\n".join(rows) + "]}"


source = f"scripts/reference/zoo.py, torch {torch.__version__}, timm {timm.__version__}"
catalogue = {
    name: {
        "parameters": sum(p.numel() for p in make(1, 2).parameters()),
        "multiplyAdds": multiply_adds(make(1, 2)),
    }
    for name, make in makers.items()
}
networks = [golden(name, make, channels) for name, make in makers.items() for channels in (1, 3)]
print(f'{{"source": {json.dumps(source)},\n"catalogue": {json.dumps(catalogue)},')
print('"networks": [\n' + ",\n".join(networks) + "]}")
