"""The two nets: a finder of text lines at low resolution, and a reader of one line.

Both see gray values made relative to their surroundings: see level, which ../level.go repeats.
"""
import torch
from torch import nn
import torch.nn.functional as T

import words

EPS = 6.0  # gray levels that count as flat


def spread(n: int, r: int):
    """For each of n places, where the box of 2*r+1 round it begins and ends."""
    at = torch.arange(n)
    return (at - r).clamp(min=0), (at + r + 1).clamp(max=n)


def level(x: torch.Tensor, ry: int, rx: int) -> torch.Tensor:
    """(x - mean) / (deviation + EPS) over the box of 2*r+1 pixels that lies within the picture, cut at -3 and 3."""
    (y0, y1), (x0, x1) = spread(x.shape[-2], ry), spread(x.shape[-1], rx)
    area = ((y1 - y0)[:, None] * (x1 - x0)[None, :]).to(x.dtype)

    def box(v):
        s = T.pad(v.double().cumsum(-1).cumsum(-2), (1, 0, 1, 0))
        s = s[..., y1, :] - s[..., y0, :]
        return ((s[..., x1] - s[..., x0]) / area).float()
    mean = box(x)
    var = (box(x * x) - mean * mean).clamp(min=0)
    return ((x - mean) / (var.sqrt() + EPS)).clamp(-3, 3)


FIND_R, READ_R = (12, 12), (16, 24)


class Conv(nn.Module):
    """Convolution, normalisation, rectifier; export.py folds the first two into one."""

    def __init__(self, cin, cout, k, stride=(1, 1), dilation=(1, 1), pad=None):
        super().__init__()
        if pad is None:
            pad = tuple(d * (n // 2) for n, d in zip(k, dilation))
        self.conv = nn.Conv2d(cin, cout, k, stride, pad, dilation, bias=False)
        self.norm = nn.BatchNorm2d(cout)

    def forward(self, x):
        return T.relu(self.norm(self.conv(x)), inplace=True)


class Finder(nn.Module):
    """Per cell of 4 by 4 pixels: whether a line of text runs through it, and log2 of its em over 10 pixels."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            Conv(1, 8, (3, 3), (2, 2)), Conv(8, 16, (3, 3), (2, 2)), Conv(16, 24, (3, 3)),
            Conv(24, 24, (3, 3), dilation=(1, 2)), Conv(24, 24, (1, 3), dilation=(1, 4)))
        self.head = nn.Conv2d(24, 2, 1)

    def forward(self, x):
        y = self.head(self.body(level(x, *FIND_R)))
        return y[:, 0], y[:, 1]


class Reader(nn.Module):
    """Per column of 2 pixels of a crop 32 high: the class of the character whose middle is there."""

    def __init__(self):
        super().__init__()
        self.body = nn.Sequential(
            Conv(1, 16, (3, 3), (2, 2)), Conv(16, 24, (3, 3), (2, 1)), Conv(24, 40, (3, 3), (2, 2)),
            Conv(40, 56, (3, 3), (2, 1)), Conv(56, 96, (2, 3), pad=(0, 1)), Conv(96, 96, (1, 3)))
        self.head = nn.Conv2d(96, 2 * len(words.CLASSES), 1)  # two columns for each position

    def forward(self, x):
        y = self.head(self.body(level(x, *READ_R)))[:, :, 0]
        n, c, w = y.shape
        return y.view(n, 2, c // 2, w).permute(0, 2, 3, 1).reshape(n, c // 2, 2 * w)
