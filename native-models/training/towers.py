"""The shipped retrieval towers: a trained model with the mirrored photo's mean and a correction for hubs, as plain unit vectors."""

from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

import esr

BANK = 2000  # training captions that hubs are measured by: more change nothing
TEMPERATURE, WEIGHT = 0.05, 0.7  # chosen on val
SHARE = 0.3  # length of the correction's coordinate in a query, before scaling


class Towers(nn.Module):
    """Image and text tower of one retrieval model, ending in vectors [b, dim + 2] that are compared by cosine alone.

    Some photos are near to every sentence ("hubs") and crowd out the right one. As in the inverted softmax (Smith et
    al. 2017) and querybank normalisation (Bogolin et al. 2022), each photo p pays for its nearness to a bank of
    training captions B:  score(q, p) = q.p - w * b(p),  b(p) = t * log mean_j exp(p.B_j / t).
    The price becomes a coordinate of the vectors: [p, -d, r] / M and [q, share, 0] / norm, with d = w * (b - mean b) / share
    and r filling every photo up to the same length M. Order by cosine is then order by score.
    """

    def __init__(self, model: esr.ESR):
        super().__init__()
        self.tail, self.branch = model.tail, model.branch
        self.image_head, self.text_head = model.image_head, model.text_head
        dim = model.image_head.linear.out_features
        self.dim = dim + 2
        self.register_buffer("bank", torch.zeros(dim, BANK))
        self.register_buffer("mean", torch.zeros(()))
        self.register_buffer("length", torch.ones(()))

    def plain_image(self, grids, cls, patches):
        """Pooled grid [2b, 1280], ViT CLS and patch mean [2b, 384] of photos, then of their mirror images -> unit [b, dim]."""
        both = F.normalize(self.image_head(torch.cat([grids, cls, patches], 1)), dim=-1)
        return F.normalize(both.view(2, -1, both.shape[1]).sum(0), dim=-1)

    def price(self, p):
        """d of each photo, [b, 1]."""
        nearness = TEMPERATURE * (torch.logsumexp(p @ self.bank / TEMPERATURE, 1, keepdim=True) - float(np.log(BANK)))
        return WEIGHT * (nearness - self.mean) / SHARE

    def image(self, grids, cls, patches):
        p = self.plain_image(grids, cls, patches)
        d = self.price(p)
        rest = (self.length**2 - 1 - d**2).clamp(min=0).sqrt()
        return torch.cat([p, -d, rest], 1) / self.length

    def plain_text(self, own, sentence):
        """Branch and MiniLM sentence vectors [b, 384] -> unit [b, dim]."""
        return F.normalize(self.text_head(torch.cat([own, sentence], 1)), dim=-1)

    def text(self, own, sentence):
        q = self.plain_text(own, sentence)
        share = torch.full_like(q[:, :1], SHARE)
        return torch.cat([q, share, torch.zeros_like(share)], 1) / (1 + SHARE**2) ** 0.5

    @torch.no_grad()
    def fit(self, bank: torch.Tensor, images: torch.Tensor) -> None:
        """Sets the bank [BANK, dim] and, from training photos [n, dim], what a usual and the largest price is."""
        self.bank.copy_(bank.T)
        self.mean.zero_()
        self.mean.copy_(self.price(images).mean() * SHARE / WEIGHT)
        self.length.copy_((1 + 1.2 * self.price(images).square().max()).sqrt())


@torch.no_grad()
def load(run: str, unpacked: Path, cache: Path, seed: int, batch: int = 200) -> Towers:
    """The towers of a finished run, corrected by training captions and photos."""
    saved = torch.load(cache / f"esr_{run}.pt", weights_only=False)
    known = {k: v for k, v in saved["config"].items() if k in esr.Config.__dataclass_fields__}
    model = esr.build(esr.Config(**known), unpacked)
    model.load_state_dict(saved["model"])
    model.eval()
    store = esr.Store(cache, "train", 1)
    rows = np.sort(np.random.default_rng(seed).choice(len(store.owner), BANK, replace=False))
    bank = torch.cat([model.text(*store.captions(rows[i : i + batch])) for i in range(0, BANK, batch)])
    photos = np.arange(0, store.photos, 3)
    images = torch.cat([model.image(*store.images(photos[i : i + batch])) for i in range(0, len(photos), batch)])
    towers = Towers(model).eval()
    towers.fit(bank, images)
    return towers
