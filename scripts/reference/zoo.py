"""Golden numbers of the zoo: python scripts/reference/zoo.py [names] > Tests/ZooTests/Golden/zoo.json

For every architecture, and for miniatures of the large families, with weights from formula.py: logits in evaluation
with 1 and with 3 channels, then, with 1 channel, one training step without dropout and stochastic depth (cross-entropy):
its loss, and for each tensor of the state, in order, the norm of its gradient or, for a running statistic, of its value
after the step. Names and shapes at the default size are one hash. All of it is computed in float64: in float32 a
rounding that moves one maximum of a pooling window moves some gradients by 0.4 %, on one machine and not on another.

With names only these are made; the lines of the others are taken from the file that is there.
"""

import json
import pathlib
import sys

import timm
import torch
from timm.models import beit, convnext, efficientformer, levit, mlp_mixer, resnet, swin_transformer, vgg
from timm.models.vision_transformer import VisionTransformer
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from formula import fill, pictures
from fractalnet import FractalNet

torch.manual_seed(0)
torch.set_num_threads(1)
# One product of matrices after the other, so that they can be counted.
timm.layers.set_fused_attn(False)


def plain(widths, hidden):
    def make(channels, outputs):
        layers = []
        for before, width in zip([channels] + widths, widths):
            layers += [nn.Conv2d(before, width, 3, padding=1), nn.BatchNorm2d(width), nn.ReLU(), nn.MaxPool2d(2)]
        head = [nn.AdaptiveAvgPool2d(1), nn.Flatten()]
        if hidden:
            head += [nn.Linear(widths[-1], hidden), nn.ReLU()]
        network = nn.Module()
        network.features = nn.Sequential(*layers)
        network.classifier = nn.Sequential(*head, nn.Dropout(0.0), nn.Linear(hidden or widths[-1], outputs))
        network.forward = lambda x: network.classifier(network.features(x))
        return network

    return make


def from_timm(name, **settings):
    return lambda channels, outputs: timm.create_model(name, num_classes=outputs, in_chans=channels, **settings)


def miniature(kind, **settings):
    return lambda channels, outputs: kind(num_classes=outputs, in_chans=channels, **settings)


class Row:
    """How a network is made at its default size and, where that is large, smaller for the golden numbers."""

    def __init__(self, make, small=None, default=224, size=64, batch=4):
        self.make, self.small, self.default, self.size, self.batch = make, small or make, default, size, batch


def sized(name, size=64, batch=4, **settings):
    return Row(from_timm(name, **settings), from_timm(name, img_size=size, **settings), size=size, batch=batch)


def row(name, default=224, **settings):
    return Row(from_timm(name), default=default, **settings)


small = {"embed_dim": 48, "img_size": 64}
rows = {
    "simple": Row(plain([32, 64, 128], 128)),
    "small": Row(plain([32, 64, 128, 128], None)),
    "medium": Row(plain([32, 64, 128, 256], 128)),
    "fractalnet": Row(FractalNet),
    **{n: row(n) for n in ("vgg19", "vgg19_bn")},
    **{n: row(n) for n in ("resnet18", "resnet34", "resnet50", "resnet101")},
    **{n: row(n) for n in ("densenet121", "densenet169", "densenet201")},
    "legacy_xception": row("legacy_xception", default=299),
    "mnasnet_100": row("mnasnet_100"),
    "efficientnet_b0": row("efficientnet_b0"),
    "efficientnet_b4": row("efficientnet_b4", default=320),
    "efficientnet_b5": row("efficientnet_b5", default=448),
    "tf_efficientnet_b0": row("tf_efficientnet_b0"),
    "tf_efficientnet_b4": row("tf_efficientnet_b4", default=380),
    "tf_efficientnet_b5": row("tf_efficientnet_b5", default=456),
    "regnety_008": row("regnety_008"),
    **{n: row(n) for n in ("convnext_tiny", "convnext_base", "convnext_large")},
    **{n: sized(n) for n in ("mixer_b16_224", "resmlp_36_224", "deit3_small_patch16_224", "vit_base_patch16_224")},
    **{n: sized(n) for n in ("beit_base_patch16_224", "beit_large_patch16_224")},
    "swin_base_patch4_window7_224": Row(
        from_timm("swin_base_patch4_window7_224", drop_path_rate=0.0), size=224, batch=2
    ),
    **{n: sized(n, size=128) for n in ("levit_256", "levit_384")},
    "mobilevit_xs": row("mobilevit_xs", default=256),
    "efficientformer_l1": row("efficientformer_l1", size=224, batch=2),
}
miniatures = {
    "mini resnet": miniature(resnet.ResNet, block=resnet.Bottleneck, layers=[1, 1, 1, 1]),
    "mini vgg": miniature(
        vgg.VGG, cfg=[8, "M", 16, "M", 16, 16, "M", 32, "M", 32, "M"], norm_layer=nn.BatchNorm2d
    ),
    "mini convnext": miniature(convnext.ConvNeXt, depths=(1, 1, 2, 1), dims=(16, 24, 32, 48)),
    "mini mixer": miniature(mlp_mixer.MlpMixer, num_blocks=2, **small),
    "mini resmlp": miniature(
        mlp_mixer.MlpMixer, num_blocks=2, block_layer=mlp_mixer.ResBlock, norm_layer=mlp_mixer.Affine, mlp_ratio=4, **small
    ),
    "mini vit": miniature(VisionTransformer, depth=2, num_heads=4, **small),
    "mini deit3": miniature(
        VisionTransformer, depth=2, num_heads=4, no_embed_class=True, init_values=1e-6, **small
    ),
    "mini beit": miniature(
        beit.Beit, depth=2, num_heads=4, use_abs_pos_emb=False, use_rel_pos_bias=True, init_values=0.1, **small
    ),
    "mini swin": miniature(
        swin_transformer.SwinTransformer, img_size=56, embed_dim=16, depths=(2, 2), num_heads=(2, 4), drop_path_rate=0.0
    ),
    "mini levit": miniature(
        levit.LevitDistilled, img_size=128, embed_dim=(32, 48, 64), key_dim=8, num_heads=(2, 3, 4), depth=(1, 1, 1)
    ),
    "mini efficientformer": miniature(
        efficientformer.EfficientFormerDistilled
        if hasattr(efficientformer, "EfficientFormerDistilled")
        else efficientformer.EfficientFormer,
        depths=(1, 1, 1, 2),
        embed_dims=(8, 16, 24, 32),
        num_vit=1,
    ),
    "mini fractalnet": lambda channels, outputs: FractalNet(channels, outputs, (8, 16, 24), 3),
}
sizes = {"mini swin": 56, "mini levit": 128, "mini efficientformer": 224}
rows |= {n: Row(make, default=sizes.get(n, 64), size=sizes.get(n, 64)) for n, make in miniatures.items()}


def multiply_adds(network, size):
    """Half of the FLOPs that torch counts: convolutions, and every product of matrices, those of attention among them."""
    # Without values: shapes are all that is needed. Plain modules whose forward was set keep it.
    network.eval().to("meta")
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        network(torch.zeros(1, 1, size, size, device="meta"))
    return counter.get_total_flops() // 2


def fnv(text):
    value = 0xCBF29CE484222325
    for byte in text.encode():
        value = (value ^ byte) * 0x100000001B3 & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def logits_of(row, channels):
    network = row.small(channels, 2)
    fill(network.state_dict())
    with torch.no_grad():
        logits = network.double().eval()(pictures(row.batch, channels, row.size).double())
    return network, [float(f"{value:.7g}") for value in logits.flatten().tolist()]


def golden(name, row):
    network = row.make(1, 2)
    state = network.state_dict()
    record = {
        "arch": name,
        "defaultSize": row.default,
        "parameters": sum(p.numel() for p in network.parameters()),
        "tensors": len(state),
        "names": fnv("".join(f"{key} {list(value.shape)}\n" for key, value in state.items())),
        "size": row.size,
        "batch": row.batch,
    }
    record["multiplyAdds"] = multiply_adds(network, row.default)
    _, record["colour"] = logits_of(row, 3)
    network, record["logits"] = logits_of(row, 1)
    network.train()
    target = torch.tensor([0, 1, 1, 0][: row.batch])
    loss = nn.functional.cross_entropy(network(pictures(row.batch, 1, row.size).double()), target)
    loss.backward()
    record["loss"] = loss.item()
    gradients = {key: value.grad for key, value in network.named_parameters()}
    record["norms"] = [
        float(f"{gradients.get(key, value).norm().item():.6g}") if value.is_floating_point() else 0
        for key, value in network.state_dict().items()
    ]
    return json.dumps(record)


if __name__ == "__main__":
    file = pathlib.Path(__file__).parents[2] / "Tests/ZooTests/Golden/zoo.json"
    wanted = sys.argv[1:] or list(rows)
    kept = {}
    if sys.argv[1:] and file.exists():
        kept = {record["arch"]: json.dumps(record) for record in json.loads(file.read_text())["networks"]}
    source = f"scripts/reference/zoo.py, torch {torch.__version__}, timm {timm.__version__}"
    print(f'{{"source": {json.dumps(source)},\n"networks": [')
    present = [name for name in rows if name in wanted or name in kept]
    for name in present:
        line = golden(name, rows[name]) if name in wanted else kept[name]
        print(line + ("," if name != present[-1] else "]}"), flush=True)
