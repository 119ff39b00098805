import { describe, expect, it } from 'vitest';
import { checkGraph, type LoadedGraph } from '../../../../native-models/runtime/check-graph.ts';

const spec = {
  inputs: { pixel_values: { type: 'uint8' as const, dims: ['batch', 224, 224, 3] } },
  outputs: { image_embeds: { type: 'float32' as const, dims: ['batch', 512] } },
};

function graph(change: Partial<LoadedGraph> = {}): LoadedGraph {
  return {
    inputs: [{ name: 'pixel_values', type: 'uint8', dims: ['N', 224, 224, 3] }],
    outputs: [{ name: 'image_embeds', type: 'float32', dims: ['N', 512] }],
    ...change,
  };
}

function output(dims: (number | string)[], type = 'float32', name = 'image_embeds'): Partial<LoadedGraph> {
  return { outputs: [{ name, type, dims }] };
}

describe('checkGraph', () => {
  it.each([
    ['as described', graph()],
    [
      'with an output the manifest does not need',
      graph({ outputs: [...graph().outputs, { name: 'more', type: 'int64', dims: [1] }] }),
    ],
    ['with a size that the exporter lost', graph(output(['N', 'Gemm_dim_1']))],
    ['with dims that shape inference gave up on', graph(output([]))],
  ])('accepts a graph %s', (_, loaded) => {
    expect(() => checkGraph('vision.onnx', loaded, spec)).not.toThrow();
  });

  it.each([
    ['another size', graph(output(['N', 768])), 'output "image_embeds" is [N, 768], pack.json says [batch, 512]'],
    ['another rank', graph(output(['N', 1, 512])), 'output "image_embeds" is [N, 1, 512]'],
    ['another type', graph(output(['N', 512], 'float16')), 'output "image_embeds" is float16, pack.json says float32'],
    ['another name', graph(output(['N', 512], 'float32', 'embeds')), 'has no output "image_embeds"'],
    ['a fixed batch', graph(output([1, 512])), 'output "image_embeds" is [1, 512], pack.json says [batch, 512]'],
    [
      'an input nobody feeds',
      graph({ inputs: [...graph().inputs, { name: 'mask', type: 'int64', dims: [1] }] }),
      '"mask"',
    ],
    ['a missing input', graph({ inputs: [] }), 'has no input "pixel_values"'],
  ])('refuses a graph with %s', (_, loaded, message) => {
    expect(() => checkGraph('vision.onnx', loaded, spec)).toThrow(message);
    expect(() => checkGraph('vision.onnx', loaded, spec)).toThrow(expect.objectContaining({ code: 'model/shape' }));
  });
});
