"""Embedding-space retrieval: heads and fine-tuned last stages that put photos and sentences into one space."""

import copy
import math
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import features
import sources
from metrics import precision_at

LONGEST = 26  # tokens of a caption the branch is trained on: padding to the rare longer ones costs time


@dataclass
class Config:
    """One run. `objective` is infonce, triplet (hardest negative in the batch) or l2 (the paper's)."""

    name: str
    objective: str = "infonce"
    epochs: int = 10  # length of the learning-rate schedule
    stop: int = 0  # passes really run, where fewer; such a run hands on its last weights, not their average
    batch: int = 512
    lr_head: float = 1e-3
    lr_tail: float = 0.0  # 0 keeps EfficientNet's last stages as they are
    lr_branch: float = 0.0  # 0 keeps the text branch equal to MiniLM
    branch_layers: int = 3  # how many of the branch's last layers learn
    dim: int = 512
    dropout: float = 0.5
    noise: float = 0.3
    captions: int = 2  # drawn per photo and step
    soft: float = 0.0  # share of the target given to other photos with similar captions
    triplet: float = 0.0  # weight of the hardest-negative term beside InfoNCE
    views: int = 1
    vit: bool = True
    ema: float = 0.98
    warm: float = 0.15  # share of the steps in which the learning rate rises
    every: int = 1  # epochs between validations
    seed: int = 1
    start: str = ""  # checkpoint whose weights this run starts from


class Head(nn.Module):
    """Standardises features, then linear + two-layer perceptron: [b, din] -> [b, dout]."""

    def __init__(self, din, dout, hidden, dropout, noise):
        super().__init__()
        self.register_buffer("mean", torch.zeros(din))
        self.register_buffer("std", torch.ones(din))
        self.linear = nn.Linear(din, dout)
        self.mlp = nn.Sequential(nn.Linear(din, hidden), nn.GELU(), nn.Dropout(dropout), nn.Linear(hidden, dout))
        self.dropout, self.noise = dropout, noise

    def fit(self, x):
        self.mean.copy_(x.mean(0))
        self.std.copy_(x.std(0).clamp(min=1e-4))

    def forward(self, x):
        x = (x - self.mean) / self.std
        if self.training:
            x = F.dropout(x + torch.randn_like(x) * self.noise, self.dropout)
        return self.linear(x) + self.mlp(x)


class ESR(nn.Module):
    """Both towers above the frozen parts.

    image: stem output [b, 120, 17, 17] and pooled ViT tokens [b, 66, 384] -> unit [b, dim].
    text: trunk states [b, t, 384], mask [b, t], MiniLM sentence vector [b, 384] -> unit [b, dim].
    """

    def __init__(self, config: Config, tail, layers):
        super().__init__()
        self.tail, self.branch = tail, layers
        self.vit, self.plain = config.vit, not config.lr_branch
        width = 1280 + (768 if config.vit else 0)
        self.image_head = Head(width, config.dim, 1024, config.dropout, config.noise)
        self.text_head = Head(768, config.dim, 1024, config.dropout, config.noise)
        self.scale = nn.Parameter(torch.tensor(math.log(1 / 0.07)))

    def image_features(self, stem, vit):
        pooled = self.tail(stem).float().mean((2, 3))
        return torch.cat([pooled, vit[:, 0], vit[:, 1]], 1) if self.vit else pooled

    def text_features(self, states, mask, sentence):
        bias = sources.MiniLM.bias(mask)
        for layer in self.branch:
            states = layer(states, bias, 0.1)
        return torch.cat([sources.mean_unit(states.float(), mask), sentence], 1)

    def image(self, stem, vit):
        return F.normalize(self.image_head(self.image_features(stem, vit)), dim=-1)

    def text(self, states, mask, sentence):
        return F.normalize(self.text_head(self.text_features(states, mask, sentence)), dim=-1)


class Store:
    """The feature caches of one split, read batch by batch."""

    def __init__(self, cache: Path, name: str, views: int):
        self.cache, self.name, self.views = cache, name, views
        self.look()
        text = np.load(cache / f"text_{name}.npz")
        self.states, self.offsets, self.lengths = text["states"], text["offsets"], text["lengths"]
        self.sentence, self.owner = torch.from_numpy(text["sentence"]), text["owner"]
        self.first = np.searchsorted(self.owner, np.arange(len(self.lite2[0]) + 1))  # captions of photo i
        self.photos = len(self.lite2[0])

    def look(self):
        """Opens the views that are cached by now; training may begin before the last crops are made."""
        opened = lambda kind: [np.load(p, mmap_mode="r") for v in range(self.views) if (p := self.cache / f"{kind}_{self.name}_{v}.npy").exists()]
        self.lite2, self.vit = opened("lite2"), opened("vit")

    def images(self, rows, rng=None):
        """Stem output and ViT tokens of photos `rows`; a random view each where a generator is given."""
        order = np.arange(len(rows))
        views = rng.integers(0, len(self.lite2), len(rows)) if rng else np.zeros(len(rows), int)
        stem = np.empty((len(rows), 17, 17, 120), np.float32)
        vit = np.empty((len(rows), *self.vit[0].shape[1:]), np.float32)
        for i, r, v in zip(order, rows, views):
            stem[i] = self.lite2[v][r]
            vit[i] = self.vit[v if v < len(self.vit) else rng.integers(0, len(self.vit))][r]
        return torch.from_numpy(stem).permute(0, 3, 1, 2), torch.from_numpy(vit)

    def captions(self, rows):
        """Padded trunk states, mask and sentence vectors of caption numbers `rows`."""
        lengths = np.minimum(self.lengths[rows], LONGEST)
        states = np.zeros((len(rows), lengths.max(), 384), np.float32)
        for i, r in enumerate(rows):
            states[i, : lengths[i]] = self.states[self.offsets[r] : self.offsets[r] + lengths[i]]
        mask = torch.arange(lengths.max())[None] < torch.from_numpy(lengths)[:, None]
        return torch.from_numpy(states), mask, self.sentence[rows]


def loss_of(config: Config, model: ESR, image, text, target):
    """Objective on unit vectors image, text [b, dim]; target [b, b] holds each row's soft labels."""
    similarity = image @ text.T
    if config.objective == "l2":
        return (image - text).square().sum(1).mean()

    def hardest(margin=0.2):
        off = similarity - 2 * torch.eye(len(image))
        own = similarity.diagonal()
        return (F.relu(margin + off.amax(1) - own) + F.relu(margin + off.amax(0) - own)).mean()

    if config.objective == "triplet":
        return hardest()
    logits = similarity * model.scale.exp().clamp(max=100)
    loss = -((target * logits.log_softmax(1)).sum(1).mean() + (target.T * logits.T.log_softmax(1)).sum(1).mean()) / 2
    return loss + config.triplet * hardest() if config.triplet else loss


def branch_features(model: ESR, store: Store, rows, parts: int = 3) -> torch.Tensor:
    """Text features of caption numbers `rows`, worked through in groups of like length to save padding."""
    order = np.argsort(store.lengths[rows], kind="stable")
    out = torch.cat([model.text_features(*store.captions(rows[part])) for part in np.array_split(order, parts)])
    return out[torch.from_numpy(np.argsort(order))]


@torch.no_grad()
def update_average(average, model, decay: float) -> None:
    """Exponential moving average of the trained weights."""
    for a, b in zip(average.parameters(), model.parameters()):
        if b.requires_grad:
            a.mul_(decay).add_(b, alpha=1 - decay)


@torch.no_grad()
def encode(model: ESR, store: Store, batch: int = 250):
    """Unit vectors of all photos (view 0) and all captions, numpy."""
    model.eval()
    images = [model.image(*store.images(np.arange(i, min(i + batch, store.photos)))) for i in range(0, store.photos, batch)]
    if model.plain:  # the branch still equals MiniLM: its vector is cached
        return torch.cat(images).numpy(), F.normalize(model.text_head(torch.cat([store.sentence, store.sentence], 1)), dim=-1).numpy()
    texts = torch.zeros(len(store.owner), images[0].shape[1])
    order = np.argsort(store.lengths)
    for i in range(0, len(order), batch):
        texts[order[i : i + batch]] = model.text(*store.captions(order[i : i + batch]))
    return torch.cat(images).numpy(), texts.numpy()


@torch.no_grad()
def pooled_features(model: ESR, store: Store, cache: Path) -> torch.Tensor:
    """Features of the untouched backbones for every training photo [photos, 1280 + 768], kept in the cache."""
    path = cache / "pooled_train.npy"
    if not path.exists():
        model.eval()
        chunks = range(0, store.photos, 500)
        np.save(path, torch.cat([model.image_features(*store.images(np.arange(i, min(i + 500, store.photos)))) for i in chunks]).numpy())
    return torch.from_numpy(np.load(path))


def build(config: Config, unpacked: Path) -> ESR:
    """A fresh model on the pinned backbones' last stages."""
    torch.manual_seed(config.seed)
    _, tail = sources.load_lite2(unpacked / sources.LITE2)
    minilm = sources.load_minilm(unpacked / sources.MINILM)
    return ESR(config, tail.to(memory_format=torch.channels_last), minilm.layers[features.BRANCH :])


def train(config: Config, unpacked: Path, cache: Path, log=print) -> Path:
    """Runs or resumes one configuration; writes esr_NAME.pt (averaged weights, history) and returns its path."""
    out, part = cache / f"esr_{config.name}.pt", cache / f"esr_{config.name}.part"
    if out.exists():
        return out
    model = build(config, unpacked)
    store, val = Store(cache, "train", config.views), Store(cache, "val", 1)
    frozen = not config.lr_tail and config.views == 1
    if config.start:
        model.load_state_dict(torch.load(cache / f"esr_{config.start}.pt", weights_only=False)["model"])
    if frozen or not config.start:
        pooled = pooled_features(model, store, cache)
    if not config.start:
        model.image_head.fit(pooled)
        model.text_head.fit(torch.cat([store.sentence, store.sentence], 1))
    centroid = F.normalize(torch.stack([store.sentence[a:b].mean(0) for a, b in zip(store.first[:-1], store.first[1:])]), dim=-1)
    groups = [{"params": [*model.image_head.parameters(), *model.text_head.parameters(), model.scale], "lr": config.lr_head}]
    model.tail.requires_grad_(False), model.branch.requires_grad_(False)
    if config.lr_tail:
        # Depthwise weights stay: few parameters, yet their gradient would be most of the step's time on a CPU.
        wide = [m for m in model.tail.modules() if isinstance(m, nn.Conv2d) and m.groups == 1]
        groups.append({"params": [p.requires_grad_(True) for m in wide for p in m.parameters()], "lr": config.lr_tail})
    if config.lr_branch:
        groups.append({"params": list(model.branch[-config.branch_layers :].requires_grad_(True).parameters()), "lr": config.lr_branch})
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01)
    steps = config.epochs * math.ceil(store.photos / config.batch)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [g["lr"] for g in groups], total_steps=steps, pct_start=config.warm)
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
            picks = np.stack([rng.permutation(np.arange(store.first[r], store.first[r + 1]))[: config.captions] for r in rows], 1).reshape(-1)
            with torch.autocast("cpu", torch.bfloat16, enabled=not frozen):
                image = pooled[rows] if frozen else model.image_features(*store.images(rows, rng))
                if config.lr_branch:
                    text = branch_features(model, store, picks)
                else:
                    text = torch.cat([store.sentence[picks], store.sentence[picks]], 1)
            text = text.float().view(config.captions, len(rows), -1)
            share = torch.rand(len(rows), 1)
            mixed = text[0] * share + text[-1] * (1 - share)  # caption vectors mixed in pairs
            image = F.normalize(model.image_head(image.float()), dim=-1)
            target = torch.eye(len(rows))
            if config.soft:
                near = (centroid[rows] @ centroid[rows].T / 0.05).softmax(1)
                target = (1 - config.soft) * target + config.soft * near
            views = [mixed] if not config.lr_branch else [mixed, *text]
            loss = sum(loss_of(config, model, image, F.normalize(model.text_head(t), dim=-1), target) for t in views) / len(views)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(model.parameters(), 5.0)
            optimiser.step(), schedule.step()
            total += loss.item() * len(rows)
            step = schedule.last_epoch  # the average forgets its random start early on
            update_average(average, model, min(config.ema, (1 + step) / (10 + step)))
        epoch += 1
        history.append({"epoch": epoch, "loss": total / store.photos})
        if epoch % config.every == 0 or epoch == config.epochs:
            images, texts = encode(average, val)
            history[-1]["P"] = precision_at(texts @ images.T, val.owner)
        log(f"{config.name} {history[-1]} {time.time() - begin:.0f}s", flush=True)
        torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                    "schedule": schedule.state_dict(), "history": history, "epoch": epoch}, part)
    torch.save({"model": (model if config.stop else average).state_dict(), "history": history, "config": asdict(config)}, out)
    part.unlink()
    return out
