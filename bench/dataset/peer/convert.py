"""DeepFashion lists to COCO with pandas and json, as someone who knows both would write it: lists read by the C parser,
merged by the images' names, boxes cut in columns, rows built from lists of columns, one `dumps` at the end. It takes the lists
for sound: nothing irregular is looked for.

    convert.py FOLDER OUTPUT [--landmarks] [--attributes]    prints {"version", "seconds", "cpuSeconds", "peakMb"}
"""

import json
import resource
import sys
import time

import numpy as np
import pandas as pd

MERGED = {"Cape", "Nightdress", "Shirtdress", "Sundress"}
TYPES = {1: "upper", 2: "lower", 3: "full"}
ATTRIBUTE_TYPES = {1: "texture", 2: "fabric", 3: "shape", 4: "part", 5: "style"}
LANDMARKS = [
    "left collar", "right collar", "left sleeve", "right sleeve", "left waistline", "right waistline", "left hem", "right hem",
]
POINTS_OF_TYPE = {1: [0, 1, 2, 3, 6, 7], 2: [4, 5, 6, 7], 3: [0, 1, 2, 3, 4, 5, 6, 7]}


def read(path, names, **options):
    return pd.read_csv(path, sep=r"\s+", skiprows=2, header=None, names=names, **options)


def keypoints_of(path, images):
    """Rows are as long as their type has points: the missing values of the others are NaN."""
    points = np.zeros((len(images), len(LANDMARKS), 3), dtype=np.int64)
    table = read(path, ["image", "type", *range(3 * len(LANDMARKS))]).set_index("image").reindex(images)
    for kind, at in POINTS_OF_TYPE.items():
        places = np.nonzero((table["type"] == kind).to_numpy())[0]
        values = table.iloc[places, 1 : 1 + 3 * len(at)].to_numpy().astype(np.int64).reshape(len(places), len(at), 3)
        visibility = 2 - values[:, :, 0]
        labelled = visibility > 0
        points[places[:, None], at, 0] = np.where(labelled, values[:, :, 1], 0)
        points[places[:, None], at, 1] = np.where(labelled, values[:, :, 2], 0)
        points[places[:, None], at, 2] = visibility
    return points


def attributes_of(folder, images):
    with open(f"{folder}/Anno/list_attr_cloth.txt") as file:
        lines = file.read().splitlines()[2:]
    listed = [line.rsplit(None, 1) for line in lines]
    attributes = [
        {"id": i + 1, "name": " ".join(name.split()), "supercategory": ATTRIBUTE_TYPES[int(kind)]}
        for i, (name, kind) in enumerate(listed)
    ]
    values = pd.read_csv(
        f"{folder}/Anno/list_attr_img.txt", sep=r"\s+", skiprows=2, header=None, index_col=0,
        dtype={i: np.int8 for i in range(1, len(listed) + 1)},
    )
    if not values.index.equals(pd.Index(images)):
        values = values.reindex(images)
    matrix = values.to_numpy()
    split_by_row = lambda mask: np.split(np.nonzero(mask)[1] + 1, np.cumsum(mask.sum(axis=1))[:-1])
    positive, unknown = split_by_row(matrix == 1), split_by_row(matrix == 0)
    return attributes, [ids.tolist() for ids in positive], [ids.tolist() for ids in unknown]


def convert(folder, output, with_landmarks, with_attributes):
    cloth = read(f"{folder}/Anno/list_category_cloth.txt", ["name", "type"])
    categories = [
        {"id": i + 1, "name": name, "supercategory": TYPES[kind]}
        for i, (name, kind) in enumerate(zip(cloth["name"], cloth["type"]))
        if name not in MERGED
    ]
    table = read(f"{folder}/Anno/list_category_img.txt", ["image", "category"])
    table = table.merge(read(f"{folder}/Anno/list_bbox.txt", ["image", "x1", "y1", "x2", "y2"]), on="image")
    table = table.merge(read(f"{folder}/Eval/list_eval_partition.txt", ["image", "split"]), on="image")
    table = table.merge(read(f"{folder}/Anno/list_image_size.txt", ["image", "width", "height"]), on="image")
    left, top = table["x1"].clip(lower=0), table["y1"].clip(lower=0)
    width = table["x2"].clip(upper=table["width"]) - left
    height = table["y2"].clip(upper=table["height"]) - top
    table = table.assign(id=np.arange(1, len(table) + 1), left=left, top=top, w=width, h=height)
    keep = (table["w"] > 0) & (table["h"] > 0)
    images_of_rows = table["image"].tolist()
    points = keypoints_of(f"{folder}/Anno/list_landmarks.txt", images_of_rows)[keep] if with_landmarks else None
    attributes, positive, unknown = attributes_of(folder, images_of_rows) if with_attributes else (None, None, None)
    table = table[keep]
    columns = [table[name].tolist() for name in ("id", "image", "width", "height", "split", "category", "left", "top", "w", "h")]
    images = [
        {"id": id, "width": width, "height": height, "file_name": image, "split": split}
        for id, image, width, height, split, *_ in zip(*columns)
    ]
    annotations = [
        {
            "id": id, "image_id": id, "category_id": category, "bbox": [x, y, w, h], "area": w * h, "iscrowd": 0,
            "segmentation": [[x, y, x + w, y, x + w, y + h, x, y + h]],
        }
        for id, _, _, _, _, category, x, y, w, h in zip(*columns)
    ]
    if points is not None:
        flat = points.reshape(len(points), -1).tolist()
        counts = (points[:, :, 2] > 0).sum(axis=1).tolist()
        for annotation, keypoints, count in zip(annotations, flat, counts):
            annotation["keypoints"] = keypoints
            annotation["num_keypoints"] = count
        for category in categories:
            category.update(keypoints=LANDMARKS, skeleton=[])
    coco = {"info": {"description": "Drawn"}, "licenses": [], "categories": categories, "images": images}
    if attributes is not None:
        coco["attributes"] = attributes
        for annotation in annotations:
            ids = positive[annotation["id"] - 1]
            annotation["attribute_ids"] = ids
            if unknown[annotation["id"] - 1]:
                annotation["attribute_unknown_ids"] = unknown[annotation["id"] - 1]
    coco["annotations"] = annotations
    with open(output, "w") as file:
        file.write(json.dumps(coco, separators=(",", ":")))


def main():
    folder, output, *options = sys.argv[1:]
    begin, cpu_begin = time.perf_counter(), time.process_time()
    convert(folder, output, "--landmarks" in options, "--attributes" in options)
    seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu_begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"version": pd.__version__, "seconds": seconds, "cpuSeconds": cpu_seconds, "peakMb": peak}))


main()
