// Compares what a loaded graph takes and gives with what pack.json says of it. Inference process; pure.
import { ModelError } from '../errors.ts';
import type { GraphSpec, TensorSpec } from '../pack.ts';

/** One input or output as the runtime reports it; free dimensions are names. */
export interface GraphTensor {
  name: string;
  type: string;
  dims: readonly (number | string)[];
}

export interface LoadedGraph {
  inputs: readonly GraphTensor[];
  outputs: readonly GraphTensor[];
}

/**
 * Every input must be described, every described tensor must exist, with equal type, rank and fixed sizes. A size that the manifest
 * fixes may be free in the graph (exporters often lose it), but not the other way round: a fixed graph cannot take what the manifest promises.
 * Outputs the manifest does not name are ignored.
 * @throws ModelError `model/shape`, naming the graph and the tensor.
 */
export function checkGraph(name: string, graph: LoadedGraph, spec: GraphSpec): void {
  for (const { name: input } of graph.inputs) {
    if (!spec.inputs[input]) throw mismatch(name, `takes an input "${input}" that pack.json does not describe`);
  }
  checkSide(name, 'input', graph.inputs, spec.inputs);
  checkSide(name, 'output', graph.outputs, spec.outputs);
}

function checkSide(
  name: string,
  side: string,
  found: readonly GraphTensor[],
  wanted: Record<string, TensorSpec>,
): void {
  for (const [tensor, spec] of Object.entries(wanted)) {
    const real = found.find((candidate) => candidate.name === tensor);
    if (!real) throw mismatch(name, `has no ${side} "${tensor}"`);
    if (real.type !== spec.type)
      throw mismatch(name, `${side} "${tensor}" is ${real.type}, pack.json says ${spec.type}`);
    if (!fits(real.dims, spec.dims)) {
      throw mismatch(
        name,
        `${side} "${tensor}" is [${real.dims.join(', ')}], pack.json says [${spec.dims.join(', ')}]`,
      );
    }
  }
}

function fits(real: readonly (number | string)[], spec: readonly (number | string)[]): boolean {
  // The runtime reports no dims at all where shape inference gave up.
  if (real.length === 0) return true;
  if (real.length !== spec.length) return false;
  return real.every((size, i) => typeof size === 'string' || size === spec[i]);
}

function mismatch(name: string, text: string): ModelError {
  return new ModelError('model/shape', `Graph ${name} does not match its pack: ${text}. Fetch the pack again.`);
}
