"""Trains the reader's digit network on pictures that make.ts drew.

    python3 train.py <minutes> <weights.json> <folder that make.ts filled>...
    python3 train.py <minutes> <weights.json> --from checkpoint.pt <folder>...

Needs PyTorch (Debian: python3-torch). Runs on two cores without an accelerator. The last thousand pictures of the
last folder are kept for watching progress and are not trained on. The network says for each column of the picture
which digit stands there, or none: no cutting into digits, and equal neighbours stay two. First it is told where the
digits stand, which it learns quickly; then only what they are (CTC), so that the probability of a whole text counts.

The weights in the repository: seeds 11 and 12 of make.ts, about 27,000 pictures each in 242 font families from Debian's
fonts-* packages and @fontsource; 30 minutes (7,200 steps) on two busy cores; then formatted (npx biome format --write).
Never shown to it: Libre Bodoni, Century Schoolbook and its kin, Helvetica and its kin, DejaVu Sans, Cardo, Quattrocento,
Oranienbaum, IBM Plex Serif, Libre Baskerville, Vidaloka, nor any picture of another program.
"""
import base64
import json
import sys
import time

import numpy as np
import torch
from torch import nn

HEIGHT, COLUMNS = 32, 176
BATCH = 40
# For this share of the time the network learns where digits stand; then how they spell.
LOCATED_ONLY = 0.55
CLASS_WEIGHTS = torch.tensor([1.0] + [2.5] * 10)


def layer(before, after, size, stride=1, padding=1):
    return nn.Sequential(
        nn.Conv2d(before, after, size, stride, padding, bias=False), nn.BatchNorm2d(after), nn.ReLU()
    )


def network():
    return nn.Sequential(
        layer(1, 16, 5, 2, 2),
        layer(16, 24, 3),
        nn.MaxPool2d((2, 1)),
        layer(24, 32, 3),
        layer(32, 48, 3),
        nn.MaxPool2d((2, 1)),
        layer(48, 56, 3),
        layer(56, 88, (4, 3), 1, (0, 1)),
        nn.Conv2d(88, 11, (1, 3), 1, (0, 1)),
    )


def load(folders):
    images = np.concatenate([np.fromfile(f"{f}/images.bin", np.uint8).reshape(-1, HEIGHT, COLUMNS) for f in folders])
    labels = np.concatenate([np.fromfile(f"{f}/labels.bin", np.uint8).reshape(-1, 5) for f in folders])
    centres = np.concatenate([np.fromfile(f"{f}/centres.bin", np.uint8).reshape(-1, 5) for f in folders])
    return images, labels, centres.astype(np.float32)


def places(labels, centres, columns):
    """For each column the digit in whose middle it lies, 0 between digits, -1 where it may be either."""
    target = np.zeros((len(labels), columns), np.int64)
    column = centres / 2
    every = np.arange(len(labels))
    tight = np.diff(column, axis=1) < 4.5
    for i in range(5):
        middle = np.clip(np.round(column[:, i]).astype(int), 1, columns - 2)
        squeezed = (tight[:, i - 1] if i > 0 else False) | (tight[:, i] if i < 4 else False)
        for side in (-1, 1):
            at = middle + side
            free = target[every, at] <= 0
            target[every[free], at[free]] = np.where(squeezed, -1, labels[:, i] + 1)[free]
        target[every, middle] = labels[:, i] + 1
    return torch.from_numpy(target)


def varied(batch, random):
    """Shifted a little, paler or darker, blurred or noisy: what no two programs do alike. Also tells the shift."""
    x = torch.from_numpy(batch).float() / 255
    n = x.shape[0]
    shift = int(random.integers(-7, 12))
    x = torch.roll(x, (int(random.integers(-2, 3)), shift), (1, 2))
    gain = torch.from_numpy(random.uniform(0.7, 1.25, (n, 1, 1))).float()
    gamma = torch.from_numpy(random.uniform(0.7, 1.5, (n, 1, 1))).float()
    x = (x * gain).clamp(0, 1) ** gamma
    if random.random() < 0.2:
        x = nn.functional.avg_pool2d(x[:, None], 3, 1, 1)[:, 0] * 1.2
    if random.random() < 0.2:
        x = x + 0.08 * torch.randn_like(x)
    return x.clamp(0, 1)[:, None], shift


def decode(scores):
    best = scores.argmax(1).numpy()
    texts = []
    for row in best:
        kept = [d for i, d in enumerate(row) if d != 0 and (i == 0 or row[i - 1] != d)]
        texts.append([int(d) - 1 for d in kept])
    return texts


def right(model, images, labels):
    model.eval()
    hits = 0
    with torch.no_grad():
        for at in range(0, len(images), 200):
            x = torch.from_numpy(images[at : at + 200]).float()[:, None] / 255
            for text, label in zip(decode(model(x).squeeze(2)), labels[at : at + 200]):
                hits += text == list(label)
    model.train()
    return hits / len(images)


def folded(conv, norm):
    weight = conv.weight.detach()
    if norm is None:
        return weight, conv.bias.detach()
    factor = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
    return weight * factor[:, None, None, None], norm.bias.detach() - norm.running_mean * factor


def export(model, path):
    """Batch norms folded in, weights as signed bytes with one scale for each output channel."""
    layers = []
    for module in model:
        if isinstance(module, nn.MaxPool2d):
            layers.append({"kind": "halve-height"})
            continue
        conv, norm = (module, None) if isinstance(module, nn.Conv2d) else (module[0], module[1])
        weight, bias = folded(conv, norm)
        scale = weight.abs().amax((1, 2, 3)) / 127
        quantised = torch.round(weight / scale[:, None, None, None]).to(torch.int8)
        layers.append({
            "kind": "convolution",
            "outputs": conv.out_channels, "inputs": conv.in_channels,
            "rows": conv.kernel_size[0], "columns": conv.kernel_size[1],
            "stride": conv.stride[0], "padding": list(conv.padding), "rectified": norm is not None,
            "scale": [float(f"{s:.6g}") for s in scale], "bias": [float(f"{b:.6g}") for b in bias],
            "weights": base64.b64encode(quantised.numpy().tobytes()).decode(),
        })
    with open(path, "w") as file:
        json.dump({"layers": layers}, file, indent=1)
        file.write("\n")


def main():
    minutes, target, *folders = sys.argv[1:]
    torch.manual_seed(1)
    torch.set_num_threads(2)
    random = np.random.default_rng(1)
    model = network().to(memory_format=torch.channels_last)
    located_only, peak = LOCATED_ONLY, 3e-3
    if folders[0] == "--from":
        model.load_state_dict(torch.load(folders[1]))
        located_only, peak = 0, 1.5e-3
        folders = folders[2:]
    images, labels, centres = load(folders)
    watched = images[-1000:], labels[-1000:]
    images = images[:-1000]
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=1e-2)
    start, last, step = time.time(), float(minutes) * 60, 0
    losses = []
    while time.time() - start < last:
        done = (time.time() - start) / last
        rate = peak * min(1, step / 200 + 0.01) * (0.5 + 0.5 * np.cos(np.pi * done)) + 1e-5
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = random.integers(0, len(images), BATCH)
        x, shift = varied(images[chosen], random)
        known = labels[chosen].astype(np.int64)
        scores = model(x).squeeze(2)
        located = nn.functional.cross_entropy(
            scores, places(known, centres[chosen] + shift, scores.shape[2]), ignore_index=-1, weight=CLASS_WEIGHTS
        )
        spelled = torch.zeros(())
        if done >= located_only:
            columns = scores.permute(2, 0, 1).log_softmax(2)
            length = torch.full((BATCH,), columns.shape[0])
            spelled = nn.functional.ctc_loss(
                columns, torch.from_numpy(known) + 1, length, torch.full((BATCH,), 5), zero_infinity=True
            )
        loss = located * (1 if done < located_only else 0.1) + spelled
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 2)
        optimiser.step()
        losses.append(loss.item())
        step += 1
        if step % 250 == 0:
            print(f"{time.time() - start:5.0f} s, step {step}, loss {np.mean(losses[-250:]):.4f}, "
                  f"right {right(model, *watched):.3f}", flush=True)
            torch.save(model.state_dict(), target + ".pt")
    print(f"right at the end {right(model, *watched):.4f}")
    torch.save(model.state_dict(), target + ".pt")
    export(model.eval(), target)


if __name__ == "__main__":
    main()
