// Runs the tests of the reliability promises with their long figures: hours instead of minutes. Started by `npm run test:long`.
import { spawnSync } from 'node:child_process';

const names = process.argv.slice(2);
const { status } = spawnSync('vitest', ['run', ...(names.length > 0 ? names : ['test/reliability'])], {
  stdio: 'inherit',
  env: { ...process.env, PHOTOSEEK_LONG: '1' },
  shell: process.platform === 'win32',
});
process.exitCode = status ?? 1;
