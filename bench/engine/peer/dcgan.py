"""The peer of bench/engine: one step of DCGAN as PyTorch's tutorial has it (64x64, nz 100, ngf = ndf = 64).

Answers each line on stdin with the seconds of one step (wall, CPU); `memory` with its peak memory in MB.
usage: dcgan.py THREADS BATCH [default|channels-last|bfloat16]
"""
import resource
import sys
import time

import torch
from torch import nn


def generator(nz, width):
    blocks, channels = [], nz
    for out, stride, pad in [(8, 1, 0), (4, 2, 1), (2, 2, 1), (1, 2, 1)]:
        blocks += [nn.ConvTranspose2d(channels, width * out, 4, stride, pad, bias=False)]
        blocks += [nn.BatchNorm2d(width * out), nn.ReLU(True)]
        channels = width * out
    return nn.Sequential(*blocks, nn.ConvTranspose2d(channels, 3, 4, 2, 1, bias=False), nn.Tanh())


def discriminator(width):
    blocks, channels = [nn.Conv2d(3, width, 4, 2, 1, bias=False), nn.LeakyReLU(0.2, True)], width
    for out in (2, 4, 8):
        blocks += [nn.Conv2d(channels, width * out, 4, 2, 1, bias=False)]
        blocks += [nn.BatchNorm2d(width * out), nn.LeakyReLU(0.2, True)]
        channels = width * out
    return nn.Sequential(*blocks, nn.Conv2d(channels, 1, 4, 1, 0, bias=False), nn.Sigmoid())


def initialise(module):
    if isinstance(module, (nn.Conv2d, nn.ConvTranspose2d)):
        nn.init.normal_(module.weight, 0.0, 0.02)
    elif isinstance(module, nn.BatchNorm2d):
        nn.init.normal_(module.weight, 1.0, 0.02)
        nn.init.zeros_(module.bias)


class Trainer:
    def __init__(self, nz, width):
        self.g, self.d = generator(nz, width), discriminator(width)
        self.g.apply(initialise)
        self.d.apply(initialise)
        self.adam_g = torch.optim.Adam(self.g.parameters(), 2e-4, (0.5, 0.999))
        self.adam_d = torch.optim.Adam(self.d.parameters(), 2e-4, (0.5, 0.999))
        self.loss = nn.BCELoss()

    def gradients_d(self, real, latent):
        self.d.zero_grad()
        ones, zeros = real.new_ones(len(real)), real.new_zeros(len(real))
        on_real = self.loss(self.d(real).view(-1), ones)
        on_real.backward()
        self.fake = self.g(latent)
        on_fake = self.loss(self.d(self.fake.detach()).view(-1), zeros)
        on_fake.backward()
        return on_real + on_fake

    def gradients_g(self):
        self.g.zero_grad()
        loss = self.loss(self.d(self.fake).view(-1), self.fake.new_ones(len(self.fake)))
        loss.backward()
        return loss

    def step(self, real, latent):
        loss_d = self.gradients_d(real, latent)
        self.adam_d.step()
        loss_g = self.gradients_g()
        self.adam_g.step()
        return loss_d.item(), loss_g.item()


def main():
    threads, batch = int(sys.argv[1]), int(sys.argv[2])
    form = sys.argv[3] if len(sys.argv) > 3 else 'default'
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    trainer = Trainer(100, 64)
    real = torch.rand(batch, 3, 64, 64) * 2 - 1
    if form != 'default':
        trainer.g.to(memory_format=torch.channels_last)
        trainer.d.to(memory_format=torch.channels_last)
        real = real.to(memory_format=torch.channels_last)

    def step():
        latent = torch.randn(batch, 100, 1, 1)
        if form != 'bfloat16':
            return trainer.step(real, latent)
        # The losses of the tutorial refuse autocast: they are float32, as everyone writes them.
        with torch.autocast('cpu', dtype=torch.bfloat16):
            plain = trainer.loss
            trainer.loss = lambda p, t: autocast_off(plain, p, t)
            result = trainer.step(real, latent)
            trainer.loss = plain
            return result

    print('ready', torch.__version__, flush=True)
    for line in sys.stdin:
        if line.strip() == 'memory':
            print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, flush=True)
            continue
        wall, cpu = time.perf_counter(), time.process_time()
        step()
        print(time.perf_counter() - wall, time.process_time() - cpu, flush=True)


def autocast_off(loss, probability, target):
    with torch.autocast('cpu', enabled=False):
        return loss(probability.float(), target.float())


if __name__ == '__main__':
    main()
