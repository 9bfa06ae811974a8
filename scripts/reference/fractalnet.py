"""FractalNet (Larsson et al. 2017) by its rule of expansion, without drop-path.

f_1 is a convolution (3 x 3, batch normalisation, ReLU); f_(C+1)(x) is the mean of f_C(f_C(x)) and a convolution of x,
where what f_C ends in and the convolution are joined by one mean. Convolutions are kept by column and place, as in a
picture of the block: column c of 2^c convolutions, column 0 the one that spans the whole block.
"""

from torch import nn


class Convolution(nn.Module):
    def __init__(self, before, width):
        super().__init__()
        self.conv = nn.Conv2d(before, width, 3, padding=1, bias=False)
        self.bn = nn.BatchNorm2d(width)

    def forward(self, x):
        return self.bn(self.conv(x)).relu()


class Block(nn.Module):
    def __init__(self, before, width, columns):
        super().__init__()
        self.columns = nn.ModuleList(
            nn.ModuleList(Convolution(before if i == 0 else width, width) for i in range(2**column))
            for column in range(columns)
        )

    def ends(self, x, column, turn):
        """What columns `column` and deeper end in, before they are joined, the `turn`-th time."""
        own = self.columns[column][turn](x)
        if column + 1 == len(self.columns):
            return [own]
        middle = self.ends(x, column + 1, 2 * turn)
        return [own] + self.ends(sum(middle) / len(middle), column + 1, 2 * turn + 1)

    def forward(self, x):
        ends = self.ends(x, 0, 0)
        return sum(ends) / len(ends)


class FractalNet(nn.Module):
    def __init__(self, channels, outputs, widths=(64, 128, 256, 512, 512), columns=3):
        super().__init__()
        before = [channels, *widths]
        self.blocks = nn.ModuleList(Block(a, b, columns) for a, b in zip(before, widths))
        self.fc = nn.Linear(widths[-1], outputs)

    def forward(self, x):
        for block in self.blocks:
            x = nn.functional.max_pool2d(block(x), 2)
        return self.fc(x.mean((2, 3)))
