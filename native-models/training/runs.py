"""The configurations behind the shipped pack and behind the comparisons in docs/starter-pack.md."""

import captioner
import esr
import scst

SEED = 1
VIEWS = 4  # the training photo itself and three random crops of it
VIT_VIEWS = 3

TUNE = dict(batch=200, lr_tail=2e-4, lr_branch=6e-5, noise=0.5, views=VIEWS, soft=0.2)
ESR = [
    esr.Config("infonce", epochs=50, noise=0.5, every=10),
    # A first pass with all three branch layers, then three cheaper ones with the last layer only.
    esr.Config("tuned_a", epochs=7, stop=1, lr_head=5e-4, every=2, start="infonce", **TUNE),
    esr.Config("tuned", epochs=3, lr_head=4e-4, branch_layers=1, warm=0.03, every=3, start="tuned_a", **TUNE),
    esr.Config("tuned2", epochs=4, lr_head=5e-4, branch_layers=1, warm=0.1, start="tuned", **{**TUNE, "batch": 250, "lr_tail": 4e-4, "lr_branch": 1e-4}),
]
ESR_ABLATION = [
    esr.Config("triplet", objective="triplet", epochs=50, noise=0.5, every=10),
    esr.Config("l2", objective="l2", epochs=50, noise=0.5, every=10),
]
SHIPPED_ESR = "tuned2"

CAPTIONER = [captioner.Config("first", views=VIEWS)]
CAPTIONER_ABLATION = [captioner.Config("lstm", epochs=12, lstm=True, lr=1e-3, views=VIEWS)]
SCST = [scst.Config("critic", start="first", epochs=10, stop=6, find=0.15, views=VIEWS)]
SHIPPED_CAPTIONERS = ["critic"]
# Chosen on val. Eight candidates, put in order by how well they fit the photo; four are kept.
DECODING = {"beams": 8, "lengthPenalty": 0.7, "noRepeatNgram": 3, "captionsPerPhoto": 4, "ranking": {"picture": 4, "consensus": 12, "temperature": 0.2}}


def facts(split) -> dict:
    """What pack.json says about the training."""
    return {"data": f"Flickr8k, {len(split.files)} photos, {sum(map(len, split.captions))} captions", "seed": SEED,
            "passes": {c.name: getattr(c, "stop", 0) or c.epochs for c in (*ESR, *CAPTIONER, *SCST)},
            "command": "python native-models/training/train.py --photos DIR --captions TSV --val-photos DIR --val-captions TSV --sources DIR --out native-models/packs/starter"}
