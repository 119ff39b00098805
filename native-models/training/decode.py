"""Turns a captioner's word probabilities into sentences: beam search and sampling.

The beam search here is the reference of the app's: the same rules, so the same captions.
"""

import torch

from words import BOS, EOS, MAX_WORDS, PAD, UNK


def of_model(model, images, beams):
    """(step, state, photos) of a PyTorch captioner for `beam_search`."""
    cross, past = model.start(images, beams)
    step = model.decoder.step if hasattr(model, "decoder") else model.step
    return (lambda ids, position, past: step(ids, position, past, cross)), past, len(images[0])


def repeats(words: list[int], n: int) -> set[int]:
    """Words that would make an n-gram appear twice."""
    head = tuple(words[len(words) - n + 1 :])
    return {words[i + n - 1] for i in range(len(words) - n + 1) if tuple(words[i : i + n - 1]) == head}


def beam_search(step, past, photos, beams, penalty=0.7, most=MAX_WORDS, ngram=3, never_last=()):
    """Best captions of each photo: lists of (ids without begin and end, score), best first.

    At each step the 2 x beams best continuations by summed log-probability are taken in order: one that ends goes to the
    finished list with score sum / length ** penalty (length counts the end sign), the others fill the live beams. A photo is done once
    `beams` captions have finished; at `most` words the live ones count as finished. Pad, begin and unknown are never
    chosen, no n-gram appears twice, and no caption ends with a word of `never_last`.
    """
    live = [[[]] + [None] * (beams - 1) for _ in range(photos)]
    sums = torch.full((photos, beams), float("-inf"))
    sums[:, 0] = 0
    done: list[list[tuple[list[int], float]]] = [[] for _ in range(photos)]
    ids = torch.full((photos, beams), BOS)
    for position in range(most):
        logits, past = step(ids, torch.tensor([position]), past)
        logs = logits.float().log_softmax(-1)
        logs[..., [PAD, BOS, UNK]] = float("-inf")
        for p in range(photos):
            for b in range(beams):
                if live[p][b] and live[p][b][-1] in never_last:
                    logs[p, b, EOS] = float("-inf")
                if live[p][b] is not None and len(live[p][b]) >= ngram:
                    for w in repeats(live[p][b], ngram):
                        logs[p, b, w] = float("-inf")
        total = (sums[..., None] + logs).flatten(1)
        best, place = total.topk(2 * beams, -1)
        origin = torch.zeros(photos, beams, dtype=torch.long)
        ids = torch.full((photos, beams), EOS)
        new, sums = [[None] * beams for _ in range(photos)], torch.full((photos, beams), float("-inf"))
        vocab = logs.shape[-1]
        for p in range(photos):
            if len(done[p]) >= beams:
                continue
            filled = 0
            for value, where in zip(best[p].tolist(), place[p].tolist()):
                if value == float("-inf"):
                    break
                beam, word = divmod(where, vocab)
                if word == EOS:
                    done[p].append((live[p][beam], value / (len(live[p][beam]) + 1) ** penalty))
                elif filled < beams:
                    new[p][filled] = live[p][beam] + [word]
                    origin[p, filled], ids[p, filled], sums[p, filled] = beam, word, value
                    filled += 1
        live = new
        if all(len(d) >= beams for d in done):
            break
        past = [tuple(t.gather(1, origin.view(photos, beams, 1, 1, 1).expand_as(t)) for t in kv) for kv in past]
    for p in range(photos):
        if len(done[p]) < beams:
            done[p] += [(l, s / max(len(l), 1) ** penalty) for l, s in zip(live[p], sums[p].tolist()) if l is not None]
        done[p] = sorted(done[p], key=lambda d: -d[1])[:beams]
    return done


@torch.no_grad()
def sample(step, past, photos, count, most=MAX_WORDS, temperature=1.0):
    """`count` sampled captions a photo: ids [photos, count, most + 1], ended by EOS and padded with PAD."""
    ids = torch.full((photos, count), BOS)
    out = torch.full((photos, count, most + 1), PAD)
    open_ = torch.ones(photos, count, dtype=torch.bool)
    for position in range(most + 1):
        if position == most:
            out[..., position] = torch.where(open_, EOS, PAD)
            break
        logits, past = step(ids, torch.tensor([position]), past)
        logits = logits.float() / temperature
        logits[..., [PAD, BOS, UNK]] = float("-inf")
        ids = torch.multinomial(logits.softmax(-1).flatten(0, 1), 1).view(photos, count)
        out[..., position] = torch.where(open_, ids, PAD)
        open_ &= ids != EOS
        if not open_.any():
            break
    return out
