"""Writes what PyTorch computes in single DCGAN steps, from its own states after some steps of training.

usage: parity.py OUT.safetensors NZ WIDTH TRAIN_BATCH BATCH SEED STEP...   (for example: out.safetensors 8 8 16 16 1 0 50 200)
For each STEP: weights, Adam's slots and step, the losses and every gradient of the step that follows it, in
tfjs's axis order (HWIO). With SEED 1 images and latents come from formulas (`batch_of`) and stay out of the file;
with any other they are drawn, and are in it with the losses and gradients of PyTorch in single precision, in its default
layout (`single.`) and channels-last (`channels-last.`).
"""
import json
import struct
import sys
from copy import deepcopy

import numpy as np
import torch
from dcgan import Trainer

LAYERS = {
    'generator': ['project', 'up1', 'up2', 'up3', 'image'],
    'discriminator': ['down1', 'down2', 'down3', 'down4', 'judge'],
}


def batch_of(step, batch, nz, seed):
    """Gratings of random direction and colour, and latents, in double precision."""
    n = np.arange(1, batch + 1, dtype=np.float64)
    latent = 1.4 * np.sin(0.37 * np.arange(batch * nz, dtype=np.float64) ** 1.01 + step)
    across, down, colour = np.sin(12.9898 * n + step), np.sin(78.233 * n + step), 37.719 * n
    if seed != 1:
        rng = np.random.default_rng([seed, step])
        across, down = rng.uniform(-1, 1, (2, batch))
        colour, latent = rng.uniform(0, 7, batch), rng.standard_normal(batch * nz)
    across, down, colour = (x[:, None, None, None] for x in (9 * across, 9 * down, colour))
    y, x = (axis[None, :, :, None] / 64 for axis in np.mgrid[0:64, 0:64])
    channel = np.arange(3, dtype=np.float64)[None, None, None, :]
    image = np.sin(across * x + down * y + 2 * np.sin(colour + channel + step))
    images = torch.from_numpy(image.astype(np.float32)).permute(0, 3, 1, 2).contiguous()
    return images, torch.from_numpy(latent.astype(np.float32)).view(batch, nz, 1, 1)


def named(net, names):
    """(name, parameter) with the names and the order of the tfjs model."""
    convolutions = [m for m in net if hasattr(m, 'kernel_size')]
    norms = [m for m in net if isinstance(m, torch.nn.BatchNorm2d)]
    shift = 1 if names[0] == 'down1' else 0
    for index, (name, conv) in enumerate(zip(names, convolutions)):
        yield f'{name}.weight', conv.weight
        if 0 <= index - shift < len(norms) and name not in ('down1', 'judge', 'image'):
            yield f'{name}.scale', norms[index - shift].weight
            yield f'{name}.offset', norms[index - shift].bias


def array(tensor):
    value = tensor.detach()
    return (value.permute(2, 3, 1, 0) if value.dim() == 4 else value).contiguous().numpy().astype(np.float32)


def record_state(trainer, step, at, out):
    for side, net, adam in (('generator', trainer.g, trainer.adam_g), ('discriminator', trainer.d, trainer.adam_d)):
        for name, parameter in named(net, LAYERS[side]):
            out[f'{at}state.{side}.{name}'] = array(parameter)
            # Slots that no loss or gradient of the step depends on, or that are still zero, are left out.
            if side == 'generator' or parameter not in adam.state:
                continue
            for slot, key in (('m', 'exp_avg'), ('v', 'exp_avg_sq')):
                out[f'{at}state.{side}Slots.{slot}.{name}'] = array(adam.state[parameter][key])
        out[f'{at}state.{side}Slots.step'] = np.array(step, dtype=np.float32)


def record_step(trainer, images, latent, at, out):
    losses = {'discriminatorLoss': trainer.gradients_d(images, latent)}
    for name, parameter in named(trainer.d, LAYERS['discriminator']):
        out[f'{at}gradients.discriminator.{name}'] = array(parameter.grad).copy()
    trainer.adam_d.step()
    losses['generatorLoss'] = trainer.gradients_g()
    for name, parameter in named(trainer.g, LAYERS['generator']):
        out[f'{at}gradients.generator.{name}'] = array(parameter.grad).copy()
    for name, loss in losses.items():
        out[f'{at}outputs.{name}'] = np.array(loss.item(), dtype=np.float32)


def record(trainer, step, batch, nz, seed, out):
    record_state(trainer, step, f'{step}.', out)
    images, latent = batch_of(step, batch, nz, seed)
    if seed != 1:
        out[f'{step}.batch.images'] = images.permute(0, 2, 3, 1).contiguous().numpy()
        out[f'{step}.batch.latent'] = latent.view(batch, 1, 1, nz).numpy()
        record_step(copied(trainer, torch.float32), images, latent, f'{step}.single.', out)
        nhwc = copied(trainer, torch.float32, torch.channels_last)
        record_step(nhwc, images, latent, f'{step}.channels-last.', out)
    # The truth of the step is computed in double precision: in single precision an activation next to a
    # rectifier's kink may fall on either side, which moves gradients of small models by up to a percent.
    record_step(copied(trainer, torch.float64), images.double(), latent.double(), f'{step}.', out)


def copied(trainer, dtype, layout=torch.contiguous_format):
    copy = Trainer.__new__(Trainer)
    copy.loss = trainer.loss
    for side in ('g', 'd'):
        net = deepcopy(getattr(trainer, side)).to(dtype, memory_format=layout)
        adam = torch.optim.Adam(net.parameters(), 2e-4, (0.5, 0.999))
        adam.load_state_dict(deepcopy(getattr(trainer, 'adam_' + side).state_dict()))
        setattr(copy, side, net)
        setattr(copy, 'adam_' + side, adam)
    return copy


def save(tensors, path):
    header, offset = {}, 0
    for name, value in tensors.items():
        header[name] = {'dtype': 'F32', 'shape': list(value.shape), 'data_offsets': [offset, offset + value.nbytes]}
        offset += value.nbytes
    text = json.dumps(header, separators=(',', ':')).encode()
    with open(path, 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text)
        for value in tensors.values():
            file.write(value.tobytes())


def main():
    path, (nz, width, train_batch, batch, seed, *steps) = sys.argv[1], map(int, sys.argv[2:])
    # One: on a busy machine threads that wait for each other take many times as long.
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    trainer, out, done = Trainer(nz, width), {}, 0
    for step in steps:
        while done < step:
            trainer.step(*batch_of(done, train_batch, nz, seed))
            done += 1
        record(trainer, step, batch, nz, seed, out)
    save(out, path)


if __name__ == '__main__':
    main()
