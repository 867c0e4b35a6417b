import { type ChildProcess, spawn } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { processEnvironment } from '@deepstyle/platform';
import { childrenOf } from './children-of.ts';
import { findProgram } from './find-server.ts';

export interface ServerProcess {
  readonly pid: number;
  /** Asks it to end, and waits; a second call does nothing. */
  stop(): Promise<void>;
  /** Ends it as a crash of the machine would: with its own processes. */
  kill(): Promise<void>;
}

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  /** Ready when it listens on this port of 127.0.0.1. */
  readonly port: number;
  readonly uid?: number | undefined;
  readonly gid?: number | undefined;
  readonly stopSignal?: NodeJS.Signals;
  /** Beside this process's own environment. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Of a server that listens before it answers: ready when this does, with a status below 300. */
  readonly readyUrl?: string;
}

const START_MS = 20_000;
const STOP_MS = 5000;

/** Starts a server and waits until it listens. It ends with this process, however that ends. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  const [program, args] = withDeathSignal(command);
  const child = spawn(program, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...processEnvironment(), ...command.environment },
    ...(command.uid === undefined ? {} : { uid: command.uid }),
    ...(command.gid === undefined ? {} : { gid: command.gid }),
  });
  let output = '';
  const keep = (text: Buffer): void => {
    output = (output + text.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const running = handle(child, command.stopSignal ?? 'SIGTERM');
  try {
    await waitUntilReady(child, command);
  } catch (error) {
    await running.kill();
    throw new Error(`${command.program} did not start: ${(error as Error).message}\n${output}`);
  }
  return running;
}

/** Linux ends a child with its parent where it is told to: no server outlives a killed test run. */
function withDeathSignal({ program, args }: ServerCommand): [string, string[]] {
  const setpriv = process.platform === 'linux' ? findProgram('setpriv') : null;
  if (setpriv === null) return [program, [...args]];
  return [setpriv, ['--pdeathsig', 'KILL', '--', program, ...args]];
}

function handle(child: ChildProcess, stopSignal: NodeJS.Signals): ServerProcess {
  const onExit = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', onExit);
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      process.off('exit', onExit);
      resolve();
    });
    child.once('error', () => resolve());
  });
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill(signal);
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await ended;
    clearTimeout(timer);
  };
  const pid = child.pid ?? 0;
  const kill = async (): Promise<void> => {
    const own = await childrenOf(pid);
    await end('SIGKILL');
    // One of PostgreSQL goes on with its statement until it notices that it is alone.
    for (const each of own) killIfThere(each);
  };
  return { pid, stop: () => end(stopSignal), kill };
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}

async function waitUntilReady(child: ChildProcess, command: ServerCommand): Promise<void> {
  const givesUpAt = Date.now() + START_MS;
  const failures: Error[] = [];
  child.once('error', (error) => failures.push(error));
  while (!(await isReady(command))) {
    const [failure] = failures;
    if (failure !== undefined) throw failure;
    if (child.exitCode !== null) throw new Error(`it left with code ${child.exitCode}`);
    if (Date.now() > givesUpAt) throw new Error(`nothing answers on port ${command.port}`);
    await sleep(20);
  }
}

async function isReady({ port, readyUrl }: ServerCommand): Promise<boolean> {
  if (!(await isListening(port))) return false;
  if (readyUrl === undefined) return true;
  return fetch(readyUrl).then(
    ({ ok }) => ok,
    () => false,
  );
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
