import { Command } from '@commander-js/extra-typings';
import type { Call } from '../call.ts';
import type { Diagnosis } from '../instance/diagnosis.ts';

/** `deepstyle doctor`: every setting with its origin, and every store tried. Exit code 1 where something is wrong. */
export function doctorCommand(call: Call) {
  return new Command('doctor')
    .summary('settings, stores and engine, checked')
    .description('Lists every setting with its origin, and tries the engine and every store.')
    .action(async () => {
      const { diagnose } = await import('../instance/diagnosis.ts');
      const diagnosis = await diagnose(call.environment, call.dataFolder);
      const ok = diagnosis.findings.every((finding) => finding.ok);
      call.print({ ok, ...diagnosis }, report(diagnosis));
      if (!ok) call.exitCode = 1;
    });
}

function report({ findings, settings }: Diagnosis): string {
  const width = Math.max(...settings.map(({ env }) => env.length));
  const lines = [...new Set(settings.map(({ of }) => of))].flatMap((of) => [
    `settings of ${of === 'process' ? 'every process' : `the ${of}`}`,
    ...settings
      .filter((setting) => setting.of === of)
      .map(
        ({ env, value, source }) => `  ${env.padEnd(width)}  ${value || '(empty)'}  [${source}]`,
      ),
  ]);
  const checks = findings.map(
    ({ check, ok, detail }) => `  ${ok ? 'ok  ' : 'FAIL'} ${check.padEnd(12)} ${detail}`,
  );
  return `${[...lines, 'checks', ...checks].join('\n')}\n`;
}
