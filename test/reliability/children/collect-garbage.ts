// Loaded before every process and thread of row-44-soak.test.ts: what is nobody's any more goes at once, so that what is resident is what is held. Left to itself a thread at rest collects hardly ever.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

const everyMs = 5_000;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
setInterval(collect, everyMs).unref();
