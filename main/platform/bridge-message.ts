// The form of what the window's page may send, checked before anything is done with it. Shell process.
import { z } from 'zod';
import { PhotoId } from '../../preload/contract/ids.ts';

/** A person drags what is selected on the screen; more files than this no system takes at once. */
const mostDragged = 500;

/** See `BridgeMessage` of the contract. The path is that of a file a person dropped, and is only ever used to name a folder. */
export const BridgeMessageForm = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('open') }),
  z.strictObject({ kind: z.literal('frame'), frame: z.unknown() }),
  z.strictObject({ kind: z.literal('ack') }),
  z.strictObject({ kind: z.literal('drop'), id: z.int().positive(), path: z.string().min(1).max(4096) }),
  z.strictObject({ kind: z.literal('drag'), photoIds: z.array(PhotoId).min(1).max(mostDragged) }),
]);
