"""Trains and builds the starter pack from photos, captions and the pinned wheels, stage by stage; every stage resumes."""

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch

import captioner
import data
import esr
import features
import pack
import report
import runs
import scst
import sources
import towers
from words import Words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("photos", "captions", "val-photos", "val-captions", "sources", "out"):
        parser.add_argument("--" + name, type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path(".cache/training"), help="feature caches and checkpoints")
    parser.add_argument("--pictures", type=Path, help="folder for the loss curves (none: not drawn)")
    parser.add_argument("--revision", default="2")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--ablation", action="store_true", help="also train the runs that are only compared, not shipped")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    cache, unpacked = a.cache, a.cache / "src"
    cache.mkdir(parents=True, exist_ok=True)
    sources.unpack(a.sources, unpacked)
    splits = {"train": data.read_split(a.photos, a.captions), "val": data.read_split(a.val_photos, a.val_captions)}

    vit = features.make_vit(unpacked, cache)
    for name, split in splits.items():
        features.cache_text(split, name, unpacked, cache)
        for number in range(runs.VIEWS if name == "train" else 1):
            stem, _ = sources.load_lite2(unpacked / sources.LITE2)
            features.cache_lite2(split, name, number, stem.eval(), cache, runs.SEED)
            if number < runs.VIT_VIEWS:
                features.cache_vit(split, name, number, vit, cache, runs.SEED)
    words = Words.learn(splits["train"].flat()[0])
    ids = {name: words.encode(split.flat()[0]) for name, split in splits.items()}
    np.save(cache / "words_val.npy", ids["val"])

    for config in runs.ESR + (runs.ESR_ABLATION if a.ablation else []):
        esr.train(config, unpacked, cache)
    model = towers.load(runs.SHIPPED_ESR, unpacked, cache, runs.SEED)
    for name in splits:
        for number in range(runs.VIEWS if name == "train" else 1):
            features.cache_cells(name, number, runs.SHIPPED_ESR, copy.deepcopy(model.tail), cache)
    for config in runs.CAPTIONER + (runs.CAPTIONER_ABLATION if a.ablation else []):
        captioner.train(config, runs.SHIPPED_ESR, unpacked, cache, words, ids["train"])
    for config in runs.SCST:
        scst.train(config, runs.SHIPPED_ESR, unpacked, cache, words, ids["train"])

    speaker = captioner.Ensemble([captioner.load(name, cache, words) for name in runs.SHIPPED_CAPTIONERS]).eval()
    work = pack.build(model, speaker, unpacked, cache, words, a.out, a.revision, {}, runs.DECODING)
    result = report.measure(a.out, work, splits["val"])
    pack.record(a.out, {**runs.facts(splits["train"]), "val": result["int8"]})
    print(json.dumps(result, indent=2))
    if a.pictures:
        report.curves(cache, a.pictures)


if __name__ == "__main__":
    main()
