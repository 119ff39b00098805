// Child of owner.test.ts: opens a library for writing, says in which mode, and holds it until it is killed.
import { openLibrary } from '../../../main/library-db/store-library-db.ts';

const library = await openLibrary({ folder: process.argv[2] ?? '', mode: 'write', now: Date.now() });
process.stdout.write(`${library.mode}\n`);
setInterval(() => undefined, 60_000);
