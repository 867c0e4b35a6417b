"""pycocotools on the files that the bench wrote: seconds of each repetition and the 12 numbers, as one JSON object.

    evaluate.py ANNOTATIONS RESULTS REPETITIONS
"""

import contextlib
import io
import json
import resource
import sys
import time

import pycocotools
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def load(annotations, results):
    truth = COCO(annotations)
    return truth, truth.loadRes(results)


def evaluate(truth, found):
    run = COCOeval(truth, found, 'bbox')
    run.evaluate()
    run.accumulate()
    run.summarize()
    return run.stats.tolist()


def main():
    annotations, results, repetitions = sys.argv[1], sys.argv[2], int(sys.argv[3])
    without, within = [], []
    for _ in range(repetitions):
        with contextlib.redirect_stdout(io.StringIO()):
            begin = time.perf_counter()
            truth, found = load(annotations, results)
            loaded = time.perf_counter()
            stats = evaluate(truth, found)
            end = time.perf_counter()
        without.append(end - loaded)
        within.append(end - begin)
    version = getattr(pycocotools, '__version__', None)
    if version is None:
        from importlib.metadata import version as version_of

        version = version_of('pycocotools')
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({
        'version': version, 'evaluation': without, 'fromFiles': within, 'stats': stats, 'peakMb': peak,
    }))


main()
