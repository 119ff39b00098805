"""Feature caches: the frozen stem of EfficientNet-Lite2, pooled ViT tokens, and MiniLM states of every caption."""

import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from tokenizers import Tokenizer

import data
import sources

CELLS = 3  # the 9x9 grid of EfficientNet is averaged to 3x3 for the captioner: more cells cost time and brought nothing
VIT_GRID = 8  # the 16x16 patch grid is averaged to 8x8: four times fewer tokens for the captioner
BRANCH = 3  # the retrieval text tower leaves the shared MiniLM trunk after this layer
MAX_TOKENS = 40


def session(path: Path, threads: int = 1) -> ort.InferenceSession:
    """A CPU session with fixed thread count."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def make_vit(unpacked: Path, cache: Path) -> Path:
    """Cuts the ViT out of the saliency model and stores its weights as int8 (dynamic).

    Heads are trained on the int8 graph's own output, so its rounding costs nothing later.
    """
    out = cache / "vit_q.onnx"
    if not out.exists():
        cut = cache / "vit_cut.onnx"
        onnx.utils.extract_model(str(unpacked / sources.VIT), str(cut), ["input_image"], [sources.VIT_TOKENS], check_model=False)
        quantize_dynamic(cut, out, per_channel=True, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul", "Gemm"])
    return out


def pool_vit(tokens: np.ndarray) -> np.ndarray:
    """[b, 257, 384] -> [b, 66, 384]: CLS, mean of all patches, then the 8x8 averaged grid."""
    b, _, w = tokens.shape
    patches = tokens[:, 1:]
    step = 16 // VIT_GRID
    grid = patches.reshape(b, VIT_GRID, step, VIT_GRID, step, w).mean((2, 4)).reshape(b, VIT_GRID * VIT_GRID, w)
    return np.concatenate([tokens[:, :1], patches.mean(1, keepdims=True), grid], 1)


def cache_lite2(split: data.Split, name: str, number: int, stem, cache: Path, seed: int, batch: int = 32) -> Path:
    """Stem output of every photo's view `number`: float16 memory map [photos, 17, 17, 120]."""
    out = cache / f"lite2_{name}_{number}.npy"
    if out.exists():
        return out
    part = out.with_suffix(".part")
    shape = (len(split.files), 17, 17, 120)
    store = np.lib.format.open_memmap(part, "w+", np.float16, shape)
    # Augmented views may be coarse: bfloat16 is twice as fast and its rounding is far below the crop's effect.
    kind = torch.float32 if number == 0 else torch.bfloat16
    net = stem.to(kind).to(memory_format=torch.channels_last)
    begin = time.time()
    for i in range(0, len(split.files), batch):
        views = [data.view(f, number, seed) for f in split.files[i : i + batch]]
        x = np.stack([data.pixels(image, box, data.LITE2_SIDE) for image, box in views])
        x = ((torch.from_numpy(x) - 127) / 128).permute(0, 3, 1, 2).to(kind)
        with torch.no_grad():
            store[i : i + batch] = net(x).permute(0, 2, 3, 1).float().numpy()
    store.flush()
    part.rename(out)
    print(f"{out.name}: {(time.time() - begin) / len(split.files) * 1e3:.1f} ms a photo", flush=True)
    return out


def cache_vit(split: data.Split, name: str, number: int, graph: Path, cache: Path, seed: int, batch: int = 8) -> Path:
    """Pooled ViT tokens of every photo's view `number`: float16 memory map [photos, 66, 384]."""
    out = cache / f"vit_{name}_{number}.npy"
    if out.exists():
        return out
    part = out.with_suffix(".part")
    store = np.lib.format.open_memmap(part, "w+", np.float16, (len(split.files), 2 + VIT_GRID**2, 384))
    run = session(graph)
    begin = time.time()
    for i in range(0, len(split.files), batch):
        views = [data.view(f, number, seed) for f in split.files[i : i + batch]]
        x = np.stack([data.pixels(image, box, data.SIDE) for image, box in views]) / 255
        x = ((x - data.VIT_MEAN) / data.VIT_STD).transpose(0, 3, 1, 2).astype(np.float32)
        store[i : i + batch] = pool_vit(run.run(None, {"input_image": x})[0])
    store.flush()
    part.rename(out)
    print(f"{out.name}: {(time.time() - begin) / len(split.files) * 1e3:.1f} ms a photo", flush=True)
    return out


def pool_grid(grid):
    """EfficientNet's last grid [b, 1280, 9, 9] -> [b, 9, 1280], mean of each 3x3 block, row by row; torch."""
    return torch.nn.functional.avg_pool2d(grid, 9 // CELLS).flatten(2).transpose(1, 2)


def cache_cells(name: str, number: int, run: str, tail, cache: Path, batch: int = 50) -> Path:
    """Cells of every photo's view `number` by the last stages of retrieval run `run`: float16 [photos, 9, 1280]."""
    out = cache / f"cells_{run}_{name}_{number}.npy"
    if out.exists():
        return out
    stem = np.load(cache / f"lite2_{name}_{number}.npy", mmap_mode="r")
    cells = np.empty((len(stem), CELLS**2, 1280), np.float16)
    net = tail.to(torch.bfloat16).to(memory_format=torch.channels_last)
    for i in range(0, len(stem), batch):
        x = torch.from_numpy(stem[i : i + batch].astype(np.float32)).permute(0, 3, 1, 2).to(torch.bfloat16)
        with torch.no_grad():
            cells[i : i + batch] = pool_grid(net(x.contiguous(memory_format=torch.channels_last)).float()).numpy()
    np.save(out, cells)
    return out


def encode_ids(tokenizer: Tokenizer, texts: list[str], limit: int = MAX_TOKENS) -> tuple[np.ndarray, np.ndarray]:
    """Token ids and mask, both int64 [texts, limit], padded with 0."""
    tokenizer.no_padding()
    tokenizer.enable_truncation(limit)
    ids, mask = np.zeros((len(texts), limit), np.int64), np.zeros((len(texts), limit), np.int64)
    for i, e in enumerate(tokenizer.encode_batch(texts)):
        ids[i, : len(e.ids)], mask[i, : len(e.ids)] = e.ids, 1
    return ids, mask


def cache_text(split: data.Split, name: str, unpacked: Path, cache: Path, batch: int = 256) -> Path:
    """For every caption in photo order: ids, lengths, MiniLM sentence vector and the states where the branch leaves.

    States are packed without padding: `states` [tokens, 384] float16 with `offsets` [captions + 1].
    """
    out = cache / f"text_{name}.npz"
    if out.exists():
        return out
    texts, owner = split.flat()
    net = sources.load_minilm(unpacked / sources.MINILM)
    tokenizer = Tokenizer.from_file(str(unpacked / sources.MINILM / "tokenizer.json"))
    ids, mask = encode_ids(tokenizer, texts)
    lengths = mask.sum(1)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    states = np.zeros((offsets[-1], 384), np.float16)
    sentence = np.zeros((len(texts), 384), np.float32)
    order = np.argsort(lengths)  # batches of like length waste no time on padding
    with torch.no_grad():
        for i in range(0, len(texts), batch):
            rows = order[i : i + batch]
            width = lengths[rows].max()
            m = torch.from_numpy(mask[rows, :width])
            layers = net.states(torch.from_numpy(ids[rows, :width]), m)
            sentence[rows] = sources.mean_unit(layers[-1], m).numpy()
            branch = layers[BRANCH].numpy()
            for k, r in enumerate(rows):
                states[offsets[r] : offsets[r + 1]] = branch[k, : lengths[r]]
    np.savez(out, ids=ids, lengths=lengths, offsets=offsets, states=states, sentence=sentence, owner=owner)
    return out
