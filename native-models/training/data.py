"""Reads photo folders and caption tables, and makes the augmented views that training sees."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageEnhance

SIDE = 224  # every photo is squashed to SIDE x SIDE: the training photos come that way and the app does the same
LITE2_SIDE = 260
VIT_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
VIT_STD = np.array([0.229, 0.224, 0.225], np.float32)


@dataclass
class Split:
    """Photos with their captions; `captions[i]` are the sentences of `files[i]`."""

    files: list[Path]
    captions: list[list[str]]

    def flat(self) -> tuple[list[str], np.ndarray]:
        """All captions in photo order, and for each the index of its photo."""
        owner = np.concatenate([np.full(len(c), i) for i, c in enumerate(self.captions)])
        return [c for group in self.captions for c in group], owner


def read_split(photos: Path, table: Path) -> Split:
    """Photos of a folder that have captions in `table` (file TAB caption), sorted by file name."""
    groups: dict[str, list[str]] = defaultdict(list)
    for line in table.read_text(encoding="utf-8").splitlines():
        name, _, caption = line.partition("\t")
        if caption.strip() and (photos / name).exists():
            groups[name].append(caption.strip())
    names = sorted(groups)
    return Split([photos / n for n in names], [groups[n] for n in names])


def open_squashed(path: Path) -> Image.Image:
    """Decodes a photo and squashes it to SIDE x SIDE, RGB."""
    image = Image.open(path).convert("RGB")
    return image if image.size == (SIDE, SIDE) else image.resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def view(path: Path, number: int, seed: int) -> tuple[Image.Image, tuple[float, float, float, float]]:
    """View `number` of a photo: the (perhaps flipped, colour-shifted) image and the crop box inside it.

    View 0 is the photo itself. Others are drawn from a generator seeded by photo and view, so that both backbones see
    the same crop and a rerun makes the same cache.
    """
    image = open_squashed(path)
    if number == 0:
        return image, (0, 0, SIDE, SIDE)
    rng = np.random.default_rng([seed, number, *path.stem.encode()])
    if rng.random() < 0.5:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    for kind in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
        image = kind(image).enhance(rng.uniform(0.8, 1.2))
    area, shape = rng.uniform(0.55, 1.0), np.exp(rng.uniform(-0.2, 0.2))
    w, h = min(1.0, np.sqrt(area * shape)) * SIDE, min(1.0, np.sqrt(area / shape)) * SIDE
    x, y = rng.uniform(0, SIDE - w), rng.uniform(0, SIDE - h)
    return image, (x, y, x + w, y + h)


def pixels(image: Image.Image, box, side: int) -> np.ndarray:
    """Crop box resized to side x side, bilinear: float32 [side, side, 3] in 0..255."""
    return np.asarray(image.resize((side, side), Image.Resampling.BILINEAR, box=box), np.float32)
