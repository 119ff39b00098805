"""The seed paper's kind of captioner, for comparison: one LSTM layer fed with the photo's pooled features at each word."""

import torch
import torch.nn.functional as F
from torch import nn

from words import PAD


class LstmCaptioner(nn.Module):
    """Pooled features of both backbones [b, 1280 + 768] and word numbers -> logits over words.

    Takes the place of captioner.Captioner in training and beam search: forward(images, ids, keep), start(images, beams), step(...).
    """

    def __init__(self, vocab: int, width: int = 512, dropout: float = 0.3):
        super().__init__()
        self.photo = nn.Sequential(nn.LayerNorm(2048), nn.Dropout(dropout), nn.Linear(2048, width))
        self.embed = nn.Embedding(vocab, width, padding_idx=PAD)
        self.cell = nn.LSTMCell(2 * width, width)
        self.out = nn.Linear(width, vocab)
        self.dropout, self.width = dropout, width

    def pooled(self, images):
        cells, vit = images
        return self.photo(torch.cat([cells.mean(1), vit[:, 0], vit[:, 1]], 1))

    def forward(self, images, ids, keep):
        """ids [b, k, t], keep [b, k, t] bool -> logits [kept, vocab]."""
        b, k, t = ids.shape
        photo = self.pooled(images).repeat_interleave(k, 0)
        words = F.dropout(self.embed(ids.view(b * k, t)), self.dropout, self.training)
        state, outs = None, []
        for i in range(t):
            state = self.cell(torch.cat([photo, words[:, i]], 1), state)
            outs.append(state[0])
        hidden = torch.stack(outs, 1).view(b, k, t, -1)[keep]
        return self.out(F.dropout(hidden, self.dropout, self.training))

    def start(self, images, beams):
        """The photo's vector for every beam, and the state before the first word: tensors of five dimensions, as beam search moves them."""
        photo = self.pooled(images).float()
        zero = torch.zeros(len(photo), beams, 1, 1, self.width)
        return photo, [(zero, zero)]

    def step(self, ids, position, past, photo):
        """One word for each beam: ids [b, beams] -> logits [b, beams, vocab], new state."""
        b, k = ids.shape
        flat = [s.reshape(b * k, self.width) for s in past[0]]
        x = torch.cat([photo.repeat_interleave(k, 0), self.embed(ids.reshape(-1))], 1)
        hidden, cell = self.cell(x, tuple(flat))
        shape = (b, k, 1, 1, self.width)
        return self.out(hidden).view(b, k, -1), [(hidden.view(shape), cell.view(shape))]
