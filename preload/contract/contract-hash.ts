// A short name for one state of the contract, by which two sides tell that they were built for the same. Node and build tools; a window gets it as a constant.
import { z } from 'zod';
import type { Contract } from './define.ts';
import { events } from './events.ts';
import { contract } from './index.ts';

/** Changes with every method, field, bound or event. 16 hexadecimal digits; not a secret. */
export function contractHash(
  methods: Contract = contract,
  topics: Readonly<Record<string, z.ZodType>> = events,
): string {
  return hashOf(JSON.stringify({ methods: methodsOf(methods), events: shapesOf(topics) }));
}

function methodsOf(contract: Contract): unknown {
  return Object.entries(contract).map(([domain, methods]) => [
    domain,
    Object.entries(methods).map(([name, { input, output, local }]) => [name, local, shape(input), shape(output)]),
  ]);
}

function shapesOf(schemas: Readonly<Record<string, z.ZodType>>): unknown {
  return Object.entries(schemas).map(([name, schema]) => [name, shape(schema)]);
}

function shape(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

/** 64-bit FNV-1a over UTF-16 units: every runtime has what it takes. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n;
  for (let i = 0; i < text.length; i++) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(text.charCodeAt(i))) * 0x100000001b3n);
  }
  return hash.toString(16).padStart(16, '0');
}
