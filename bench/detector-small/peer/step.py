"""One training step of the small detector in PyTorch (double precision), samples given.

usage: step.py INPUT.safetensors OUTPUT.safetensors
INPUT holds `weights.*` and `inputs.*` and the architecture in its metadata; OUTPUT gets `losses.*` and `gradients.*`.
"""
import json
import sys

import tensors
from network import Network, training_losses

given, metadata = tensors.read(sys.argv[1])
part = lambda prefix: {n.removeprefix(prefix): t.double() for n, t in given.items() if n.startswith(prefix)}
weights = {name: tensor.requires_grad_() for name, tensor in part("weights.").items()}
inputs = part("inputs.")
losses = training_losses(Network(weights, json.loads(metadata["architecture"])), inputs["images"], inputs)
sum(losses.values()).backward()
answers = {f"losses.{name}": loss for name, loss in losses.items()}
answers |= {f"gradients.{name}": weight.grad for name, weight in weights.items()}
tensors.write(sys.argv[2], answers)
