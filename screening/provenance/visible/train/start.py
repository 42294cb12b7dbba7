"""Makes a net to train on from what Go reads: the inverse of export.py, but for what rounding lost.

usage: start.py FOLDER SHARDS OUT
FOLDER holds weights.bin and classes.txt; characters that words.py has beyond those begin as "some other character".
SHARDS are what scenes.py wrote: normalisation, which export.py folded away, is put back so that on the first of them
each layer gives what it gave before.
"""
import glob
import struct
import sys

import numpy as np
import torch

import nets
import words


def read(data, at, conv, out):
    """One layer's weights and biases at a place of weights.bin, and the place behind them."""
    n = conv.weight[0].numel()
    head = np.frombuffer(data, "<f4", 2 * out, at).reshape(out, 2)
    body = np.frombuffer(data, np.int8, out * n, at + 8 * out).reshape(out, *conv.weight.shape[1:])
    w = torch.from_numpy(body.astype(np.float32) * head[:, 0].copy()[:, None, None, None])
    return w, torch.from_numpy(head[:, 1].copy()), at + out * (8 + n)


def put(layer, w, b, x):
    """Fills a layer so that, on x, it gives what the folded one gave."""
    layer.conv.weight.copy_(w)
    y = layer.conv(x)
    mean, var = y.mean((0, 2, 3)), y.var((0, 2, 3))
    layer.norm.running_mean.copy_(mean), layer.norm.running_var.copy_(var)
    layer.norm.weight.copy_(torch.sqrt(var + layer.norm.eps))
    layer.norm.bias.copy_(mean + b)


def grown(w, b, old):
    """The reader's last layer for all of words.py's classes, from one for as many as the old list has."""
    classes = len(words.CLASSES)
    noise = torch.Generator().manual_seed(1)
    weight, bias = [], []
    for half in range(2):
        rows = slice(half * old, (half + 1) * old)
        more = classes - old
        other = w[rows][words.OTHER]
        weight += [w[rows], other + 0.01 * torch.randn((more, *other.shape), generator=noise)]
        bias += [b[rows], b[rows][words.OTHER].expand(more) - 2]
    return torch.cat(weight), torch.cat(bias)


def main():
    folder, shards, out = sys.argv[1:]
    with open(folder + "/weights.bin", "rb") as f:
        data = f.read()
    with open(folder + "/classes.txt", encoding="utf8") as f:
        have = f.read().strip()
    if not "".join(words.CLASSES[2:]).startswith(have):
        sys.exit("words.py must keep the order of classes.txt")
    with np.load(sorted(glob.glob(shards + "/*.npz"))[0]) as z:
        seen = {k: torch.from_numpy(z[k][:256].astype(np.float32))[:, None] for k in ("find", "read")}
    at, state = 0, {}
    with torch.no_grad():
        for net, name, x, level in ((nets.Finder(), "finder", seen["find"], nets.FIND_R), (nets.Reader(), "reader", seen["read"], nets.READ_R)):
            net.eval()
            x = nets.level(x, *level)
            for layer in net.body:
                w, b, at = read(data, at, layer.conv, len(layer.norm.bias))
                put(layer, w, b, x)
                x = layer(x)
            old = 2 * (len(have) + 2) if name == "reader" else net.head.weight.shape[0]
            w, b, at = read(data, at, net.head, old)
            if name == "reader":
                w, b = grown(w, b, len(have) + 2)
            net.head.weight.copy_(w), net.head.bias.copy_(b)
            state[name] = net.state_dict()
    torch.save(state, out)
    print(at, "of", len(data), "bytes read")


if __name__ == "__main__":
    main()
