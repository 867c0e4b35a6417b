"""The peer of bench/detector-small: the same network in PyTorch, raced on the same images.

usage: infer.py WEIGHTS.safetensors IMAGES.safetensors PROPOSALS_JSON THREADS BATCH [default|channels-last] [OUTPUT]
Answers each line on stdin with the seconds of one pass over all images (wall, CPU), from bytes to detections; `memory` with
its peak memory in MB. With OUTPUT it writes boxes and scores of all images there and ends.
"""
import json
import resource
import sys
import time

import torch
from torchvision.ops import batched_nms

import tensors
from network import Network

MIN_SCORE, NMS_IOU, MOST = 0.05, 0.5, 100


def detections(boxes, scores):
    """Threshold, suppression within each category, the best of what stays."""
    found = []
    for box, score in zip(boxes, scores):
        places, classes = torch.where(score[:, 1:] >= MIN_SCORE)
        picked = score[places, classes + 1]
        found.append(batched_nms(box[places], picked, classes, NMS_IOU)[:MOST])
    return found


def main():
    weights_file, images_file, proposals, threads, batch, form, *output = sys.argv[1:]
    torch.set_num_threads(int(threads))
    weights, metadata = tensors.read(weights_file)
    network = Network(weights, json.loads(metadata["architecture"])).prepare(form == "channels-last")
    images = tensors.read(images_file)[0]["images"].to(torch.uint8)
    options, anchors, step = json.loads(proposals), network.anchors(), int(batch)

    def run():
        answers = []
        for first in range(0, len(images), step):
            pixels = images[first : first + step].float() / 127.5 - 1
            boxes, scores = network.infer(pixels, anchors, options)
            detections(boxes, scores)
            answers.append((boxes, scores))
        return answers

    if output:
        boxes, scores = (torch.cat(parts) for parts in zip(*run()))
        tensors.write(output[0], {"boxes": boxes, "scores": scores})
        return
    print(f"ready {torch.__version__}", flush=True)
    for line in sys.stdin:
        if line.strip() == "memory":
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
        else:
            wall, cpu = time.perf_counter(), time.process_time()
            run()
            print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


main()
