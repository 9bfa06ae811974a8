"""Decoding and packing pictures, beside Pillow's open, convert, resize: processor time on one core.

    python3 Benchmarks/cohorts.py <folder of JPEG files> [size]

Needs Pillow and numpy, and `swift build -c release --product CohortBenchmark`.
"""

import pathlib
import subprocess
import sys
import time

import numpy as np
from PIL import Image

PROGRAM = pathlib.Path(__file__).parents[1] / ".build/release/CohortBenchmark"


def pillow(files, size):
    """The best of five in milliseconds a picture, pixels kept in one array as scripts do."""
    best = float("inf")
    for _ in range(5):
        start = time.process_time()
        pack = np.empty((len(files), size, size), np.uint8)
        for row, file in enumerate(files):
            pack[row] = Image.open(file).convert("L").resize((size, size), Image.BILINEAR)
        best = min(best, time.process_time() - start)
    return 1000 * best / len(files)


def main():
    folder, size = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 224
    files = sorted(pathlib.Path(folder).glob("*.jpg"))
    print(f"Pillow, {len(files)} pictures to {size}: {pillow(files, size):.3f} ms each")
    subprocess.run([PROGRAM, "pictures", folder, str(size)], check=True)


main()
