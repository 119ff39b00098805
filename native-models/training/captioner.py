"""The captioner: photo tokens from both backbones, a small transformer decoder, and its cross-entropy training."""

import copy
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import decode
import sources
from esr import Store, update_average
from words import BOS, EOS, MAX_WORDS, PAD, Words

LONGEST = 20  # words a training caption keeps: few are longer, and padding is what costs time


@dataclass
class Config:
    """One cross-entropy run."""

    name: str
    epochs: int = 8  # length of the learning-rate schedule
    stop: int = 0  # passes really run, where fewer
    batch: int = 48  # photos a step
    captions: int = 3  # drawn per photo and step
    lr: float = 8e-4
    width: int = 320
    layers: int = 3
    heads: int = 5
    dropout: float = 0.2
    smoothing: float = 0.1
    views: int = 1
    ema: float = 0.99
    seed: int = 1


class PhotoTokens(nn.Module):
    """EfficientNet grid [b, 1280, 9, 9] and ViT tokens [b, 66, 384] -> [b, 147, width]."""

    def __init__(self, width, dropout):
        super().__init__()
        self.grid, self.patches = nn.Linear(1280, width), nn.Linear(384, width)
        self.place = nn.Parameter(torch.randn(81 + 66, width) * 0.02)
        self.norm = nn.LayerNorm(width)
        self.dropout = dropout

    def forward(self, grid, vit):
        grid = grid.flatten(2).transpose(1, 2)
        if self.training:
            grid, vit = F.dropout(grid, self.dropout), F.dropout(vit, self.dropout)
        return self.norm(torch.cat([self.grid(grid), self.patches(vit)], 1) + self.place)


class Layer(nn.Module):
    """Pre-norm decoder layer: causal self-attention, attention to the photo, feed-forward."""

    def __init__(self, width, heads, dropout):
        super().__init__()
        self.heads, self.dropout = heads, dropout
        self.norm1, self.norm2, self.norm3 = (nn.LayerNorm(width) for _ in range(3))
        self.qkv, self.out = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.cross_q, self.cross_kv, self.cross_out = nn.Linear(width, width), nn.Linear(width, 2 * width), nn.Linear(width, width)
        self.up, self.down = nn.Linear(width, 2 * width), nn.Linear(2 * width, width)

    def split(self, x):
        """[..., t, width] -> [..., heads, t, head_dim]"""
        return x.view(*x.shape[:-1], self.heads, -1).transpose(-2, -3)

    def cross(self, memory):
        """Photo tokens [b, n, width] -> key and value, each [b, heads, n, head_dim]."""
        key, value = self.cross_kv(memory).chunk(2, -1)
        return self.split(key), self.split(value)

    def forward(self, x, cross, past=None, bias=None):
        """x [b, k, t, width]: k captions of each photo. past: key, value [b, k, heads, p, head_dim]."""
        b, k, t, w = x.shape
        drop = lambda y: F.dropout(y, self.dropout, self.training)
        query, key, value = (self.split(y) for y in self.qkv(self.norm1(x)).chunk(3, -1))
        if past is not None:
            key, value = torch.cat([past[0], key], 3), torch.cat([past[1], value], 3)
        scores = query @ key.transpose(-1, -2) / math.sqrt(w // self.heads)
        scores = scores if bias is None else scores + bias
        x = x + drop(self.out((scores.softmax(-1) @ value).transpose(2, 3).reshape(b, k, t, w)))
        # All captions of a photo ask the same keys, so they are one long list of queries.
        query = self.split(self.cross_q(self.norm2(x)).reshape(b, k * t, w))
        scores = query @ cross[0].transpose(-1, -2) / math.sqrt(w // self.heads)
        x = x + drop(self.cross_out((scores.softmax(-1) @ cross[1]).transpose(1, 2).reshape(b, k, t, w)))
        x = x + drop(self.down(drop(F.gelu(self.up(self.norm3(x))))))
        return x, (key, value)


class Decoder(nn.Module):
    """Word numbers and photo tokens -> logits over words; embedding and output share one table."""

    def __init__(self, vocab, width, layers, heads, dropout):
        super().__init__()
        self.embed = nn.Embedding(vocab, width)
        nn.init.normal_(self.embed.weight, std=width**-0.5)
        self.place = nn.Parameter(torch.randn(MAX_WORDS + 2, width) * 0.02)
        self.layers = nn.ModuleList(Layer(width, heads, dropout) for _ in range(layers))
        self.norm = nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(vocab))
        self.dropout, self.width = dropout, width

    def cross(self, memory):
        return [layer.cross(memory) for layer in self.layers]

    def begin(self, memory, beams):
        """Keys of the photo tokens and an empty past for `beams` captions a photo."""
        cross = self.cross(memory)
        b, h, _, d = cross[0][0].shape
        empty = torch.zeros(b, beams, h, 0, d)
        return cross, [(empty, empty) for _ in cross]

    def logits(self, x):
        return F.linear(self.norm(x), self.embed.weight, self.bias)

    def forward(self, ids, cross, keep=None):
        """Teacher forcing: ids [b, k, t] -> logits [b, k, t, vocab], or [kept, vocab] for the places marked in keep."""
        t = ids.shape[-1]
        x = self.embed(ids) * math.sqrt(self.width) + self.place[:t]
        x = F.dropout(x, self.dropout, self.training)
        bias = torch.full((t, t), -1e4).triu(1)
        for layer, c in zip(self.layers, cross):
            x, _ = layer(x, c, None, bias)
        return self.logits(x if keep is None else x[keep])

    def step(self, ids, position, past, cross):
        """One word for each beam: ids [b, k], position [1] -> logits [b, k, vocab], new past."""
        x = (self.embed(ids) * math.sqrt(self.width) + self.place[position])[:, :, None]
        new = []
        for layer, p, c in zip(self.layers, past, cross):
            x, kv = layer(x, c, p)
            new.append(kv)
        return self.logits(x)[:, :, 0], new


class Captioner(nn.Module):
    """Frozen EfficientNet tail, photo tokens and decoder."""

    def __init__(self, config: Config, vocab: int, tail):
        super().__init__()
        self.tail = tail.requires_grad_(False)
        self.tokens = PhotoTokens(config.width, config.dropout)
        self.decoder = Decoder(vocab, config.width, config.layers, config.heads, config.dropout)

    def memory(self, stem, vit):
        with torch.no_grad():
            grid = self.tail(stem)
        return self.tokens(grid, vit)

    def forward(self, stem, vit, ids, keep=None):
        return self.decoder(ids, self.decoder.cross(self.memory(stem, vit)), keep)

    def start(self, stem, vit, beams):
        """State for generation: the decoder's photo keys and an empty past for `beams` beams."""
        return self.decoder.begin(self.memory(stem, vit).float(), beams)


def build(config: Config, unpacked: Path, words: Words):
    """A fresh captioner."""
    torch.manual_seed(config.seed)
    _, tail = sources.load_lite2(unpacked / sources.LITE2)
    tail = tail.to(memory_format=torch.channels_last)
    return Captioner(config, len(words.words), tail)


def load(name: str, unpacked: Path, cache: Path, words: Words):
    """A trained captioner by run name."""
    saved = torch.load(cache / f"captioner_{name}.pt", weights_only=False)
    model = build(Config(**{k: v for k, v in saved["config"].items() if k in Config.__annotations__}), unpacked, words)
    model.load_state_dict(saved["model"])
    return model.eval()


def smoothed_loss(logits, target, smoothing):
    """Cross-entropy over real words; logits [..., vocab], target [...] with PAD ignored."""
    return F.cross_entropy(logits.float().flatten(0, -2), target.flatten(), ignore_index=PAD, label_smoothing=smoothing)


@torch.no_grad()
def caption_all(model, store: Store, words: Words, beams: int = 4, limit: int | None = None, **options) -> list[list[str]]:
    """Beam captions of every photo, best first."""
    model.eval()
    out = []
    for i in range(0, limit or store.photos, 50):
        stem, vit = store.images(np.arange(i, min(i + 50, limit or store.photos)))
        for beam in decode.beam_search(*decode.of_model(model, stem, vit, beams), beams, **options):
            out.append([words.decode(ids) for ids, _ in beam])
    return out


def train(config: Config, unpacked: Path, cache: Path, words: Words, ids: np.ndarray, log=print) -> Path:
    """Runs or resumes cross-entropy training; ids [captions, MAX_WORDS + 2] in photo order."""
    out, part = cache / f"captioner_{config.name}.pt", cache / f"captioner_{config.name}.part"
    if out.exists():
        return out
    model = build(config, unpacked, words)
    store, val = Store(cache, "train", config.views), Store(cache, "val", 1)
    per = store.first[1] - store.first[0]
    ids = ids.reshape(store.photos, per, -1)
    weights = [p for p in model.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, config.lr, betas=(0.9, 0.98), weight_decay=0.05)
    steps = config.epochs * math.ceil(store.photos / config.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.lr, total_steps=steps, pct_start=0.1, cycle_momentum=False)
    average, history, epoch = copy.deepcopy(model), [], 0
    if part.exists():
        saved = torch.load(part, weights_only=False)
        model.load_state_dict(saved["model"]), average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"]), schedule.load_state_dict(saved["schedule"])
        history, epoch = saved["history"], saved["epoch"]
    while epoch < (config.stop or config.epochs):
        rng, begin, total = np.random.default_rng([config.seed, epoch]), time.time(), 0.0
        torch.manual_seed(config.seed * 1000 + epoch)
        model.train()
        store.look()
        order = rng.permutation(store.photos)
        for i in range(0, store.photos, config.batch):
            rows = order[i : i + config.batch]
            picks = rng.permuted(np.tile(np.arange(per), (len(rows), 1)), axis=1)[:, : config.captions]
            batch = torch.from_numpy(ids[rows[:, None], picks])
            batch = batch[..., : min(LONGEST, int((batch != PAD).sum(-1).max()))]
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(*store.images(rows, rng), batch[..., :-1], batch[..., 1:] != PAD)
            loss = smoothed_loss(logits, batch[..., 1:][batch[..., 1:] != PAD], config.smoothing)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(weights, 1.0)
            optimiser.step(), schedule.step()
            total += loss.item() * len(rows)
            update_average(average, model, config.ema)
        epoch += 1
        history.append({"epoch": epoch, "loss": total / store.photos, "val": val_loss(average, val, words, cache)})
        log(f"{config.name} {history[-1]} {time.time() - begin:.0f}s", flush=True)
        torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(), "history": history, "epoch": epoch}, part)
    torch.save({"model": average.state_dict(), "history": history, "config": asdict(config)}, out)
    part.unlink()
    return out


@torch.no_grad()
def val_loss(model, val: Store, words: Words, cache: Path) -> float:
    """Plain cross-entropy on the validation captions (ids cached beside the features)."""
    model.eval()
    ids = np.load(cache / "words_val.npy").reshape(val.photos, -1, MAX_WORDS + 2)
    total = 0.0
    for i in range(0, val.photos, 100):
        rows = np.arange(i, min(i + 100, val.photos))
        batch = torch.from_numpy(ids[rows])
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(*val.images(rows), batch[..., :-1])
        total += smoothed_loss(logits, batch[..., 1:], 0.0).item() * len(rows)
    return round(total / val.photos, 4)
