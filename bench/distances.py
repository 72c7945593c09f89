"""Distances of many faces to reference images with numpy: how long one person takes, and how long all of them.

Usage: distances.py MATRIX FACES PEOPLE REFIMGS_EACH; the matrix holds float32, 128 a face. Prints seconds as JSON.
"""

import json
import sys
import time

import numpy

path, faces, people, each = sys.argv[1], *map(int, sys.argv[2:])
block = 4096


def nearest(references, persons):
    """For each face the persons nearer than 0.6, read from the file a block at a time, as a plain loop does it."""
    matrix = numpy.memmap(path, dtype=numpy.float32, mode="r", shape=(faces, 128))
    halves = (references**2).sum(axis=1) / 2
    near = 0
    for start in range(0, faces, block):
        part = numpy.array(matrix[start : start + block])
        squared = (part**2).sum(axis=1)[:, None] - 2 * (part @ references.T - halves)
        near += int((squared.reshape(len(part), persons, -1).min(axis=2) <= 0.36).sum())
    return near


references = numpy.random.default_rng(1).normal(size=(people * each, 128)).astype(numpy.float32) / 9
times = {}
for name, some, persons in [("one", references[:each], 1), ("all", references, people)]:
    begun = time.perf_counter()
    nearest(some, persons)
    times[name] = time.perf_counter() - begun
print(json.dumps(times))
