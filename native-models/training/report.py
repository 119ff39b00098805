"""Compares the shipped graphs with their fp32 originals and draws the loss curves for the documentation."""

import json
import shutil
from pathlib import Path

import numpy as np
import torch

import data
import evaluate
from metrics import caption_scores, precision_at
from pipeline import Pack
from quantise import cosine


def measure(folder: Path, work: Path, split: data.Split) -> dict:
    """All figures of the shipped pack ("int8") and of its fp32 graphs, and the cosine between them."""
    plain = work / "plain"
    shutil.rmtree(plain, ignore_errors=True)
    shutil.copytree(work / "fp32", plain / "onnx")
    for name in ("pack.json", "tokenizer.json", "caption_tokenizer.json"):
        shutil.copyfile(work / name, plain / name)
    out, vectors = {}, {}
    owner = split.flat()[1]
    for label, place in (("int8", folder), ("fp32", plain)):
        pack = Pack(place, 2)
        images, texts, sentences, beams = evaluate.run(pack, split)
        vectors[label] = (images, texts, sentences)
        out[label] = {
            "ESR": precision_at(texts @ images.T, owner),
            "CBR": evaluate.caption_retrieval(beams, sentences, owner),
            "four human captions": evaluate.leave_one_out(sentences, owner),
            "captions": caption_scores([b[0][0] for b in beams], split.captions),
            "MB": evaluate.sizes(place, [f["path"] for f in pack.facts["files"]]),
        }
        out[label]["MB"]["all"] = round(sum(out[label]["MB"].values()), 2)
    names = ("image_embeds", "text_embeds", "sentence_embeds")
    out["cosine (mean, least)"] = {n: [round(c, 4) for c in cosine(a, b)] for n, a, b in zip(names, vectors["int8"], vectors["fp32"])}
    out["CPU ms, one thread"] = Pack(folder, 1).times(split.files[:160])
    return out


def histories(cache: Path) -> dict[str, list[dict]]:
    """Epoch records of every finished run, by file stem."""
    return {p.stem: torch.load(p, weights_only=False)["history"] for p in sorted(cache.glob("*.pt")) if "_e" not in p.stem}


def curves(cache: Path, folder: Path) -> None:
    """Small PNGs: training loss of the retrieval runs, of the captioners, and the rewards of self-critical training."""
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    folder.mkdir(parents=True, exist_ok=True)
    every = histories(cache)

    def draw(name, title, label, lines):
        figure, axes = plt.subplots(figsize=(5, 3), dpi=90)
        for legend, xs, ys in lines:
            axes.plot(xs, ys, marker=".", label=legend)
        axes.set(title=title, xlabel="epoch", ylabel=label)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=8)
        figure.tight_layout()
        figure.savefig(folder / f"{name}.png")
        plt.close(figure)

    def line(run, key, pick=lambda v: v):
        points = [(h["epoch"], pick(h[key])) for h in every[run] if key in h]
        return run.split("_", 1)[1], *zip(*points)

    retrieval = [r for r in every if r.startswith("esr_")]
    scale = lambda run: (lambda v, first=every[run][0]["loss"]: v / first)
    draw("retrieval-loss", "Retrieval: training loss, first epoch = 1", "loss", [line(r, "loss", scale(r)) for r in retrieval])
    draw("retrieval-precision", "Retrieval: P@1 on validation", "P@1, per cent", [line(r, "P", lambda p: p[0]) for r in retrieval])
    words = [r for r in every if r.startswith("captioner_") and "loss" in every[r][0]]
    draw("captioner-loss", "Captioner: cross-entropy (training smoothed)", "loss",
         [(f"{line(r, k)[0]}, {k}", *line(r, k)[1:]) for r in words for k in ("loss", "val")])
    critics = [r for r in every if "cider" in every[r][0]]
    if critics:
        draw("captioner-reward", "Self-critical training: CIDEr-D of samples", "CIDEr-D", [line(r, "cider") for r in critics])


def save(path: Path, result: dict) -> None:
    """Figures as JSON, for whoever writes the documentation."""
    path.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
