// Child of open-database.test.ts: fills a small disk with a library and a filler file, frees it, and says what happened as JSON.
import { rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';

const folder = process.argv[2] ?? '';
const filler = path.join(folder, 'filler');
const library = await openLibrary({ folder: path.join(folder, 'library'), mode: 'write', now: 1 });
let acknowledged = 0;
const errors: { code: string; message: string }[] = [];

async function register(): Promise<boolean> {
  try {
    await library.db.registerFolder({ path: `/${acknowledged}/${'long'.repeat(5_000)}`, now: 1 });
    acknowledged++;
    return true;
  } catch (error) {
    const { code, message } = error as { code: string; message: string };
    errors.push({ code, message });
    return false;
  }
}

try {
  for (;;) writeFileSync(filler, Buffer.alloc(100_000), { flag: 'a' });
} catch {
  // Full now, but for what the library holds already.
}
while (await register());
await register();
const whileFull = (await library.db.listFolders()).length;
rmSync(filler);
const resumed = await register();
await library.close();
const again = await openLibrary({ folder: path.join(folder, 'library'), mode: 'write', now: 2 });
const kept = (await again.db.listFolders()).length;
const { quickCheck } = await again.db.health();
await again.close();
process.stdout.write(JSON.stringify({ acknowledged, whileFull, resumed, kept, quickCheck, errors }));
