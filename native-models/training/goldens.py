"""Reference outputs of the shipped pack for the app's tests: vectors and captions of the sample photos, ten sentences."""

import argparse
import json
from pathlib import Path

from pipeline import Pack

SENTENCES = [
    "a dog running on the beach",
    "two children playing football in a park",
    "A woman in a red dress, smiling.",
    "cup of coffee on a wooden table",
    "rocket lifting off at night",
    "an old man with a camera",
    "the cat is looking up",
    "snow-covered mountains under a blue sky",
    "Café terrace with people talking",
    "birthday party 2019",
]


def rounded(rows):
    """Vectors to five decimals."""
    return [[round(float(v), 5) for v in row] for row in rows]


def make(folder: Path, photos: Path, out: Path) -> None:
    """Writes the goldens of the pack in `folder` for every JPEG in `photos`."""
    pack = Pack(folder)
    files = sorted(photos.glob("*.jpg"))
    result = {"pack": pack.facts["id"], "revision": pack.facts["revision"],
              "decode": "Pillow, RGB, squashed to 224x224 with Lanczos", "photos": [], "sentences": []}
    for file in files:  # one by one: dynamic int8 scales depend on what shares the batch
        vectors, hidden = pack.photos([file])
        beam = pack.ranked(pack.captions(hidden), vectors)[0]
        result["photos"].append({"file": file.name, "caption": beam[0][0], "score": round(beam[0][1], 4), "beam": [b[0] for b in beam],
                                 "imageEmbeds": rounded(vectors)[0]})
    for text in SENTENCES:
        own, sentence = pack.sentences([text])
        result["sentences"].append({"text": text, "ids": pack.tokenizer.encode(text).ids,
                                    "textEmbeds": rounded(own)[0], "sentenceEmbeds": rounded(sentence)[0]})
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(result, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pack", type=Path, required=True)
    parser.add_argument("--photos", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    a = parser.parse_args()
    make(a.pack, a.photos, a.out)
