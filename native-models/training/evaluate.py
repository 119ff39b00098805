"""Measures a pack folder on a photo set through its shipped graphs: retrieval, captions, sizes and times."""

from pathlib import Path

import numpy as np

import data
from metrics import caption_scores, precision_at
from pipeline import Pack


def unit(x: np.ndarray) -> np.ndarray:
    """Rows scaled to length 1."""
    return x / np.linalg.norm(x, axis=-1, keepdims=True)


def run(pack: Pack, split: data.Split, batch: int = 25, captions: bool = True):
    """Vectors of all photos and captions and the beam captions of every photo (unless captions is False)."""
    images, beams = [], []
    for i in range(0, len(split.files), batch):
        vectors, hidden = pack.photos(split.files[i : i + batch])
        images.append(vectors)
        if captions:
            beams += pack.ranked(pack.captions(hidden), vectors)
    texts, sentences = pack.sentences(split.flat()[0])
    return np.concatenate(images), texts, sentences, beams


def leave_one_out(sentences: np.ndarray, owner: np.ndarray) -> dict[str, list[float]]:
    """One human caption as query, the other four of its photo as the photo's own text: unit mean and best of four."""
    per = np.bincount(owner)[0]
    group = sentences.reshape(-1, per, sentences.shape[-1])
    sums = group.sum(1)
    near = sentences @ sentences.T
    near[np.arange(len(owner)), np.arange(len(owner))] = -2  # the query itself is not the photo's text
    best = near.reshape(len(owner), -1, per).max(-1)
    mean = np.empty((len(owner), len(group)), np.float32)
    for k in range(per):
        # Position k is held out everywhere, so that each photo has as many captions as the query's own.
        rows = np.arange(k, len(owner), per)
        mean[rows] = sentences[rows] @ unit(sums - group[:, k]).T
    return {"mean": precision_at(mean, owner), "max": precision_at(best, owner)}


def caption_retrieval(beams, sentences: np.ndarray, owner: np.ndarray, most: int = 4) -> dict[str, list[float]]:
    """CBR by the best caption alone and by the unit mean of the best n beam captions."""
    vectors = [np.stack([b[min(n, len(b) - 1)][2] for b in beams]) for n in range(most)]
    out = {}
    for n in range(1, most + 1):
        out[f"best {n}"] = precision_at(sentences @ unit(np.sum(vectors[:n], 0)).T, owner)
    return out


def figures(folder: Path, split: data.Split, per_photo: int | None = None) -> dict:
    """All figures of one pack folder on one set."""
    pack = Pack(folder, 2)
    owner = split.flat()[1]
    images, texts, sentences, beams = run(pack, split)
    return {
        "ESR": precision_at(texts @ images.T, owner),
        "CBR": caption_retrieval(beams, sentences, owner),
        "four human captions": leave_one_out(sentences, owner),
        "captions": caption_scores([b[0][0] for b in beams], split.captions),
    }


def sizes(folder: Path, names) -> dict[str, float]:
    """File sizes in MB (10^6 bytes)."""
    return {n: round((folder / n).stat().st_size / 1e6, 2) for n in names}
