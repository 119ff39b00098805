// Child of row 13: opens a library's files for writing, says whether it owns them, and holds them until it is killed.
import { openToWrite } from '../../../main/store/open-library-files.ts';

const files = await openToWrite(process.argv[2] ?? '', 1);
process.stdout.write(`${files.mode}\n`);
setInterval(() => undefined, 60_000);
