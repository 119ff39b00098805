"""The captioner's word list: lower-case words seen often enough in the training captions."""

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np

PAD, BOS, EOS, UNK = 0, 1, 2, 3
SPECIAL = ["<pad>", "<bos>", "<eos>", "<unk>"]
MAX_WORDS = 24
WORD = re.compile(r"[a-z0-9]+(?:[-'][a-z0-9]+)*")


# A caption that ends with one of these was cut off.
NEVER_LAST = "a an the and or of at to with from for into onto is are his her their its another who while as".split()


def split(text: str) -> list[str]:
    """Lower-case words without punctuation."""
    return WORD.findall(text.lower())


class Words:
    """Word <-> number. Numbers 0 to 3 are pad, begin, end and unknown."""

    def __init__(self, words: list[str]):
        self.words = words
        self.number = {w: i for i, w in enumerate(words)}

    @classmethod
    def learn(cls, captions: list[str], least: int = 4) -> "Words":
        counts = Counter(w for c in captions for w in split(c))
        return cls(SPECIAL + sorted((w for w, n in counts.items() if n >= least), key=lambda w: (-counts[w], w)))

    def encode(self, captions: list[str]) -> np.ndarray:
        """[captions, MAX_WORDS + 2] int64: begin, words, end, padding."""
        out = np.full((len(captions), MAX_WORDS + 2), PAD, np.int64)
        for i, c in enumerate(captions):
            ids = [BOS, *(self.number.get(w, UNK) for w in split(c)[:MAX_WORDS]), EOS]
            out[i, : len(ids)] = ids
        return out

    def decode(self, ids) -> str:
        """Words up to the end sign, joined by spaces."""
        words = []
        for i in ids:
            if i == EOS:
                break
            if i > UNK:
                words.append(self.words[int(i)])
        return " ".join(words)

    def save(self, path: Path) -> None:
        """A Hugging Face tokenizer.json (word level, lower case)."""
        from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers

        tokenizer = Tokenizer(models.WordLevel({w: i for i, w in enumerate(self.words)}, unk_token=SPECIAL[UNK]))
        tokenizer.normalizer = normalizers.Lowercase()
        tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(WORD.pattern), "removed", invert=True)
        tokenizer.add_special_tokens(SPECIAL)
        del decoders
        tokenizer.save(str(path), pretty=False)

    @classmethod
    def load(cls, path: Path) -> "Words":
        vocab = json.loads(path.read_text(encoding="utf-8"))["model"]["vocab"]
        return cls(sorted(vocab, key=vocab.get))
