"""Make the golden pictures of the tests: files, their gray pixels and resized pixels.

Every picture is made by a formula, none is a radiograph. Writes
Tests/RadiographsTests/Golden/pictures/ (files, decoded.csv, resized.csv,
forms.csv, deep.csv, scaled.csv). Needs Pillow and numpy.
"""

import csv
import hashlib
import pathlib

import numpy as np
import PIL
from PIL import Image, ImageOps

FOLDER = pathlib.Path(__file__).parents[2] / "Tests/RadiographsTests/Golden/pictures"
NAME = f"scripts/reference/pictures.py, Pillow {PIL.__version__}"


def waves(width, height, phase=0.0):
    """Smooth waves with some grain, 0 to 255."""
    y, x = np.mgrid[0:height, 0:width].astype(float)
    wave = np.sin(x / 5 + phase) * np.cos(y / 7 - phase) + 0.3 * np.sin(x * y / 11 + phase)
    grain = (x * 7919 + y * 104729) % 13 / 13
    return np.clip(127 + 90 * wave + 30 * grain, 0, 255).astype(np.uint8)


def colours(width, height):
    return np.stack([waves(width, height, p) for p in (0.0, 1.0, 2.0)], axis=-1)


def digest(pixels):
    return hashlib.sha256(pixels.tobytes()).hexdigest()


def pictures():
    gray, rgb = Image.fromarray(waves(45, 33)), Image.fromarray(colours(45, 33))
    alpha = rgb.copy()
    alpha.putalpha(Image.fromarray(waves(45, 33, 3.0)))
    yield "gray.png", gray, {}
    yield "rgb.png", rgb, {}
    yield "rgba.png", alpha, {}
    yield "gray-alpha.png", alpha.convert("LA"), {}
    yield "palette.png", rgb.quantize(61), {}
    yield "palette-4-bit.png", rgb.quantize(13), {"bits": 4}
    yield "palette-transparent.png", rgb.quantize(17), {"transparency": 3}
    yield "gray-key.png", gray, {"transparency": 127}
    yield "bilevel.png", gray.convert("1"), {}
    yield "gray.jpg", gray, {"quality": 85}
    yield "progressive.jpg", gray, {"quality": 60, "progressive": True}
    yield "rgb-444.jpg", rgb, {"quality": 90, "subsampling": 0}
    yield "rgb-420.jpg", rgb, {"quality": 80, "subsampling": 2}
    yield "cmyk.jpg", rgb.convert("CMYK"), {"quality": 90}


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    decoded = [["file", "width", "height", "sha256", "mean", "sd", "made_by"]]
    for name, picture, options in pictures():
        picture.save(FOLDER / name, **options)
        gray = np.asarray(Image.open(FOLDER / name).convert("L"))
        decoded.append(
            [name, gray.shape[1], gray.shape[0], digest(gray), gray.mean(),
             gray.std(), NAME])
    sixteen = waves(45, 33).astype(np.uint16) * 257 - 100
    Image.fromarray(sixteen).save(FOLDER / "gray-16-bit.png")
    # Pillow clips 16 bits to 8 where it should scale; the reference is the scaled value, rounded.
    scaled = np.round(sixteen / 257).astype(np.uint8)
    decoded.append(
        ["gray-16-bit.png", 45, 33, digest(scaled), scaled.mean(), scaled.std(),
         f"scripts/reference/pictures.py, numpy {np.__version__}"])
    with open(FOLDER / "decoded.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(decoded)

    resized = [["file", "width", "height", "pixels", "made_by"]]
    gray = Image.open(FOLDER / "gray.png")
    for width, height in [(16, 16), (45, 33), (7, 33), (45, 5), (1, 1), (60, 60), (44, 32), (90, 3)]:
        pixels = np.asarray(gray.resize((width, height), Image.Resampling.BILINEAR))
        resized.append(["gray.png", width, height, pixels.tobytes().hex(), NAME])
    with open(FOLDER / "resized.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(resized)
    with open(FOLDER / "forms.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(forms(gray))
    with open(FOLDER / "deep.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(deep(sixteen))
    with open(FOLDER / "scaled.csv", "w", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(scaled_squares())


def deep(levels):
    """Squares of 16 bits: Pillow resizes them as floating point, we round what comes out."""
    picture = Image.fromarray(levels.astype(np.float32))
    rows = [["file", "size", "filter", "levels", "made_by"]]
    for size, name, kind in [(16, "bilinear", Image.Resampling.BILINEAR),
                             (20, "bicubic", Image.Resampling.BICUBIC),
                             (60, "bicubic", Image.Resampling.BICUBIC)]:
        square = np.asarray(picture.resize((size, size), kind))
        square = np.clip(np.floor(square + 0.5), 0, 65535).astype(">u2")
        rows.append(["gray-16-bit.png", size, name, square.tobytes().hex(), NAME])
    return rows


def scaled_squares():
    """Small squares of large JPEG pictures, which may be decoded at a fraction of their size."""
    rows = [["file", "size", "filter", "pixels", "made_by"]]
    y, x = np.mgrid[0:560, 0:640].astype(float)
    chest = 120 + 60 * np.sin(x / 60) * np.cos(y / 80) + 25 * np.sin(x / 9 + y / 13)
    grain = np.random.default_rng(0).normal(0, 6, chest.shape)
    gray = Image.fromarray(np.clip(chest + grain, 0, 255).astype(np.uint8))
    colour = Image.merge("RGB", [gray, gray, gray.transpose(Image.Transpose.FLIP_LEFT_RIGHT)])
    for name, picture, options in [("large-gray.jpg", gray, {"quality": 80}),
                                   ("large-rgb.jpg", colour, {"quality": 70})]:
        picture.save(FOLDER / name, **options)
        whole = Image.open(FOLDER / name).convert("L")
        for size, filter in [(64, "bilinear"), (100, "bicubic"), (30, "bilinear")]:
            kind = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}[filter]
            square = whole.resize((size, size), kind)
            rows.append([name, size, filter, square.tobytes().hex(), NAME])
    return rows


def forms(gray):
    """Squares made of a picture: squeezed, padded, cropped; bicubic; equalised."""
    width, height = gray.size
    side = min(width, height)
    left, top = (width - side) // 2, (height - side) // 2
    filters = {"bilinear": Image.Resampling.BILINEAR, "bicubic": Image.Resampling.BICUBIC}
    rows = [["file", "size", "fit", "filter", "equalize", "pixels", "made_by"]]
    for size, fit, name, equalize in [
            (16, "square", "bicubic", 0), (60, "square", "bicubic", 0), (16, "pad", "bilinear", 0),
            (21, "pad", "bicubic", 0), (16, "crop", "bilinear", 0), (33, "crop", "bicubic", 0),
            (20, "square", "bilinear", 1), (20, "pad", "bicubic", 1)]:
        if fit == "square":
            square = gray.resize((size, size), filters[name])
        elif fit == "crop":
            square = gray.crop((left, top, left + side, top + side))
            square = square.resize((size, size), filters[name])
        else:
            inner = [max(1, round(n * size / max(width, height))) for n in (width, height)]
            square = Image.new("L", (size, size))
            square.paste(gray.resize(inner, filters[name]),
                         ((size - inner[0]) // 2, (size - inner[1]) // 2))
        if equalize:
            square = ImageOps.equalize(square)
        rows.append(["gray.png", size, fit, name, equalize, square.tobytes().hex(), NAME])
    return rows


if __name__ == "__main__":
    main()
