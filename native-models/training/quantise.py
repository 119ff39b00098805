"""Shrinks fp32 ONNX graphs: weights are stored as int8, the arithmetic stays fp32."""

from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
from onnx import helper, numpy_helper

LEAST = 4096  # smaller weights stay fp32: nothing to gain


def fold(source: Path, out: Path) -> Path:
    """Folds constants once (ONNX Runtime's basic level), so that the runtime has less to do at load."""
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
    options.optimized_model_filepath = str(out)
    options.log_severity_level = 3
    ort.InferenceSession(str(source), options, providers=["CPUExecutionProvider"])
    return out


def tables(source: Path, out: Path) -> Path:
    """Embedding tables to int8 with one scale a row; only the rows looked up are restored."""
    model = onnx.load(source)
    weights = {w.name: w for w in model.graph.initializer}
    for node in list(model.graph.node):
        weight = weights.get(node.input[0]) if node.op_type == "Gather" else None
        if weight is None or weight.data_type != onnx.TensorProto.FLOAT or np.prod(weight.dims) < LEAST * 64:
            continue
        value, name, ids, result = numpy_helper.to_array(weight), weight.name, node.input[1], node.output[0]
        scale = np.maximum(np.abs(value).max(1, keepdims=True), 1e-8).astype(np.float32) / 127
        for suffix, array in (("_q", np.round(value / scale).astype(np.int8)), ("_scale", scale)):
            model.graph.initializer.append(numpy_helper.from_array(array, name + suffix))
        new = [helper.make_node("Gather", [name + "_q", ids], [result + "_q"], node.name + "_q"),
               helper.make_node("Cast", [result + "_q"], [result + "_f"], node.name + "_f", to=onnx.TensorProto.FLOAT),
               helper.make_node("Gather", [name + "_scale", ids], [result + "_s"], node.name + "_s"),
               helper.make_node("Mul", [result + "_f", result + "_s"], [result], node.name + "_r")]
        place = list(model.graph.node).index(node)
        model.graph.node.remove(node)
        for i, n in enumerate(new):
            model.graph.node.insert(place + i, n)
        if not any(name in n.input for n in model.graph.node):
            model.graph.initializer.remove(weight)
    onnx.save(model, out)
    return out


def store(source: Path, out: Path, kinds: tuple[str, ...]) -> Path:
    """Keeps fp32 arithmetic but stores big weights of the op types `kinds` as int8, one scale per output channel.

    They pass a DequantizeLinear at each run, which is a few million multiplications.
    """
    model = onnx.load(source)
    weights = {w.name: w for w in model.graph.initializer}
    uses: dict[str, int] = {}
    for node in model.graph.node:
        if node.op_type not in kinds:
            continue
        for name in node.input[1:2]:
            if name in weights and weights[name].data_type == onnx.TensorProto.FLOAT:
                axis = 0
                if node.op_type == "MatMul" or (node.op_type == "Gemm" and not any(a.name == "transB" and a.i for a in node.attribute)):
                    axis = 1
                uses[name] = axis
    nodes = []
    for name, axis in uses.items():
        value = numpy_helper.to_array(weights[name])
        if value.size < LEAST:
            continue
        model.graph.initializer.remove(weights[name])
        other = tuple(i for i in range(value.ndim) if i != axis)
        scale = np.maximum(np.abs(value).max(other), 1e-8) / 127
        shape = [-1 if i == axis else 1 for i in range(value.ndim)]
        small = np.clip(np.round(value / scale.reshape(shape)), -127, 127).astype(np.int8)
        for suffix, array in (("_q", small), ("_scale", scale.astype(np.float32)), ("_zero", np.zeros(len(scale), np.int8))):
            model.graph.initializer.append(numpy_helper.from_array(array, name + suffix))
        nodes.append(helper.make_node("DequantizeLinear", [name + "_q", name + "_scale", name + "_zero"], [name], name + "_restore", axis=axis))
    for node in reversed(nodes):
        model.graph.node.insert(0, node)
    onnx.save(model, out)
    return out


def freeze(source: Path, out: Path, kind: str, part: str) -> Path:
    """Replaces the nodes of type `kind` whose name holds `part` by their output, which must not depend on the photo.

    The ViT resizes its position table to the photo's size in every run, and the size is always the same.
    """
    model = onnx.load(source)
    names = [n.output[0] for n in model.graph.node if n.op_type == kind and part in n.name]
    if not names:
        raise ValueError(f"no {kind} in {part}")
    probe = onnx.load(source)
    probe.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    run = ort.InferenceSession(probe.SerializeToString(), providers=["CPUExecutionProvider"]).run
    value = next(iter(model.graph.input))
    shape = [d.dim_value or None for d in value.type.tensor_type.shape.dim]
    pictures = [np.random.default_rng(i).integers(0, 256, [i + 1, *shape[1:]], np.uint8) for i in range(2)]
    first, second = (run(names, {value.name: p}) for p in pictures)
    for name, a, b in zip(names, first, second):
        if not np.array_equal(a, b):
            raise ValueError(f"{name} depends on the photo")
        node = next(n for n in model.graph.node if name in n.output)
        model.graph.node.remove(node)
        model.graph.initializer.append(numpy_helper.from_array(a, name))
    onnx.save(prune(model), out)
    return out


def prune(model):
    """Drops nodes and weights that nothing uses any more."""
    needed = {o.name for o in model.graph.output}
    for node in reversed(list(model.graph.node)):
        if needed.intersection(node.output):
            needed.update(node.input)
        else:
            model.graph.node.remove(node)
    for weight in list(model.graph.initializer):
        if weight.name not in needed:
            model.graph.initializer.remove(weight)
    return model


def halve(source: Path, out: Path, kinds: tuple[str, ...]) -> Path:
    """Stores big weights of the op types `kinds` as fp16; the arithmetic stays fp32."""
    model = onnx.load(source)
    weights = {w.name: w for w in model.graph.initializer}
    names = {n.input[1] for n in model.graph.node if n.op_type in kinds and n.input[1] in weights}
    for name in sorted(names):
        value = numpy_helper.to_array(weights[name])
        if value.size < LEAST or value.dtype != np.float32:
            continue
        model.graph.initializer.remove(weights[name])
        model.graph.initializer.append(numpy_helper.from_array(value.astype(np.float16), name + "_h"))
        model.graph.node.insert(0, helper.make_node("Cast", [name + "_h"], [name], name + "_restore", to=onnx.TensorProto.FLOAT))
    onnx.save(model, out)
    return out


def cosine(a: np.ndarray, b: np.ndarray) -> tuple[float, float]:
    """Mean and least cosine between rows of a and b."""
    a, b = a.reshape(len(a), -1), b.reshape(len(b), -1)
    c = (a * b).sum(1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
    return float(c.mean()), float(c.min())
