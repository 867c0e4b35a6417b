"""Takes out of a TensorFlow wheel what a C program links against.

usage: unpack_wheel.py WHEEL DESTINATION

Writes DESTINATION/lib (the two shared libraries, with the names that the linker and tfjs-node look for) and
DESTINATION/include (the headers that the C API reaches).
"""

import os
import shutil
import sys
import zipfile

INCLUDE = "tensorflow/include/"
# The C API, and what its headers include in turn.
HEADER_FOLDERS = ("tensorflow/c/", "tensorflow/core/platform/", "tsl/", "xla/tsl/")
# Library in the wheel -> further names for it.
LIBRARIES = {
    # tfjs-node takes the second for the library it would have fetched.
    "libtensorflow_cc.so.2": ("libtensorflow.so", "libtensorflow.so.2.9.1"),
    "libtensorflow_framework.so.2": ("libtensorflow_framework.so",),
}


def place_of(name):
    """Where a file of the wheel goes, below the destination; None for those that stay out."""
    folder, _, base = name.rpartition("/")
    if folder == "tensorflow" and base in LIBRARIES:
        return os.path.join("lib", base)
    header = name.removeprefix(INCLUDE)
    if header != name and header.endswith(".h") and header.startswith(HEADER_FOLDERS):
        return os.path.join("include", header)
    return None


def unpack(wheel, destination):
    found = set()
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            place = place_of(name)
            if place is None:
                continue
            found.add(os.path.basename(place))
            target = os.path.join(destination, place)
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with archive.open(name) as source, open(target, "wb") as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
    missing = [name for name in (*LIBRARIES, "c_api.h") if name not in found]
    if missing:
        sys.exit(f"{os.path.basename(wheel)} has no {', '.join(missing)}: take another version of TensorFlow.")
    for library, others in LIBRARIES.items():
        for other in others:
            os.symlink(library, os.path.join(destination, "lib", other))


if __name__ == "__main__":
    unpack(*sys.argv[1:3])
