// Contract of the shell domain: what this installation is made of and whether it is well.
import { z } from 'zod';
import { method } from './define.ts';

export const DoctorReport = z.object({
  versions: z.record(z.string(), z.string()),
  system: z.object({
    platform: z.string(),
    arch: z.string(),
    cores: z.number(),
    memoryGb: z.number(),
    watchLimit: z.number().nullable(),
  }),
  packs: z.array(
    z.object({
      id: z.string(),
      revision: z.string(),
      title: z.string(),
      licence: z.string(),
      notice: z.string(),
      active: z.boolean(),
      state: z.string(),
      sizeMb: z.number(),
    }),
  ),
  providers: z.array(z.object({ name: z.string(), used: z.boolean(), reason: z.string() })),
  store: z.object({
    library: z.string(),
    mode: z.string(),
    sqlite: z.string(),
    schema: z.number(),
    journal: z.string(),
    synchronous: z.string(),
    sizeMb: z.number(),
    check: z.string(),
  }),
  /** One line for each thing that needs the person's attention; empty when all is well. */
  problems: z.array(z.string()),
});

export const shell = { doctor: method(z.strictObject({}), DoctorReport) };
