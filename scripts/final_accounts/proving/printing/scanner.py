"""Scans a PDF: the same pages as pictures without text, clean or as an old machine gives them."""

import random
from pathlib import Path

import numpy as np
import pypdfium2
from PIL import Image, ImageFilter

CLEAN, DEGRADED = "clean scan", "degraded scan"
QUALITIES = (CLEAN, DEGRADED)
# Dots an inch, and the quality of its JPEG.
_RESOLUTION = {CLEAN: 200, DEGRADED: 150}
_JPEG = {CLEAN: 90, DEGRADED: 45}


def scanned(path: Path, quality: str, seed: int) -> Path:
    """A copy of a PDF beside it whose pages are pictures; what is random about them comes from the seed."""
    target = path.with_name(f"{path.stem}-{quality.replace(' ', '-')}.pdf")
    document = pypdfium2.PdfDocument(path)
    try:
        pictures = [
            page.render(scale=_RESOLUTION[CLEAN] / 72, grayscale=True).to_pil().convert("L") for page in document
        ]
    finally:
        document.close()
    if quality == DEGRADED:
        pictures = [_degraded(picture, f"{seed} {number}") for number, picture in enumerate(pictures)]
    first, *rest = pictures
    first.save(target, save_all=True, append_images=rest, resolution=_RESOLUTION[quality], quality=_JPEG[quality])
    return target


def _degraded(picture: Image.Image, seed: str) -> Image.Image:
    """A page put in askew, of fewer dots, blurred, unevenly lit, with noise and specks."""
    chance = random.Random(seed)  # noqa: S311
    noise = np.random.default_rng(chance.randrange(2**32))
    angle = chance.choice((-1, 1)) * chance.uniform(0.3, 0.9)
    picture = picture.rotate(angle, Image.Resampling.BICUBIC, translate=(3, -5), fillcolor=255)
    share = _RESOLUTION[DEGRADED] / _RESOLUTION[CLEAN]
    picture = picture.resize([round(side * share) for side in picture.size], Image.Resampling.BOX)
    light = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), dtype=float)
    height, width = light.shape
    shade = np.linspace(0, 35, width)[None, :] + np.linspace(0, 20, height)[:, None]
    light = light * 0.85 + 15 - shade + noise.normal(0, 9, light.shape)
    light[noise.random(light.shape) < 0.0006] = 30
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
