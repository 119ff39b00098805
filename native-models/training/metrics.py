"""Retrieval and caption measures: P@k, and BLEU, METEOR, ROUGE-L, CIDEr by pycocoevalcap."""

import numpy as np


def precision_at(scores: np.ndarray, owner: np.ndarray, ks=(1, 5, 10)) -> list[float]:
    """Share of queries, in per cent, whose own photo is among the first k.

    scores [queries, photos]; owner[q] is the photo of query q. Ties count against us, so equal scores earn nothing.
    """
    own = scores[np.arange(len(owner)), owner]
    rank = (scores >= own[:, None]).sum(1)
    return [round(float((rank <= k).mean() * 100), 2) for k in ks]


def caption_scores(captions: list[str], references: list[list[str]], meteor: bool = True) -> dict[str, float]:
    """Scores one caption a photo against its references, after PTB tokenisation (java is needed)."""
    from pycocoevalcap.bleu.bleu import Bleu
    from pycocoevalcap.cider.cider import Cider
    from pycocoevalcap.meteor.meteor import Meteor
    from pycocoevalcap.rouge.rouge import Rouge
    from pycocoevalcap.tokenizer.ptbtokenizer import PTBTokenizer

    tokenizer = PTBTokenizer()
    refs = tokenizer.tokenize({i: [{"caption": c} for c in group] for i, group in enumerate(references)})
    ours = tokenizer.tokenize({i: [{"caption": c}] for i, c in enumerate(captions)})
    bleu, _ = Bleu(4).compute_score(refs, ours, verbose=0)
    out = {f"BLEU-{i + 1}": float(b) for i, b in enumerate(bleu)}
    if meteor:
        out["METEOR"] = float(Meteor().compute_score(refs, ours)[0])
    out["ROUGE-L"] = float(Rouge().compute_score(refs, ours)[0])
    out["CIDEr"] = float(Cider().compute_score(refs, ours)[0])
    out["distinct"] = len(set(captions)) / len(captions)
    return {k: round(v, 4) for k, v in out.items()}
