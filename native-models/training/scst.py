"""Self-critical training: the captioner samples sentences and learns from their CIDEr-D and how well they find their photo."""

import math
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from tokenizers import Tokenizer

import captioner as cap
import decode
import features
import sources
from esr import update_average
from words import BOS, MAX_WORDS, PAD, UNK, Words


@dataclass
class Config:
    """One run, from the weights of captioner run `start`."""

    name: str
    start: str
    epochs: int = 10  # length of the learning-rate schedule
    stop: int = 0  # passes really run, where fewer
    batch: int = 50
    samples: int = 5
    temperature: float = 0.7  # of the policy: at 1 the smoothed model's samples are too poor to learn fine differences from
    lr: float = 1e-4
    find: float = 0.0  # weight of the retrieval reward beside CIDEr-D
    views: int = 1
    ema: float = 0.98
    seed: int = 1


class CiderD:
    """CIDEr-D of sampled sentences against training references, word numbers with the end sign as a word.

    Counting the end sign makes a sentence that stops after "in a" lose: no reference ends so.
    """

    def __init__(self, references: np.ndarray, per: int):
        """references [photos * per, length]: numbers after the begin sign, EOS, then PAD."""
        grams = [self.count(r) for r in references]
        seen: Counter = Counter()
        for i in range(0, len(grams), per):
            seen.update({g for c in grams[i : i + per] for g in c})
        self.documents = math.log(len(grams) / per)
        self.weight = {g: self.documents - math.log(n) for g, n in seen.items()}
        self.references = [[self.vector(c) for c in grams[i : i + per]] for i in range(0, len(grams), per)]

    @staticmethod
    def count(ids) -> Counter:
        words = [int(w) for w in ids if w != PAD]
        return Counter(tuple(words[i : i + n]) for n in range(1, 5) for i in range(len(words) - n + 1))

    def vector(self, counts):
        """tf-idf vectors by n-gram length, their norms and the sentence length."""
        parts, norms, length = ({}, {}, {}, {}), [0.0] * 4, 0
        for g, n in counts.items():
            value = n * self.weight.get(g, self.documents)
            parts[len(g) - 1][g] = value
            norms[len(g) - 1] += value * value
            length += n if len(g) == 2 else 0
        return parts, [math.sqrt(n) for n in norms], length

    def score(self, ids, photo: int) -> float:
        parts, norms, length = self.vector(self.count(ids))
        total = 0.0
        for ref_parts, ref_norms, ref_length in self.references[photo]:
            near = math.exp(-((length - ref_length) ** 2) / 72)
            for n in range(4):
                if norms[n] and ref_norms[n]:
                    dot = sum(min(v, r) * r for g, v in parts[n].items() if (r := ref_parts[n].get(g)))
                    total += near * dot / (norms[n] * ref_norms[n])
        return total / 4 / len(self.references[photo]) * 10


class Finder:
    """How well a sentence finds its photo among all training photos, by MiniLM vectors of the human captions."""

    def __init__(self, unpacked: Path, cache: Path, per: int):
        self.net = sources.load_minilm(unpacked / sources.MINILM)
        self.tokenizer = Tokenizer.from_file(str(unpacked / sources.MINILM / "tokenizer.json"))
        sentence = torch.from_numpy(np.load(cache / "text_train.npz")["sentence"])
        self.mean = sentence.view(-1, per, sentence.shape[1]).mean(1)

    @torch.no_grad()
    def score(self, texts: list[str], photos: np.ndarray, temperature: float = 0.05) -> torch.Tensor:
        """Log-probability of the own photo under a softmax over all photos, at least -8."""
        ids, mask = features.encode_ids(self.tokenizer, texts, 32)
        width = int(mask.sum(1).max())
        ids, mask = torch.from_numpy(ids[:, :width]), torch.from_numpy(mask[:, :width])
        with torch.autocast("cpu", torch.bfloat16):
            states = self.net.states(ids, mask)[-1]
        logs = (sources.mean_unit(states.float(), mask) @ self.mean.T / temperature).log_softmax(1)
        return logs[torch.arange(len(texts)), torch.from_numpy(photos)].clamp(min=-8)


def reward(config: Config, cider: CiderD, finder: Finder | None, sampled: torch.Tensor, rows: np.ndarray, words: Words):
    """Rewards of sampled sentences [photos, samples, length]: [photos, samples], and the sums of CIDEr-D and of the finder's scores."""
    flat, photos = sampled.flatten(0, 1).tolist(), np.repeat(rows, config.samples)
    total = torch.tensor([cider.score(s, p) for s, p in zip(flat, photos)])
    sums = [total.sum().item(), 0.0]
    if finder:
        found = finder.score([words.decode(s) for s in flat], photos)
        sums[1], total = found.sum().item(), total + config.find * found
    return total.view(len(rows), config.samples), sums


def log_probabilities(config: Config, model, images, sampled: torch.Tensor):
    """Log-probabilities of the sampled words under the policy that sampled them [kept], and where they stand [photos, samples, length]."""
    begin = torch.full((*sampled.shape[:2], 1), BOS)
    length = int((sampled != PAD).sum(-1).max())
    feed, target = torch.cat([begin, sampled[..., :MAX_WORDS]], -1)[..., :length], sampled[..., :length]
    keep = target != PAD
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(images, feed, keep)
    logits = logits.float() / config.temperature
    logits[..., [PAD, BOS, UNK]] = -1e4
    return logits.log_softmax(-1).gather(-1, target[keep][:, None])[:, 0], keep


def train(config: Config, retrieval: str, unpacked: Path, cache: Path, words: Words, ids: np.ndarray, log=print) -> Path:
    """Runs or resumes; ids [captions, MAX_WORDS + 2] in photo order."""
    out, part = cache / f"captioner_{config.name}.pt", cache / f"captioner_{config.name}.part"
    if out.exists():
        return out
    base = torch.load(cache / f"captioner_{config.start}.pt", weights_only=False)["config"]
    model, average = (cap.load(config.start, cache, words) for _ in range(2))
    store = cap.Store(cache, "train", config.views, retrieval)
    per = len(ids) // store.photos
    cider = CiderD(ids[:, 1:], per)
    finder = Finder(unpacked, cache, per) if config.find else None
    optimiser = torch.optim.AdamW(model.parameters(), config.lr, betas=(0.9, 0.98), weight_decay=0.01)
    history, epoch = [], 0
    if part.exists():
        saved = torch.load(part, weights_only=False)
        model.load_state_dict(saved["model"]), average.load_state_dict(saved["average"])
        optimiser.load_state_dict(saved["optimiser"])
        history, epoch = saved["history"], saved["epoch"]
    while epoch < (config.stop or config.epochs):
        rng, begin, totals = np.random.default_rng([config.seed, epoch]), time.time(), np.zeros(2)
        torch.manual_seed(config.seed * 1000 + epoch)
        model.eval()  # no dropout: the policy that sampled is the one that learns
        order = rng.permutation(store.photos)
        for i in range(0, store.photos, config.batch):
            rows = order[i : i + config.batch]
            images = store.images(rows, rng)
            with torch.no_grad(), torch.autocast("cpu", torch.bfloat16):
                step, past, count = decode.of_model(model, images, config.samples)
                sampled = decode.sample(step, past, count, config.samples, temperature=config.temperature)
            rewards, sums = reward(config, cider, finder, sampled, rows, words)
            totals += sums
            # The other samples of the same photo are the baseline: no second decoding run is needed.
            advantage = (rewards - rewards.mean(1, keepdim=True)) * config.samples / (config.samples - 1)
            logs, keep = log_probabilities(config, model, images, sampled)
            loss = -(advantage[..., None].expand(keep.shape)[keep] * logs).sum() / keep.sum()
            place = (epoch + i / store.photos) / config.epochs  # warm up over a twentieth of the run, then fall in a line
            optimiser.param_groups[0]["lr"] = config.lr * min(1, 20 * place + 0.05) * (1 - 0.9 * place)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            update_average(average, model, config.ema)
        epoch += 1
        history.append({"epoch": epoch, "cider": totals[0] / store.photos / config.samples, "find": totals[1] / store.photos / config.samples})
        log(f"{config.name} {history[-1]} {time.time() - begin:.0f}s", flush=True)
        torch.save({"model": model.state_dict(), "average": average.state_dict(), "optimiser": optimiser.state_dict(),
                    "history": history, "epoch": epoch}, part)
    torch.save({"model": average.state_dict(), "history": history, "config": base, "scst": asdict(config)}, out)
    part.unlink()
    return out
