"""The captioner: photo tokens from both backbones, a small transformer decoder, and its cross-entropy training."""

import copy
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer
from torch import nn

import decode
import features
import sources
from esr import update_average
from lstm import LstmCaptioner
from words import MAX_WORDS, PAD, UNK, Words

LONGEST = 20  # words a training caption keeps: few are longer, and padding is what costs time
CELLS, PATCHES = features.CELLS**2, 2 + features.VIT_GRID**2


@dataclass
class Config:
    """One cross-entropy run."""

    name: str
    epochs: int = 16
    batch: int = 48  # photos a step
    captions: int = 5  # drawn per photo and step
    lr: float = 8e-4
    width: int = 320
    layers: int = 3
    heads: int = 5
    dropout: float = 0.2
    smoothing: float = 0.1
    views: int = 1
    ema: float = 0.99
    seed: int = 1
    lstm: bool = False  # the paper's decoder instead, for comparison
    words_from_sentences: bool = False  # word vectors start from MiniLM's vectors of the single words


class Store:
    """The captioner's features of one split: cells by the tuned last stages and pooled ViT tokens, view by view."""

    def __init__(self, cache: Path, name: str, views: int, run: str):
        self.cells = [np.load(cache / f"cells_{run}_{name}_{v}.npy", mmap_mode="r") for v in range(views)]
        self.vit = [np.load(p, mmap_mode="r") for v in range(views) if (p := cache / f"vit_{name}_{v}.npy").exists()]
        self.photos = len(self.cells[0])

    def images(self, rows, rng=None):
        """Cells [b, 9, 1280] and ViT tokens [b, 66, 384] of photos `rows`; a random view each where a generator is given."""
        views = rng.integers(0, len(self.cells), len(rows)) if rng else np.zeros(len(rows), int)
        vit_view = lambda v: v if v < len(self.vit) else rng.integers(0, len(self.vit))
        cells = np.stack([self.cells[v][r] for v, r in zip(views, rows)])
        vit = np.stack([self.vit[vit_view(v)][r] for v, r in zip(views, rows)])
        return torch.from_numpy(cells.astype(np.float32)), torch.from_numpy(vit.astype(np.float32))


class PhotoTokens(nn.Module):
    """EfficientNet cells [b, 9, 1280] and ViT tokens [b, 66, 384] -> [b, 75, width]."""

    def __init__(self, width, dropout):
        super().__init__()
        self.grid, self.patches = nn.Linear(1280, width), nn.Linear(384, width)
        self.place = nn.Parameter(torch.randn(CELLS + PATCHES, width) * 0.02)
        self.norm = nn.LayerNorm(width)
        self.dropout = dropout

    def forward(self, cells, vit):
        if self.training:
            cells, vit = F.dropout(cells, self.dropout), F.dropout(vit, self.dropout)
        return self.norm(torch.cat([self.grid(cells), self.patches(vit)], 1) + self.place)


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

    def attend(self, query, key, value, bias=None):
        """Softmax attention over the last two dimensions."""
        scores = query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1])
        return (scores if bias is None else scores + bias).softmax(-1) @ value

    def forward(self, x, cross, past):
        """One more word: x [b, k, 1, width], past key and value [b, k, heads, p, head_dim]."""
        b, k, t, w = x.shape
        query, key, value = (self.split(y) for y in self.qkv(self.norm1(x)).chunk(3, -1))
        key, value = torch.cat([past[0], key], 3), torch.cat([past[1], value], 3)
        x = x + self.out(self.attend(query, key, value).transpose(2, 3).reshape(b, k, t, w))
        # All captions of a photo ask the same keys, so they are one long list of queries.
        query = self.split(self.cross_q(self.norm2(x)).reshape(b, k * t, w))
        x = x + self.cross_out(self.attend(query, *cross).transpose(1, 2).reshape(b, k, t, w))
        return x + self.down(F.gelu(self.up(self.norm3(x)))), (key, value)

    def whole(self, x, cross, bias, keep, shape):
        """All words at once: x [kept, width] without padding, keep [kept] the places in (b, k, t) that they stand at.

        Captions are half padding; only attention needs it.
        """
        b, k, t = shape
        drop = lambda y: F.dropout(y, self.dropout, self.training)
        pad = lambda y: y.new_zeros(b * k * t, y.shape[1]).index_copy(0, keep, y)
        query, key, value = (self.split(y) for y in pad(self.qkv(self.norm1(x))).view(b * k, t, -1).chunk(3, -1))
        mixed = self.attend(query, key, value, bias).transpose(1, 2).reshape(b * k * t, -1)
        x = x + drop(self.out(mixed[keep]))
        query = self.split(pad(self.cross_q(self.norm2(x))).view(b, k * t, -1))
        mixed = self.attend(query, *cross).transpose(1, 2).reshape(b * k * t, -1)
        x = x + drop(self.cross_out(mixed[keep]))
        return x + drop(self.down(drop(F.gelu(self.up(self.norm3(x))))))


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

    def forward(self, ids, cross, keep):
        """Teacher forcing: ids [b, k, t] and the places that count, keep [b, k, t] bool -> logits [kept, vocab]."""
        t = ids.shape[-1]
        places = keep.reshape(-1).nonzero()[:, 0]
        x = self.embed(ids.reshape(-1)[places]) * math.sqrt(self.width) + self.place[places % t]
        x = F.dropout(x, self.dropout, self.training)
        bias = torch.full((t, t), -1e4).triu(1)
        for layer, c in zip(self.layers, cross):
            x = layer.whole(x, c, bias, places, ids.shape)
        return self.logits(x)

    def step(self, ids, position, past, cross):
        """One word for each beam: ids [b, k], position [1] -> logits [b, k, vocab], new past."""
        x = (self.embed(ids) * math.sqrt(self.width) + self.place[position])[:, :, None]
        new = []
        for layer, p, c in zip(self.layers, past, cross):
            x, kv = layer(x, c, p)
            new.append(kv)
        return self.logits(x)[:, :, 0], new


class Captioner(nn.Module):
    """Photo tokens and decoder over the cached features."""

    def __init__(self, config: Config, vocab: int):
        super().__init__()
        self.tokens = PhotoTokens(config.width, config.dropout)
        self.decoder = Decoder(vocab, config.width, config.layers, config.heads, config.dropout)

    def forward(self, images, ids, keep):
        return self.decoder(ids, self.decoder.cross(self.tokens(*images)), keep)

    def start(self, images, beams):
        """State for generation: the decoder's photo keys and an empty past for `beams` beams."""
        return self.decoder.begin(self.tokens(*images).float(), beams)


class Ensemble(nn.Module):
    """Several captioners of one shape as one: the mean of their log-probabilities. Photo tokens lie side by side [b, 75, members * width]."""

    def __init__(self, members: list[Captioner]):
        super().__init__()
        self.members = nn.ModuleList(members)
        first = members[0].decoder
        self.width, self.heads, self.vocab = first.width, first.layers[0].heads, len(first.bias)
        self.layers = sum(len(m.decoder.layers) for m in members)

    def tokens(self, cells, vit):
        return torch.cat([m.tokens(cells, vit) for m in self.members], -1)

    def cross(self, memory):
        parts = memory.chunk(len(self.members), -1)
        return [kv for member, part in zip(self.members, parts) for kv in member.decoder.cross(part)]

    def step(self, ids, position, past, cross):
        """As Decoder.step, over the members' layers one after the other."""
        total, new, at = 0, [], 0
        for member in self.members:
            end = at + len(member.decoder.layers)
            logits, kept = member.decoder.step(ids, position, past[at:end], cross[at:end])
            total = total + logits.float().log_softmax(-1) / len(self.members)
            new, at = new + kept, end
        return total, new

    def start(self, images, beams):
        """State for generation."""
        cross = self.cross(self.tokens(*images).float())
        b, h, _, d = cross[0][0].shape
        empty = torch.zeros(b, beams, h, 0, d)
        return cross, [(empty, empty) for _ in cross]


@torch.no_grad()
def words_from_sentences(model: Captioner, unpacked: Path, words: Words) -> None:
    """Half of each word's first vector is MiniLM's vector of the word alone, turned to the decoder's width: rare words start near their kin."""
    net = sources.load_minilm(unpacked / sources.MINILM)
    tokenizer = Tokenizer.from_file(str(unpacked / sources.MINILM / "tokenizer.json"))
    ids, mask = (torch.from_numpy(x) for x in features.encode_ids(tokenizer, words.words, 6))
    table, width = model.decoder.embed.weight.data, model.decoder.width
    vectors = sources.mean_unit(net.states(ids, mask)[-1], mask)[UNK + 1 :]
    vectors = vectors - vectors.mean(0)
    size = min(width, vectors.shape[1])
    vectors = vectors @ torch.linalg.svd(vectors, full_matrices=False)[2][:size].T
    table[UNK + 1 :, :size] = 0.7 * (table[UNK + 1 :, :size] + vectors / vectors.std(0) * width**-0.5)


def build(config: Config, words: Words) -> nn.Module:
    """A fresh captioner."""
    torch.manual_seed(config.seed)
    return LstmCaptioner(len(words.words)) if config.lstm else Captioner(config, len(words.words))


def load(name: str, cache: Path, words: Words) -> nn.Module:
    """A trained captioner by run name."""
    saved = torch.load(cache / f"captioner_{name}.pt", weights_only=False)
    model = build(Config(**saved["config"]), words)
    model.load_state_dict(saved["model"])
    return model.eval()


def smoothed_loss(logits, target, smoothing):
    """Cross-entropy over words; logits [kept, vocab], target [kept]."""
    return F.cross_entropy(logits.float(), target, label_smoothing=smoothing)


@torch.no_grad()
def caption_all(model, store: Store, words: Words, beams: int = 4, **options) -> list[list[str]]:
    """Beam captions of every photo, best first."""
    model.eval()
    out = []
    for i in range(0, store.photos, 50):
        images = store.images(np.arange(i, min(i + 50, store.photos)))
        with torch.autocast("cpu", torch.bfloat16):
            found = decode.beam_search(*decode.of_model(model, images, beams), beams, **options)
        out += [[words.decode(ids) for ids, _ in beam] for beam in found]
    return out


def train(config: Config, retrieval: str, unpacked: Path, cache: Path, words: Words, ids: np.ndarray, log=print) -> Path:
    """Runs or resumes cross-entropy training over the cells of run `retrieval`; ids [captions, MAX_WORDS + 2] in photo order."""
    out, part = cache / f"captioner_{config.name}.pt", cache / f"captioner_{config.name}.part"
    if out.exists():
        return out
    model = build(config, words)
    if config.words_from_sentences:
        words_from_sentences(model, unpacked, words)
    store, val = Store(cache, "train", config.views, retrieval), Store(cache, "val", 1, retrieval)
    ids = ids.reshape(store.photos, -1, ids.shape[1])
    per = ids.shape[1]
    optimiser = torch.optim.AdamW(model.parameters(), config.lr, betas=(0.9, 0.98), weight_decay=0.05)
    steps = config.epochs * math.ceil(store.photos / config.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.lr, total_steps=steps, pct_start=0.1, cycle_momentum=False)
    average, history, epoch = copy.deepcopy(model), [], 0
    if part.exists():
        saved = torch.load(part, weights_only=False)
        model.load_state_dict(saved["model"]), average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"]), schedule.load_state_dict(saved["schedule"])
        history, epoch = saved["history"], saved["epoch"]
    while epoch < config.epochs:
        rng, begin, total = np.random.default_rng([config.seed, epoch]), time.time(), 0.0
        torch.manual_seed(config.seed * 1000 + epoch)
        model.train()
        order = rng.permutation(store.photos)
        for i in range(0, store.photos, config.batch):
            rows = order[i : i + config.batch]
            picks = rng.permuted(np.tile(np.arange(per), (len(rows), 1)), axis=1)[:, : config.captions]
            batch = torch.from_numpy(ids[rows[:, None], picks])
            batch = batch[..., : min(LONGEST, int((batch != PAD).sum(-1).max()))]
            target, keep = batch[..., 1:], batch[..., 1:] != PAD
            with torch.autocast("cpu", torch.bfloat16):
                logits = model(store.images(rows, rng), batch[..., :-1], keep)
            loss = smoothed_loss(logits, target[keep], config.smoothing)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step(), schedule.step()
            total += loss.item() * len(rows)
            update_average(average, model, config.ema)
        epoch += 1
        history.append({"epoch": epoch, "loss": total / store.photos, "val": val_loss(average, val, cache)})
        log(f"{config.name} {history[-1]} {time.time() - begin:.0f}s", flush=True)
        torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(), "history": history, "epoch": epoch}, part)
    torch.save({"model": average.state_dict(), "history": history, "config": asdict(config)}, out)
    part.unlink()
    return out


@torch.no_grad()
def val_loss(model, val: Store, cache: Path) -> float:
    """Plain cross-entropy on the validation captions (ids cached beside the features)."""
    model.eval()
    ids = np.load(cache / "words_val.npy").reshape(val.photos, -1, MAX_WORDS + 2)
    total = 0.0
    for i in range(0, val.photos, 100):
        rows = np.arange(i, min(i + 100, val.photos))
        batch = torch.from_numpy(ids[rows])
        target, keep = batch[..., 1:], batch[..., 1:] != PAD
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(val.images(rows), batch[..., :-1], keep)
        total += smoothed_loss(logits, target[keep], 0.0).item() * len(rows)
    return round(total / val.photos, 4)
