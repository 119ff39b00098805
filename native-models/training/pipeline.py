"""The reference run-time: the shipped ONNX graphs, from photo file and sentence to vectors and captions."""

import json
import time
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

import data
import decode
import features
import rank
from words import Words


class Pack:
    """A pack folder opened for use."""

    def __init__(self, folder: Path, threads: int = 1):
        self.facts = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
        open_ = lambda name: features.session(folder / name, threads)
        self.vision, self.text = open_(self.facts["image"]["graph"]), open_(self.facts["text"]["graph"])
        about = self.facts["captioner"]
        self.prepare, self.step = open_(about["prepare"]), open_(about["step"])
        self.words = Words.load(folder / about["tokenizer"])
        self.tokenizer = Tokenizer.from_file(str(folder / self.facts["text"]["tokenizer"]))

    def photos(self, files: list[Path]) -> tuple[np.ndarray, np.ndarray]:
        """Unit image vectors [n, dim] and hidden states [n, tokens, width]."""
        pixels = np.stack([np.asarray(data.open_squashed(f)) for f in files])
        return tuple(self.vision.run(["image_embeds", "encoder_hidden_states"], {"pixel_values": pixels}))

    def sentences(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """Retrieval vectors and MiniLM sentence vectors of the texts, in batches of like length."""
        ids, mask = features.encode_ids(self.tokenizer, texts, self.facts["text"]["maxTokens"])
        lengths, out = mask.sum(1), None
        order = np.argsort(lengths, kind="stable")
        for i in range(0, len(texts), 32):
            rows = order[i : i + 32]
            got = self.text.run(["text_embeds", "sentence_embeds"],
                                {"input_ids": ids[rows, : lengths[rows].max()], "attention_mask": mask[rows, : lengths[rows].max()]})
            if out is None:
                out = [np.zeros((len(texts), g.shape[1]), np.float32) for g in got]
            for whole, part in zip(out, got):
                whole[rows] = part
        return tuple(out)

    def captions(self, hidden: np.ndarray, beams: int | None = None, penalty: float | None = None) -> list[list[tuple[str, float]]]:
        """Beam captions with their scores, best first."""
        about = self.facts["captioner"]
        beams = beams or about["beams"]
        names = [o.name for o in self.prepare.get_outputs()]
        cross = dict(zip(names, self.prepare.run(names, {"encoder_hidden_states": hidden})))
        outputs = [o.name for o in self.step.get_outputs()]
        layers = range(about["layers"])

        def step(ids, position, past):
            feed = {"input_ids": ids.numpy(), "position": position.numpy(), **cross}
            for i, (key, value) in enumerate(past):
                feed[f"past_key_values.{i}.key"], feed[f"past_key_values.{i}.value"] = key.numpy(), value.numpy()
            logits, *flat = (torch.from_numpy(x) for x in self.step.run(outputs, feed))
            return logits, list(zip(flat[0::2], flat[1::2]))

        empty = torch.zeros(len(hidden), beams, about["heads"], 0, about["headDim"])
        found = decode.beam_search(step, [(empty, empty) for _ in layers], len(hidden), beams,
                                   about["lengthPenalty"] if penalty is None else penalty, about["maxTokens"], about["noRepeatNgram"], set(about.get("neverLastIds", ())))
        return [[(self.words.decode(ids), score) for ids, score in beam] for beam in found]

    def ranked(self, beams: list[list[tuple[str, float]]], images: np.ndarray):
        """Distinct candidates of each photo in the order that the app shows them; see rank.py.

        Returns, for each photo, (text, score, sentence vector) best first, all candidates.
        """
        weights = self.facts["captioner"].get("ranking", {"picture": 0, "consensus": 0, "temperature": 1})
        unique = [[c for i, c in enumerate(beam) if c[0] and c[0] not in [o[0] for o in beam[:i]]] for beam in beams]
        texts, sentences = self.sentences([c[0] for beam in unique for c in beam])
        out, at = [], 0
        for beam, image in zip(unique, images):
            rows = slice(at, at + len(beam))
            at += len(beam)
            order = rank.order([c[0] for c in beam], np.array([c[1] for c in beam]), texts[rows] @ image, **weights)
            out.append([(*beam[i], sentences[rows][i]) for i in order])
        return out

    def times(self, files: list[Path]) -> dict[str, float]:
        """Median milliseconds a photo (vision and captions, batch 8) and a query (text)."""
        marks = {"vision": [], "captions": [], "text": []}
        for i in range(0, len(files), 8):
            pixels = np.stack([np.asarray(data.open_squashed(f)) for f in files[i : i + 8]])
            begin = time.process_time()
            _, hidden = self.vision.run(["image_embeds", "encoder_hidden_states"], {"pixel_values": pixels})
            middle = time.process_time()
            self.captions(hidden)
            end = time.process_time()
            self.sentences(["two dogs run through the snow"])
            for name, value in zip(marks, ((middle - begin) / 8, (end - middle) / 8, time.process_time() - end)):
                marks[name].append(value * 1000)
        return {k: round(float(np.median(v)), 1) for k, v in marks.items()}
