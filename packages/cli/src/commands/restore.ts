import { Command } from '@commander-js/extra-typings';
import { existing } from '../arguments/paths.ts';
import type { Call } from '../call.ts';

/** `deepstyle restore`: a data folder out of a backup, after it was checked. */
export function restoreCommand(call: Call) {
  return new Command('restore')
    .summary('a data folder out of a backup')
    .description('Checks a backup and makes a data folder out of it, where there is none yet.')
    .argument('<backup>', 'what `backup` wrote', existing('file or folder', 'BACKUP', call.folder))
    .action(async (backup) => {
      const { restore } = await import('../backup/backup.ts');
      await restore(call, backup);
    });
}
