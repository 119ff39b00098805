// Child of open-database.test.ts: makes a library, then changes its version number and ends without closing, so that the change is in the log only.
import path from 'node:path';
import { openLibrary } from '../../../main/library-db/store-library-db.ts';
import { openForWriting } from '../../../main/store/open-database.ts';

const [, , folder = '', version = '0'] = process.argv;
const library = await openLibrary({ folder, mode: 'write', now: 1 });
await library.close();
const db = openForWriting(path.join(folder, 'library.db'), Number(version));
db.pragma(`user_version = ${version}`);
process.kill(process.pid, 'SIGKILL');
