"""Writes the trained models as fp32 ONNX graphs with the pack's tensor names."""

from pathlib import Path

import onnx
import torch
import torch.nn.functional as F
from torch import nn

import data
import features
from captioner import CELLS, PATCHES
import sources

OPSET = 17


class VisionFront(nn.Module):
    """Pixels uint8 [b, 224, 224, 3] -> ViT input and pooled grid of photos and then of their mirror images, and the captioner's cells.

    vit_pixels [2b, 3, 224, 224], pooled [2b, 1280], cells [b, 9, 1280]: captions see the photo itself only.
    """

    def __init__(self, stem, tail):
        super().__init__()
        self.stem, self.tail = stem, tail
        self.register_buffer("mean", torch.tensor(data.VIT_MEAN * 255).view(1, 3, 1, 1))
        self.register_buffer("std", torch.tensor(data.VIT_STD * 255).view(1, 3, 1, 1))

    def forward(self, pixels):
        x = pixels.permute(0, 3, 1, 2).float()
        x = torch.cat([x, x.flip(3)])
        big = F.interpolate(x, size=(data.LITE2_SIDE, data.LITE2_SIDE), mode="bilinear", align_corners=False)
        grid = self.tail(self.stem((big - 127) / 128))
        return (x - self.mean) / self.std, grid.mean((2, 3)), features.pool_grid(first_half(grid))


def first_half(x):
    """[2b, ...] -> [b, ...]"""
    return x.view(2, -1, *x.shape[1:])[0]


class VisionBack(nn.Module):
    """ViT tokens [2b, 257, 384], pooled [2b, 1280] and cells [b, 9, 1280] -> image_embeds and encoder_hidden_states."""

    def __init__(self, towers, captioner):
        super().__init__()
        self.towers, self.captioner = towers, captioner

    def forward(self, vit, pooled, cells):
        side, step = features.VIT_GRID, 16 // features.VIT_GRID
        embeds = self.towers.image(pooled, vit[:, 0], vit[:, 1:].mean(1))
        own = first_half(vit)
        cls, patches = own[:, 0], own[:, 1:]
        small = patches.reshape(-1, side, step, side, step, 384).mean((2, 4)).reshape(-1, side * side, 384)
        tokens = torch.cat([cls[:, None], patches.mean(1)[:, None], small], 1)
        return embeds, self.captioner.tokens(cells, tokens)


class TextGraph(nn.Module):
    """Shared MiniLM trunk with two ends: the plain sentence vector and the retrieval vector."""

    def __init__(self, minilm, towers):
        super().__init__()
        self.minilm, self.towers = minilm, towers

    def forward(self, ids, mask):
        bias = sources.MiniLM.bias(mask)
        x = self.minilm.embed(ids)
        for layer in self.minilm.layers[: features.BRANCH]:
            x = layer(x, bias)
        plain = own = x
        for layer in self.minilm.layers[features.BRANCH :]:
            plain = layer(plain, bias)
        for layer in self.towers.branch:
            own = layer(own, bias)
        sentence = sources.mean_unit(plain, mask)
        return self.towers.text(sources.mean_unit(own, mask), sentence), sentence


class Prepare(nn.Module):
    """encoder_hidden_states -> keys and values of every decoder layer."""

    def __init__(self, captioner):
        super().__init__()
        self.captioner = captioner

    def forward(self, memory):
        return tuple(t for kv in self.captioner.cross(memory) for t in kv)


class Step(nn.Module):
    """One word for every beam; past and cross are flat lists key, value, key, value..."""

    def __init__(self, captioner):
        super().__init__()
        self.captioner, self.layers = captioner, captioner.layers

    def forward(self, ids, position, *flat):
        pairs = list(zip(flat[0::2], flat[1::2]))
        logits, new = self.captioner.step(ids, position, pairs[: self.layers], pairs[self.layers :])
        return (logits, *(t for kv in new for t in kv))


def write(module, args, path: Path, inputs, outputs, axes) -> Path:
    """Exports one module; `axes` names the dynamic dimensions."""
    module.eval()
    with torch.no_grad():
        torch.onnx.export(module, args, str(path), input_names=inputs, output_names=outputs, dynamic_axes=axes,
                          opset_version=OPSET, dynamo=False, do_constant_folding=True)
    return path


def text_graph(towers, unpacked: Path, out: Path) -> Path:
    """text_model: input_ids, attention_mask int64 [batch, tokens] -> text_embeds, sentence_embeds."""
    ids = torch.randint(1000, 2000, (2, 7))
    both = {0: "batch", 1: "tokens"}
    return write(TextGraph(sources.load_minilm(unpacked / sources.MINILM), towers), (ids, torch.ones_like(ids)), out,
                 ["input_ids", "attention_mask"], ["text_embeds", "sentence_embeds"],
                 {"input_ids": both, "attention_mask": both, "text_embeds": {0: "batch"}, "sentence_embeds": {0: "batch"}})


def caption_graphs(captioner, folder: Path) -> tuple[Path, Path]:
    """caption_prepare and caption_step of an Ensemble."""
    n, layers, heads = CELLS + PATCHES, range(captioner.layers), captioner.heads
    dim = captioner.width // heads
    cross = [f"cross_key_values.{i}.{k}" for i in layers for k in ("key", "value")]
    past = [f"past_key_values.{i}.{k}" for i in layers for k in ("key", "value")]
    present = [f"present.{i}.{k}" for i in layers for k in ("key", "value")]
    prepare = write(Prepare(captioner), (torch.randn(2, n, captioner.width * len(captioner.members)),), folder / "caption_prepare.onnx", ["encoder_hidden_states"], cross,
                    {"encoder_hidden_states": {0: "batch", 1: "tokens"}, **{c: {0: "batch", 2: "tokens"} for c in cross}})
    args = (torch.ones(2, 3, dtype=torch.long), torch.tensor([2]), *(torch.randn(2, 3, heads, 2, dim) for _ in past),
            *(torch.randn(2, heads, n, dim) for _ in cross))
    axes = {"input_ids": {0: "batch", 1: "beams"}, "logits": {0: "batch", 1: "beams"},
            **{c: {0: "batch", 2: "tokens"} for c in cross}, **{p: {0: "batch", 1: "beams", 3: "past"} for p in past},
            **{p: {0: "batch", 1: "beams", 3: "past_plus_one"} for p in present}}
    step = write(Step(captioner), args, folder / "caption_step.onnx", ["input_ids", "position", *past, *cross], ["logits", *present], axes)
    return prepare, step


def vision_graph(towers, captioner, vit_path: Path, unpacked: Path, folder: Path, out: Path) -> Path:
    """vision_model: pixel_values uint8 [batch, 224, 224, 3] -> image_embeds, encoder_hidden_states."""
    stem, _ = sources.load_lite2(unpacked / sources.LITE2)
    front = write(VisionFront(stem, towers.tail), (torch.zeros(2, 224, 224, 3, dtype=torch.uint8),), folder / "front.onnx",
                  ["pixel_values"], ["vit_pixels", "pooled", "cells"],
                  {**{k: {0: "batch"} for k in ("pixel_values", "cells")}, **{k: {0: "views"} for k in ("vit_pixels", "pooled")}})
    back = write(VisionBack(towers, captioner), (torch.randn(4, 257, 384), torch.randn(4, 1280), torch.randn(2, CELLS, 1280)),
                 folder / "back.onnx", ["vit_tokens", "pooled", "cells"], ["image_embeds", "encoder_hidden_states"],
                 {**{k: {0: "batch"} for k in ("cells", "image_embeds", "encoder_hidden_states")}, **{k: {0: "views"} for k in ("vit_tokens", "pooled")}})
    front, back, vit = onnx.load(front), onnx.load(back), onnx.load(vit_path)
    vit = onnx.compose.add_prefix(vit, "vit/")
    back = onnx.compose.add_prefix(back, "back/", rename_inputs=False, rename_outputs=False)
    for model in (front, back, vit):
        model.ir_version = 8
        for entry in model.opset_import:
            if entry.domain in ("", "ai.onnx"):
                entry.version = OPSET
    both = onnx.compose.merge_models(front, vit, io_map=[("vit_pixels", "vit/input_image")], outputs=["pooled", "cells", "vit/" + sources.VIT_TOKENS])
    both.ir_version = 8
    whole = onnx.compose.merge_models(both, back, io_map=[("vit/" + sources.VIT_TOKENS, "vit_tokens"), ("pooled", "pooled"), ("cells", "cells")])
    whole.ir_version = 8
    for value in (*whole.graph.input, *whole.graph.output):
        value.type.tensor_type.shape.dim[0].dim_param = "batch"
    onnx.save(whole, out)
    return out
