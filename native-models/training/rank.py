"""The order of a photo's candidate captions: the reference of the app's rank-captions.ts."""

from collections import Counter

import numpy as np

LONGEST = 4


def ngrams(text: str) -> list[Counter]:
    """Counts of the n-grams, n = 1 to 4; begin and end count as words."""
    words = ["<", *text.split(" "), ">"]
    return [Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1)) for n in range(1, LONGEST + 1)]


def overlap(a: list[Counter], b: list[Counter]) -> float:
    """Mean Dice coefficient of the n-grams of each length."""
    return sum(2 * sum((x & y).values()) / max(1, sum(x.values()) + sum(y.values())) for x, y in zip(a, b)) / LONGEST


def order(texts: list[str], scores: np.ndarray, cosines: np.ndarray, picture: float, consensus: float, temperature: float) -> np.ndarray:
    """Places of the candidates, best first: own + consensus * expected overlap, own = score + picture * cosine."""
    if not len(texts):
        return np.zeros(0, int)
    own = scores + picture * cosines
    probable = np.exp((own - own.max()) / temperature)
    probable /= probable.sum()
    grams = [ngrams(t) for t in texts]
    expected = np.array([[overlap(a, b) for b in grams] for a in grams]) @ probable
    return np.argsort(-(own + consensus * expected), kind="stable")
