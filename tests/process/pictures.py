"""Pictures that customers hand in, made on the spot."""

import cv2
import numpy as np


def photo(width: int = 960, height: int = 540, *, seed: int = 7) -> bytes:
    """A JPEG with detail everywhere, so that every motion of the camera can be seen in it."""
    chance = np.random.default_rng(seed)
    layers = [
        cv2.resize(chance.random((height // size, width // size, 3)), (width, height), interpolation=cv2.INTER_CUBIC)
        for size in (8, 30, 90)
    ]
    picture = np.clip(sum(layers) * 85, 0, 255).astype(np.uint8)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 92])[1].tobytes()
