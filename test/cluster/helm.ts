import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { assetPath } from '@deepstyle/platform';
import { findProgram } from '@deepstyle/testkit';

export const CHART = assetPath('charts/deepstyle');
export const PREVIOUS_CHART = assetPath('test/cluster/previous/deepstyle-0.1.0.tgz');

export interface Helm {
  /** Runs helm; `values` are given as a values file. @throws with what helm wrote */
  run(args: readonly string[], values?: object): Promise<string>;
}

export function createHelm(kubeconfig: string): Helm {
  const program = findProgram('helm');
  if (program === null) throw new Error('helm is not installed');
  return {
    async run(args, values) {
      const given = values === undefined ? [] : ['--values', '-'];
      const child = spawn(program, [...args, ...given, '--kubeconfig', kubeconfig]);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (part) => {
          output += part;
        });
      }
      child.stdin.end(values === undefined ? '' : JSON.stringify(values));
      const [code] = (await once(child, 'close')) as [number | null];
      if (code !== 0) throw new Error(output);
      return output;
    },
  };
}
