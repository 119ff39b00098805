// photoseek doctor: versions, models, hardware, limits and the health of the store.
import { AppError } from '../platform/app-error.ts';
import type { CommandContext } from './command-context.ts';

/** @throws AppError `model/load` after the report where the active pack cannot be used: nothing can be indexed or asked then. */
export async function doctor({ api, terminal }: CommandContext): Promise<void> {
  const report = await api.shell.doctor({});
  terminal.result(report, () => {
    const { system, store } = report;
    return [
      ...Object.entries(report.versions).map(([name, version]) => `${name} ${version}`),
      `system ${system.platform} ${system.arch}, ${system.cores} cores, ${system.memoryGb} GB`,
      ...(system.watchLimit === null ? [] : [`folder watches allowed: ${system.watchLimit}`]),
      ...report.packs.map(
        (pack) =>
          `pack ${pack.id}@${pack.revision}${pack.active ? ' (active)' : ''}: ${pack.sizeMb} MB, ${pack.state}, ${pack.licence}`,
      ),
      ...report.providers.map(
        (provider) => `provider ${provider.name}: ${provider.used ? 'used' : 'not used'} (${provider.reason})`,
      ),
      `library ${store.library} (${store.mode}): ${store.sizeMb} MB, schema ${store.schema}, ${store.journal}, synchronous ${store.synchronous}, check ${store.check}`,
      `last copy of the library: ${store.lastBackup ?? 'none yet'}`,
      ...(report.problems.length === 0
        ? ['no problems found']
        : report.problems.map((problem) => `PROBLEM: ${problem}`)),
    ];
  });
  const damaged = report.packs.find(({ active, state }) => active && state !== 'ok');
  if (damaged)
    throw new AppError('model/load', `the model pack "${damaged.id}" cannot be used; see the problems listed`);
}
