"""Files that customers hand in, made on the spot."""

from io import BytesIO

import av
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


def driving_clip(*, seconds: float = 10, fps: int = 24) -> bytes:
    """An MP4 in which a figure sways in front of a still background."""
    buffer = BytesIO()
    background = cv2.imdecode(np.frombuffer(photo(320, 180), np.uint8), cv2.IMREAD_COLOR)
    with av.open(buffer, "w", format="mp4") as container:
        stream = container.add_stream("libx264", rate=fps)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for number in range(round(seconds * fps)):
            frame = background.copy()
            x = round(160 + 50 * np.sin(number / 9))
            cv2.rectangle(frame, (x - 20, 70), (x + 20, 175), (200, 190, 220), -1)
            cv2.circle(frame, (x, 50), 18, (160, 190, 220), -1)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(frame, format="bgr24")))
        container.mux(stream.encode())
    return buffer.getvalue()
