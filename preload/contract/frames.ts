// The plain-data frames that carry calls between an interface and the application, over any transport.
import { z } from 'zod';
import { ErrorEnvelope } from './errors.ts';

const id = z.number().int().nonnegative();

export const RequestFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('call'), id, method: z.string().max(100), input: z.unknown() }),
  z.strictObject({ kind: z.literal('cancel'), id }),
]);
export type RequestFrame = z.infer<typeof RequestFrame>;

export const ReplyFrame = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('ok'), id, output: z.unknown() }),
  z.strictObject({ kind: z.literal('fail'), id, error: ErrorEnvelope }),
  z.strictObject({ kind: z.literal('cancelled'), id }),
  /** State of a topic (`events.ts`); `seq` counts the events of this connection from 1, a gap means that some were left out. */
  z.strictObject({
    kind: z.literal('event'),
    name: z.string().max(100),
    seq: z.number().int().positive(),
    data: z.unknown(),
  }),
  /** First frame of a connection: a peer built for another contract must reload. */
  z.strictObject({ kind: z.literal('hello'), contractHash: z.string() }),
]);
export type ReplyFrame = z.infer<typeof ReplyFrame>;
