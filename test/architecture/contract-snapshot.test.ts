// The contract as others rely on it: renaming or removing a method, a field or an error code must show in the same change as this file's snapshot.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { contractHash } from '../../preload/contract/contract-hash.ts';
import { retryByCode } from '../../preload/contract/errors.ts';
import { events } from '../../preload/contract/events.ts';
import { ReplyFrame, RequestFrame } from '../../preload/contract/frames.ts';
import { contract } from '../../preload/contract/index.ts';
import { contractMethods } from '../helpers/fake-handlers.ts';

type Schema = z.core.JSONSchema.BaseSchema;

/** One line for each field: its way from the top, its type, and whether it may be left out. */
function fields(schema: Schema, way = ''): string[] {
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as Schema[];
  const type = schema.enum ? JSON.stringify(schema.enum) : String(schema.const ?? schema.type ?? branches.length);
  const own = branches.length > 0 ? [] : [`${way || '.'}: ${type}`];
  const items = [schema.items, ...(schema.prefixItems ?? [])].filter((item) => typeof item === 'object') as Schema[];
  const below = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    fields(property as Schema, `${way}.${name}${schema.required?.includes(name) ? '' : '?'}`),
  );
  return [
    ...own,
    ...branches.flatMap((branch) => fields(branch, way)),
    ...items.flatMap((item) => fields(item, `${way}[]`)),
    ...below,
  ];
}

const lines = (schema: z.ZodType, io: 'input' | 'output'): string[] =>
  fields(z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Schema);

it.each(contractMethods())('$name keeps its fields', ({ input, output, local }) => {
  expect({ local, input: lines(input, 'input'), output: lines(output, 'output') }).toMatchSnapshot();
});

it('keeps its methods', () => {
  expect(contractMethods().map(({ name }) => name)).toMatchSnapshot();
});

it('keeps its frames', () => {
  expect({ request: lines(RequestFrame, 'input'), reply: lines(ReplyFrame, 'input') }).toMatchSnapshot();
});

it('keeps its events', () => {
  expect(Object.entries(events).map(([name, schema]) => [name, lines(schema, 'output')])).toMatchSnapshot();
});

it('has another hash with every change of a method, a bound or an event', () => {
  const { revision } = contract.library;
  const one = { library: { revision } };
  const hashes = [
    contractHash(),
    contractHash(one, events),
    contractHash(one, {}),
    contractHash({ library: { edition: revision } }, {}),
    contractHash({ library: { revision: { ...revision, local: true } } }, {}),
    contractHash({ library: { revision: { ...revision, input: z.strictObject({ at: z.number().max(9) }) } } }, {}),
    contractHash({ library: { revision: { ...revision, input: z.strictObject({ at: z.number().max(8) }) } } }, {}),
  ];
  expect(new Set(hashes).size).toBe(hashes.length);
  expect(hashes[0]).toMatch(/^[0-9a-f]{16}$/);
  expect(contractHash()).toBe(hashes[0]);
});

it('keeps its error codes and when they may be tried again', () => {
  expect(retryByCode).toMatchSnapshot();
});
