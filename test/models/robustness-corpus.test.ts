import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ModelError } from '../../native-models/errors.ts';
import { decodePhoto } from '../../native-models/image/decode-photo.ts';
import type { PreprocessSpec } from '../../native-models/image/preprocess.ts';

const corpus = join(import.meta.dirname, '../../../shared/data/robustness');
const spec: PreprocessSpec = {
  width: 64,
  height: 64,
  fit: 'squash',
  kernel: 'lanczos3',
  layout: 'NHWC',
  type: 'uint8',
  mean: [0, 0, 0],
  std: [1, 1, 1],
};

function filesIn(folder: string): string[] {
  return readdirSync(join(corpus, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.tsv'))
    .map((entry) => join(entry.parentPath, entry.name));
}

async function outcome(path: string): Promise<string> {
  try {
    const photo = await decodePhoto(readFileSync(path), { thumbnail: { longestSide: 64 }, inputs: [spec] });
    return photo.damaged ? 'damaged' : 'decoded';
  } catch (error) {
    if (!(error instanceof ModelError)) throw error;
    expect(error.message).not.toMatch(/\n|\/work|Vips/);
    return error.code;
  }
}

describe.skipIf(!existsSync(corpus))('the robustness corpus', () => {
  it.each(['broken', 'fuzz', 'odd-but-valid', 'raw-headers'])(
    'gives every file of %s a state with a reason',
    async (folder) => {
      const counts: Record<string, number> = {};
      for (const path of filesIn(folder)) {
        const state = await outcome(path);
        counts[state] = (counts[state] ?? 0) + 1;
      }
      const known = ['decoded', 'damaged', 'decode/corrupt', 'decode/unsupported', 'decode/too-large', 'decode/empty'];
      expect(Object.keys(counts).filter((state) => !known.includes(state))).toEqual([]);
      if (folder === 'raw-headers') expect(Object.keys(counts)).toEqual(['decode/unsupported']);
      if (folder === 'odd-but-valid') expect(counts['decode/corrupt'] ?? 0).toBe(0);
    },
    60_000,
  );

  it('shows every family of orientations alike', async () => {
    const rows = readFileSync(join(corpus, 'orientation/expected.tsv'), 'utf8').trim().split('\n').slice(1);
    const families = new Map<string, number[]>();
    for (const row of rows) {
      const [file = '', orientation] = row.split('\t');
      const photo = await decodePhoto(readFileSync(join(corpus, 'orientation', file)), {
        inputs: [spec],
        orientation: Number(orientation),
      });
      const family = file.replace(/\d|mir|rot/g, '');
      const pixels = Array.from(photo.inputs[0]?.data ?? []);
      const first = families.get(family) ?? pixels;
      families.set(family, first);
      const sum = first.reduce((total, value, i) => total + Math.abs(value - (pixels[i] as number)), 0);
      const difference = sum / first.length;
      expect({ file, difference: Math.round(difference / 12) }).toEqual({ file, difference: 0 });
    }
  });
});
