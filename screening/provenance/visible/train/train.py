"""Trains both nets on what scenes.py wrote.

usage: train.py SHARDS OUT ROUNDS [RATE]
Each round takes one shard; the first is kept to watch. Where OUT is there, it is trained on from. On one thread the same
shards and the same start give the same weights.
"""
import glob
import os
import sys
import time

import numpy as np
import torch
import torch.nn.functional as T

from nets import Finder, Reader
from words import IGNORE

BATCH = 64


def load(name):
    with np.load(name) as z:
        return {k: z[k] for k in z.files}


def batch(a, rows):
    return torch.from_numpy(a[rows].astype(np.float32))


def augment(x):
    """Turns half the crops into their negatives: light text on dark is dark on light."""
    flip = (torch.rand(len(x), 1, 1) < 0.5).float()
    return x + flip * (255 - 2 * x)


def finder_loss(net, z, rows):
    score, size = net(augment(batch(z["find"], rows))[:, None])
    cells, want = torch.from_numpy(z["cells"][rows]), batch(z["size"], rows)
    care, on = (cells < 2).float(), (cells == 1).float()
    loss = T.binary_cross_entropy_with_logits(score, on, reduction="none", pos_weight=torch.tensor(3.0))
    off = (size - torch.log2(want.clamp(min=1) / 10)).abs() * on
    return (loss * care).sum() / care.sum() + 0.3 * off.sum() / on.sum().clamp(min=1)


def reader_loss(net, z, rows):
    y = net(augment(batch(z["read"], rows))[:, None])
    cols = torch.from_numpy(z["cols"][rows].astype(np.int64))
    weight = torch.ones(y.shape[1])
    weight[0] = 0.5
    return T.cross_entropy(y, cols, weight=weight, ignore_index=IGNORE)


def watch(finder, reader, z):
    finder.eval(), reader.eval()
    with torch.no_grad():
        rows = slice(0, 500)
        y = reader(batch(z["read"], rows)[:, None]).argmax(1).numpy()
        cols = z["cols"][rows]
        on = (cols > 1) & (cols < IGNORE)
        right, quiet = (y == cols)[on].mean(), (y == 0)[cols == 0].mean()
        s = finder(batch(z["find"], rows)[:, None])[0].numpy() > 0
        c = z["cells"][rows]
        found, false = s[c == 1].mean(), s[c == 0].mean()
    finder.train(), reader.train()
    return f"characters {right:.3f} gaps {quiet:.3f} cells {found:.3f} false {false:.4f}"


def main():
    shards, out, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
    peak = float(sys.argv[4]) if len(sys.argv) > 4 else 3e-3
    torch.set_num_threads(1)
    torch.manual_seed(1)
    np.random.seed(1)
    finder, reader = Finder(), Reader()
    if os.path.exists(out):
        state = torch.load(out)
        finder.load_state_dict(state["finder"]), reader.load_state_dict(state["reader"])
    opts = [torch.optim.AdamW(n.parameters(), lr=1, weight_decay=1e-4) for n in (finder, reader)]
    names = sorted(glob.glob(shards + "/*-[0-9][0-9][0-9].npz"))
    held, names = load(names[0]), names[1:]
    start, step, all_steps = time.time(), 0, rounds * (len(held["read"]) // BATCH)
    order = []
    for turn in range(rounds):
        order = order or list(np.random.permutation(len(names)))
        z = load(names[order.pop()])
        rows_of = np.random.permutation(len(z["read"]))
        total = [0.0, 0.0]
        for i in range(0, len(rows_of) - BATCH + 1, BATCH):
            lr = peak * min(1, (step + 20) / 120) * max(0.02, 0.5 + 0.5 * np.cos(np.pi * step / all_steps))
            rows = rows_of[i:i + BATCH]
            for j, (net, loss) in enumerate(((finder, finder_loss), (reader, reader_loss))):
                if j == 0 and step % 4:
                    continue  # the finder learns fast: it gets a quarter of the time
                for g in opts[j].param_groups:
                    g["lr"] = lr
                v = loss(net, z, rows)
                opts[j].zero_grad()
                v.backward()
                opts[j].step()
                total[j] += float(v)
            step += 1
        torch.save({"finder": finder.state_dict(), "reader": reader.state_dict()}, out)
        print(f"{time.time() - start:6.0f}s round {turn + 1} of {rounds}, losses {total[0] / 8:.3f} {total[1] / 31:.3f}, {watch(finder, reader, held)}", flush=True)


if __name__ == "__main__":
    main()
