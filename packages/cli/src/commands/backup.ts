import { Command } from '@commander-js/extra-typings';
import { anyPath } from '../arguments/paths.ts';
import type { Call } from '../call.ts';

/** `deepstyle backup`: the data folder as one file or folder, also while an instance works on it. */
export function backupCommand(call: Call) {
  return new Command('backup')
    .summary('a copy of the data folder, also while it is in use')
    .description(
      'Copies the data folder as it is at one moment, also while an instance works on it.',
    )
    .argument('<target>', 'a .tar file or a folder, not there yet', anyPath('TARGET', call.folder))
    .action(async (target) => {
      call.needDataFolder();
      const { backUp } = await import('../backup/backup.ts');
      await backUp(call, target);
    });
}
