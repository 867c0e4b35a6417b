"""The small detector of services/detector in PyTorch: written from its description, to be compared with and raced against.

Weights are {name: tensor} under our names: filters HWIO, matrices inputs x outputs. Images are NHWC in [-1, 1]; boxes
xyxy px.
"""
import math

import torch
import torch.nn.functional as F
from torchvision.ops import nms, roi_align

RESIDUALS = {"c2": 1, "c3": 2, "c4": 2, "c5": 1}
MAX_LOG_SCALE = math.log(1000 / 16)
MIN_SIDE_PX = 1


class Network:
    """`architecture` is the JSON of the model's record."""

    def __init__(self, weights, architecture):
        self.w = weights
        self.strides = [level["stridePx"] for level in architecture["anchors"]["levels"]]
        self.sizes = [level["sizePx"] for level in architecture["anchors"]["levels"]]
        self.ratios = architecture["anchors"]["ratios"]
        self.bins = architecture["bins"]
        self.roi_levels = architecture["roiLevels"]
        self.canonical = architecture["canonicalSizePx"]
        self.height = architecture["image"]["height"]
        self.width = architecture["image"]["width"]
        self.filters = {}
        self.layout = torch.contiguous_format

    def prepare(self, channels_last=False):
        """Filters as PyTorch wants them, once: weights that do not change."""
        layout = torch.channels_last if channels_last else torch.contiguous_format
        for name, value in self.w.items():
            if value.dim() == 4:
                self.filters[name] = value.permute(3, 2, 0, 1).contiguous(memory_format=layout)
        self.layout = layout
        return self

    def conv(self, name, x, stride=1):
        key = f"{name}.weight"
        filters = self.filters.get(key)
        if filters is None:
            filters = self.w[key].permute(3, 2, 0, 1)
        y = F.conv2d(x, filters, self.w.get(f"{name}.bias"), stride, padding=filters.shape[-1] // 2)
        if f"{name}.scale" not in self.w:
            return y
        return F.batch_norm(y, None, None, self.w[f"{name}.scale"], self.w[f"{name}.offset"], True, 0.1, 1e-5)

    def dense(self, name, x):
        return x @ self.w[f"{name}.weight"] + self.w[f"{name}.bias"]

    def pyramid(self, images):
        """[N, H, W, 3] -> P3, P4, P5"""
        x = F.relu(self.conv("backbone.stem", images.permute(0, 3, 1, 2).contiguous(memory_format=self.layout), 2))
        maps = {}
        for stage, count in RESIDUALS.items():
            x = F.relu(self.conv(f"backbone.{stage}down", x, 2))
            for i in range(count):
                x = F.relu(x + self.conv(f"backbone.{stage}residual{i}", x))
            maps[stage] = x
        above, levels = None, []
        for level, source in (("p5", "c5"), ("p4", "c4"), ("p3", "c3")):
            lateral = self.conv(f"fpn.{level}lateral", maps[source])
            above = lateral if above is None else lateral + F.interpolate(above, scale_factor=2, mode="nearest")
            levels.insert(0, self.conv(f"fpn.{level}output", above))
        return levels

    def rpn(self, levels):
        """Per level logits [N, h w B] and deltas [N, h w B, 4]."""
        answers = []
        for level in levels:
            n = len(level)
            hidden = F.relu(self.conv("rpn.hidden", level))
            logits = self.conv("rpn.objectness", hidden).permute(0, 2, 3, 1).reshape(n, -1)
            deltas = self.conv("rpn.deltas", hidden).permute(0, 2, 3, 1).reshape(n, -1, 4)
            answers.append((logits, deltas))
        return answers

    def heads(self, levels, rois):
        """rois [N, R, 4] -> class logits [N R, K + 1] and deltas [N R, 4]"""
        n, r, _ = rois.shape
        sides = rois[..., 2:] - rois[..., :2]
        doublings = torch.log2((sides.prod(-1).sqrt() + 1e-6) / self.canonical)
        own = torch.floor(1 + doublings).clamp(0, self.roi_levels - 1).flatten()
        index = torch.arange(n, dtype=rois.dtype).repeat_interleave(r)[:, None]
        rows = torch.cat([index, rois.reshape(-1, 4)], 1)
        pooled = rois.new_zeros(n * r, levels[0].shape[1], self.bins, self.bins)
        for i in range(self.roi_levels):
            (chosen,) = torch.where(own == i)
            part = roi_align(levels[i], rows[chosen], self.bins, 1 / self.strides[i], 2, aligned=False)
            pooled = pooled.index_add(0, chosen, part)
        flat = pooled.permute(0, 2, 3, 1).reshape(n * r, -1)
        hidden = F.relu(self.dense("head.fc2", F.relu(self.dense("head.fc1", flat))))
        return self.dense("head.classes", hidden), self.dense("head.boxes", hidden)

    def anchors(self):
        """Per level [h w B, 4], rounded as torchvision's AnchorGenerator."""
        levels = []
        for stride, size in zip(self.strides, self.sizes):
            ratios = torch.tensor(self.ratios)
            heights, widths = size * ratios.sqrt(), size / ratios.sqrt()
            cell = (torch.stack([-widths, -heights, widths, heights], 1) / 2).round()
            y, x = torch.meshgrid(
                torch.arange(self.height // stride) * stride, torch.arange(self.width // stride) * stride, indexing="ij"
            )
            shifts = torch.stack([x, y, x, y], -1).reshape(-1, 1, 4)
            levels.append((shifts + cell).reshape(-1, 4))
        return levels

    def clip(self, boxes):
        x = boxes[..., 0::2].clamp(0, self.width)
        y = boxes[..., 1::2].clamp(0, self.height)
        return torch.stack([x[..., 0], y[..., 0], x[..., 1], y[..., 1]], -1)

    def proposals(self, answers, anchors, options):
        """[N, P, 4], and how many of them are some; empty places hold the whole image."""
        boxes, scores = [], []
        for (logits, deltas), level in zip(answers, anchors):
            best, places = logits.topk(min(options["preNmsPerLevel"], logits.shape[1]), 1)
            picked = deltas.gather(1, places[..., None].expand(-1, -1, 4))
            boxes.append(self.clip(decode(picked, level[places], (1, 1, 1, 1))))
            scores.append(best)
        boxes, scores = torch.cat(boxes, 1), torch.cat(scores, 1)
        places = options["count"]
        found = boxes.new_tensor([0, 0, self.width, self.height]).repeat(len(boxes), places, 1)
        used = boxes.new_zeros(len(boxes), places)
        for n in range(len(boxes)):
            sides = boxes[n, :, 2:] - boxes[n, :, :2]
            (visible,) = torch.where(sides.amin(1) >= MIN_SIDE_PX)
            kept = visible[nms(boxes[n, visible], scores[n, visible], options["nmsIou"])][:places]
            found[n, : len(kept)] = boxes[n, kept]
            used[n, : len(kept)] = 1
        return found, used

    @torch.inference_mode()
    def infer(self, images, anchors, options):
        """boxes [N, P, 4] and scores [N, P, K + 1]"""
        levels = self.pyramid(images)
        rois, used = self.proposals(self.rpn(levels), anchors, options)
        logits, deltas = self.heads(levels, rois)
        n, p, _ = rois.shape
        boxes = self.clip(decode(deltas.reshape(n, p, 4), rois, (10, 10, 5, 5)))
        return boxes, logits.softmax(-1).reshape(n, p, -1) * used[..., None]


def decode(deltas, references, weights):
    sizes = references[..., 2:] - references[..., :2]
    centres = references[..., :2] + sizes / 2
    scale = deltas.new_tensor(weights)
    moved = deltas[..., :2] / scale[:2] * sizes + centres
    half = torch.exp((deltas[..., 2:] / scale[2:]).clamp(max=MAX_LOG_SCALE)) * sizes / 2
    return torch.cat([moved - half, moved + half], -1)


def training_losses(network, images, inputs):
    """The four losses with given samples."""
    levels = network.pyramid(images)
    answers = network.rpn(levels)
    logits = torch.cat([logits for logits, _ in answers], 1)
    deltas = torch.cat([deltas for _, deltas in answers], 1)
    class_logits, box_deltas = network.heads(levels, inputs["rois"])
    used, labels = inputs["anchorUsed"].bool(), inputs["anchorLabels"].bool()
    roi_used, roi_labels = inputs["roiUsed"].bool().flatten(), inputs["roiLabels"].long().flatten()
    foreground = inputs["roiForeground"].bool().flatten()
    roi_deltas = inputs["roiDeltas"].reshape(-1, 4)
    smooth = lambda a, b: F.smooth_l1_loss(a, b, beta=1 / 9, reduction="sum")
    return {
        "objectness": F.binary_cross_entropy_with_logits(logits[used], labels[used].to(logits.dtype)),
        "rpnBox": smooth(deltas[labels], inputs["anchorDeltas"][labels]) / used.sum(),
        "classification": F.cross_entropy(class_logits[roi_used], roi_labels[roi_used]),
        "box": smooth(box_deltas[foreground], roi_deltas[foreground]) / roi_used.sum(),
    }
