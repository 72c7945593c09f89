"""Python's face_recognition for the benchmark: a job a line comes in as JSON, an answer a line goes out.

Run it with `python -I`: it has the name of the package that it drives.
"""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")  # The package's models still ask for pkg_resources.

import face_recognition  # noqa: E402


def look(path):
    """All faces with their descriptors, as `face_recognition` does it by default."""
    start = time.perf_counter()
    image = face_recognition.load_image_file(path)
    opened = time.perf_counter()
    locations = face_recognition.face_locations(image)
    located = time.perf_counter()
    encodings = face_recognition.face_encodings(image, locations)
    end = time.perf_counter()
    return {
        **answer(image, locations, encodings),
        "seconds": end - start,
        "locating": located - opened,
    }


def crop(path):
    """The largest face of a crop; where none is found, the whole crop is taken for one."""
    image = face_recognition.load_image_file(path)
    locations = face_recognition.face_locations(image)
    locations.sort(key=lambda place: place[0] - place[2])
    found = len(locations) > 0
    height, width = image.shape[:2]
    place = locations[0] if found else (0, width, height, 0)
    encodings = face_recognition.face_encodings(image, [place])
    return {**answer(image, [place], encodings), "found": found}


def answer(image, locations, encodings):
    height, width = image.shape[:2]
    boxes = [
        {"left": int(left), "top": int(top), "width": int(right - left), "height": int(bottom - top)}
        for top, right, bottom, left in locations
    ]
    return {"width": width, "height": height, "boxes": boxes, "descriptors": [list(each) for each in encodings]}


for line in sys.stdin:
    job = json.loads(line)
    print(json.dumps({"look": look, "crop": crop}[job["do"]](job["path"])), flush=True)
