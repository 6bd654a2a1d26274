"""The models that find text in a picture and read it: rapidocr's, on one thread each process."""

import cv2
import numpy as np
from rapidocr import RapidOCR

# Text is found in a picture of this part of the size: that takes a quarter of the time and finds the same.
REDUCED = 0.6
_SETTINGS = {
    "Global.log_level": "critical",
    "Global.use_cls": False,
    "Global.max_side_len": 4000,
    # files are read side by side: a second thread would take the first one's place
    "EngineConfig.onnxruntime.intra_op_num_threads": 1,
    "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    # the cells of a table are short, and what is put beside them to have one width takes time
    "Rec.rec_img_shape": [3, 48, 96],
    "Rec.rec_batch_num": 8,
}


class Eyes:
    """Finds and reads text; made once in a process, which takes a second."""

    def __init__(self) -> None:
        self._engine = RapidOCR(params=_SETTINGS)

    def boxes(self, picture: np.ndarray) -> list[tuple[int, int, int, int]]:
        """Where lines of text stand in a picture: left, top, right and bottom of each."""
        small = cv2.resize(picture, None, fx=REDUCED, fy=REDUCED, interpolation=cv2.INTER_AREA)
        found = self._engine(cv2.cvtColor(small, cv2.COLOR_GRAY2BGR), use_rec=False).boxes
        if found is None:
            return []
        corners = np.asarray(found) / REDUCED
        low, high = corners.min(axis=1), corners.max(axis=1)
        return [(int(x0), int(y0), int(x1) + 1, int(y1) + 1) for (x0, y0), (x1, y1) in zip(low, high, strict=True)]

    def read(self, crops: list[np.ndarray]) -> list[tuple[str, float]]:
        """What pictures of one line each say, and how sure that is, from 0 to 1."""
        if not crops:
            return []
        result = self._engine.recognize_txt([np.repeat(crop[:, :, None], 3, axis=2) for crop in crops])
        return [(text.strip(), float(score)) for text, score in zip(result.txts, result.scores, strict=True)]
