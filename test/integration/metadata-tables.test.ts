// The published truth about real photos, cell by cell, and every hostile file (reads data that lies beside the repository).
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { readMetadata } from '../../main/metadata/read-metadata.ts';

const DATA = join(import.meta.dirname, '../../../shared/data/robustness');
const isPresent = existsSync(DATA);

type Row = Record<string, string>;

function readTable(path: string): Row[] {
  const [head = [], ...rows] = readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t'));
  return rows.map((row) => Object.fromEntries(head.map((name, i) => [name, row[i] ?? ''])));
}

/** Our answer to each column any of the tables has. */
function answers(bytes: Uint8Array, sidecar?: string): Row {
  const facts = readMetadata(bytes, sidecar);
  const number = (value: number | null): string => (value === null ? '' : String(value));
  const taken = facts.takenAt ?? '';
  return {
    date_taken: taken,
    date: taken.replaceAll('-', ':').replace('T', ' ') + (facts.offset ?? ''),
    offset: facts.offset ?? '',
    gps_lat: facts.gps?.lat.toFixed(6) ?? '',
    gps_lon: facts.gps?.lon.toFixed(6) ?? '',
    make: facts.camera.make ?? '',
    model: facts.camera.model ?? '',
    orientation: number(facts.orientation),
    width: number(facts.width),
    height: number(facts.height),
    stored_width: number(facts.width),
    stored_height: number(facts.height),
    rating: number(facts.rating),
    keywords: facts.keywords.join('|'),
    title: facts.title ?? '',
    description: facts.description ?? '',
  };
}

/** Cells of the row that say something else than we do; places may differ in the last of six decimals. */
function disagreements(row: Row, own: Row): string[] {
  return Object.entries(own).flatMap(([column, value]) => {
    const wanted = row[column] ?? '';
    const isSame = column.startsWith('gps_')
      ? value !== '' && Math.abs(Number(value) - Number(wanted)) < 2e-6
      : value === wanted;
    return wanted === '' || isSame ? [] : [`${column}: ${wanted} expected, ${value} read`];
  });
}

// These four are 88 x 590 in the file, as the next test but one proves; the table gives what a viewer shows.
const TRANSPOSED = /g4_orientation_[5678]\.tif$/;

describe.skipIf(!isPresent)('published tables', () => {
  it.each([
    ['good-metadata', 'expected.tsv', 350],
    ['orientation', 'expected.tsv', 90],
    ['raw-headers', 'expected.tsv', 15],
    ['odd-but-valid', 'exiftool-expected.tsv', 90],
  ])('%s agrees in every filled cell', (folder, table, atLeast) => {
    const rows = readTable(join(DATA, folder, table)).filter((row) => !TRANSPOSED.test(row['file'] ?? ''));
    const found = rows.map((row) => {
      const own = answers(readFileSync(join(DATA, folder, row['file'] ?? '')));
      return {
        file: row['file'],
        differs: disagreements(row, own),
        cells: Object.keys(own).filter((key) => row[key]).length,
      };
    });
    expect(found.filter(({ differs }) => differs.length > 0)).toEqual([]);
    expect(found.reduce((sum, { cells }) => sum + cells, 0)).toBeGreaterThanOrEqual(atLeast);
  });

  it('sidecars agree in every filled cell', () => {
    const rows = readTable(join(DATA, 'sidecars/expected.tsv'));
    const found = rows.map((row) => {
      const text = readFileSync(join(DATA, 'sidecars', row['file'] ?? ''), 'utf8');
      return { file: row['file'], differs: disagreements(row, answers(new Uint8Array(0), text)) };
    });
    expect(found.filter(({ differs }) => differs.length > 0)).toEqual([]);
  });

  it('TIFF files of orientation 5 to 8 store what the decoder says they store', async () => {
    const rows = readTable(join(DATA, 'orientation/expected.tsv')).filter((row) => TRANSPOSED.test(row['file'] ?? ''));
    expect(rows).toHaveLength(4);
    for (const row of rows) {
      const bytes = readFileSync(join(DATA, 'orientation', row['file'] ?? ''));
      const { info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
      const { width, height, orientation } = readMetadata(bytes);
      expect({ width, height }).toEqual({ width: info.width, height: info.height });
      expect(String(orientation)).toBe(row['orientation']);
    }
  });
});

describe.skipIf(!isPresent)('hostile files', () => {
  it.each([
    ['broken', 70],
    ['fuzz', 390],
    ['odd-but-valid', 290],
    ['raw-headers', 6],
  ])('%s: each file is read without a throw, in less than 2 s', (folder, atLeast) => {
    const files = readdirSync(join(DATA, folder), { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const slow = files.filter((entry) => {
      const bytes = readFileSync(join(entry.parentPath, entry.name));
      const started = performance.now();
      expect(readMetadata(bytes)).toHaveProperty('warnings');
      return performance.now() - started > 2000;
    });
    expect(slow).toEqual([]);
    expect(files.length).toBeGreaterThanOrEqual(atLeast);
  });
});
