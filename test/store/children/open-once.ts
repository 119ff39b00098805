// Child of open-database.test.ts: opens a library for writing and says how that ended as JSON.
import { openLibrary } from '../../../main/library-db/store-library-db.ts';

try {
  const library = await openLibrary({ folder: process.argv[2] ?? '', mode: 'write', now: 1 });
  process.stdout.write(JSON.stringify({ mode: library.mode }));
  await library.close();
} catch (error) {
  const { code, message } = error as { code: string; message: string };
  process.stdout.write(JSON.stringify({ code, message }));
}
