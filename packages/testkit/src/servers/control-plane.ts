import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import getPort from 'get-port';
import { temporaryFolder } from '../temporary-folder.ts';
import { requireProgram } from './find-server.ts';
import { createKubernetesApi, eventually, type KubernetesApi } from './kubernetes-api.ts';
import { KWOK_CONFIG } from './kwok-stages.ts';
import { type ServerProcess, startServer } from './server-process.ts';

/** Kubernetes as a cluster runs it, but for kubelets: nodes and pods are played by kwok. */
export interface ControlPlane {
  readonly api: KubernetesApi;
  /** Path of a kubeconfig of its administrator. */
  readonly kubeconfig: string;
  stop(): Promise<void>;
}

interface Ports {
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly api: number;
  readonly scheduler: number;
  readonly controllers: number;
  readonly kwok: number;
}

/** etcd, kube-apiserver, kube-scheduler, kube-controller-manager and kwok on free ports of 127.0.0.1, with RBAC. */
export async function startControlPlane(): Promise<ControlPlane> {
  const folder = await temporaryFolder('deepstyle-kubernetes');
  const token = randomBytes(16).toString('hex');
  const ports: Ports = {
    etcd: await getPort({ host: '127.0.0.1' }),
    etcdPeer: await getPort({ host: '127.0.0.1' }),
    api: await getPort({ host: '127.0.0.1' }),
    scheduler: await getPort({ host: '127.0.0.1' }),
    controllers: await getPort({ host: '127.0.0.1' }),
    kwok: await getPort({ host: '127.0.0.1' }),
  };
  writeFiles(folder.path, ports.api, token);
  const running: ServerProcess[] = [];
  const stop = async (): Promise<void> => {
    for (const server of running.reverse()) await server.kill();
    await folder.remove();
  };
  const start = async (name: string, args: readonly string[], port: number): Promise<void> => {
    running.push(await startServer({ program: requireProgram(name), args, port }));
  };
  const certificate = join(folder.path, 'pki/apiserver.crt');
  const api = createKubernetesApi({
    port: ports.api,
    token,
    ca: () => readFileSync(certificate),
  });
  try {
    await start('etcd', etcdArguments(folder.path, ports), ports.etcd);
    await start('kube-apiserver', apiArguments(folder.path, ports), ports.api);
    await eventually('a ready API server', () => api.get('/readyz'));
    await Promise.all([
      start('kube-scheduler', schedulerArguments(folder.path, ports), ports.scheduler),
      start('kube-controller-manager', controllerArguments(folder.path, ports), ports.controllers),
      start('kwok', kwokArguments(folder.path, ports), ports.kwok),
    ]);
    // The account controller makes it: controllers are at work.
    await eventually('the default account', () =>
      api.get('/api/v1/namespaces/default/serviceaccounts/default'),
    );
  } catch (error) {
    await stop();
    throw error;
  }
  return { api, kubeconfig: join(folder.path, 'kubeconfig'), stop };
}

function writeFiles(folder: string, apiPort: number, token: string): void {
  mkdirSync(join(folder, 'pki'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
  writeFileSync(join(folder, 'pki/accounts.key'), key, { mode: 0o600 });
  writeFileSync(join(folder, 'pki/tokens.csv'), `${token},admin,admin,system:masters\n`);
  writeFileSync(join(folder, 'kwok.yaml'), KWOK_CONFIG);
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'test',
        cluster: {
          server: `https://127.0.0.1:${apiPort}`,
          'certificate-authority': join(folder, 'pki/apiserver.crt'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token } }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    'current-context': 'test',
  };
  writeFileSync(join(folder, 'kubeconfig'), JSON.stringify(config), { mode: 0o600 });
}

function etcdArguments(folder: string, { etcd, etcdPeer }: Ports): string[] {
  const [client, peer] = [`http://127.0.0.1:${etcd}`, `http://127.0.0.1:${etcdPeer}`];
  return [
    ...['--data-dir', join(folder, 'etcd'), '--log-level', 'warn', '--unsafe-no-fsync'],
    ...['--listen-client-urls', client, '--advertise-client-urls', client],
    ...['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer],
    ...['--initial-cluster', `default=${peer}`],
  ];
}

function apiArguments(folder: string, { etcd, api }: Ports): string[] {
  const key = join(folder, 'pki/accounts.key');
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    ...['--bind-address=127.0.0.1', '--advertise-address=127.0.0.1', `--secure-port=${api}`],
    `--cert-dir=${join(folder, 'pki')}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    '--authorization-mode=RBAC',
    `--token-auth-file=${join(folder, 'pki/tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    ...[`--service-account-key-file=${key}`, `--service-account-signing-key-file=${key}`],
    '--endpoint-reconciler-type=none',
  ];
}

const withClient = (folder: string): string[] => [
  `--kubeconfig=${join(folder, 'kubeconfig')}`,
  '--leader-elect=false',
  '--bind-address=127.0.0.1',
];

function schedulerArguments(folder: string, { scheduler }: Ports): string[] {
  const certificates = `--cert-dir=${join(folder, 'pki/scheduler')}`;
  return [...withClient(folder), `--secure-port=${scheduler}`, certificates];
}

function controllerArguments(folder: string, { controllers }: Ports): string[] {
  return [
    ...withClient(folder),
    `--secure-port=${controllers}`,
    `--cert-dir=${join(folder, 'pki/controllers')}`,
    `--service-account-private-key-file=${join(folder, 'pki/accounts.key')}`,
    // No cloud, and nobody gives out addresses of pods.
    '--controllers=*,-nodeipam,-cloud-node-lifecycle',
    '--horizontal-pod-autoscaler-sync-period=2s',
  ];
}

function kwokArguments(folder: string, { kwok }: Ports): string[] {
  return [
    `--kubeconfig=${join(folder, 'kubeconfig')}`,
    `--config=${join(folder, 'kwok.yaml')}`,
    '--manage-all-nodes=true',
    '--node-lease-duration-seconds=40',
    `--server-address=127.0.0.1:${kwok}`,
  ];
}
