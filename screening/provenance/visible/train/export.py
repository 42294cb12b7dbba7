"""Writes what Go reads: int8 weights, the reader's classes, and figures to compare with.

usage: export.py NET FOLDER
weights.bin holds, layer after layer (finder first), for each output channel a float32 scale and a float32 bias, then
int8 weights by output channel, input channel, row, column; little-endian. All shapes are Go's to know.
"""
import json
import struct
import sys

import numpy as np
import torch

import nets
import words


def folded(net):
    """Each layer's weights and biases with its normalisation counted in."""
    for layer in net.body:
        n = layer.norm
        k = n.weight / torch.sqrt(n.running_var + n.eps)
        yield layer.conv.weight * k[:, None, None, None], n.bias - n.running_mean * k
    yield net.head.weight, net.head.bias


def quantised(w):
    scale = (w.abs().amax(dim=(1, 2, 3)) / 127).clamp(min=1e-12)
    return torch.round(w / scale[:, None, None, None]).to(torch.int8), scale


def plain(net, layers):
    """The net as Go runs it: folded and quantised weights, no normalisation."""
    for layer, (q, scale, bias) in zip(net.body, layers):
        layer.conv = torch.nn.Conv2d(q.shape[1], q.shape[0], q.shape[2:], layer.conv.stride, layer.conv.padding, layer.conv.dilation)
        layer.norm = torch.nn.Identity()
        layer.conv.weight.data, layer.conv.bias.data = q * scale[:, None, None, None], bias
    q, scale, bias = layers[-1]
    net.head.weight.data, net.head.bias.data = q * scale[:, None, None, None], bias
    return net


def main():
    state = torch.load(sys.argv[1])
    out, made = bytearray(), []
    with torch.no_grad():
        for net, name in ((nets.Finder(), "finder"), (nets.Reader(), "reader")):
            net.load_state_dict(state[name])
            net.eval()
            layers = []
            for w, b in folded(net):
                q, scale = quantised(w)
                layers.append((q, scale, b.clone()))
                for s, v in zip(scale.tolist(), b.tolist()):
                    out += struct.pack("<ff", s, v)
                out += q.numpy().tobytes()
            made.append(plain(net, layers))
        y, x = np.mgrid[0:32, 0:96]
        test = torch.from_numpy(((x * x * 3 + y * 17 + x * y * 5) % 256).astype(np.float32))[None, None]
        score, size = made[0](test)
        read = torch.log_softmax(made[1](test), 1)[0]
        parity = {"score": score.flatten().tolist(), "size": size.flatten().tolist(), "read": read[:, 20].tolist(), "best": read.argmax(0).tolist()}
    with open(sys.argv[2] + "/weights.bin", "wb") as f:
        f.write(out)
    with open(sys.argv[2] + "/testdata/parity.json", "w") as f:
        json.dump(parity, f)
        f.write("\n")
    with open(sys.argv[2] + "/classes.txt", "w") as f:
        f.write("".join(words.CLASSES[2:]) + "\n")
    print(len(out), "bytes")


if __name__ == "__main__":
    main()
