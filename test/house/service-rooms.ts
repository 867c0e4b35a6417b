import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { assetPath } from '@deepstyle/platform';
import ts from 'typescript';

/** What every service has, where it stands, and what it is called. `X` and `x` are the service's own name. */
export const ROOMS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'index.ts': { x: 'const' },
  'main.ts': {},
  'config.ts': { X_SETTINGS: 'SettingsTable<XSettings>', XSettings: 'type' },
  'errors.ts': {},
  'ports.ts': { Ports: 'type' },
  'x.ts': { createX: '(Ports) => X', X: 'type' },
  'records.ts': {},
  'events.ts': {
    createConsumers: '(Ports, X) => readonly Consumer[]',
    createJobs: '(Ports, X) => readonly JobHandler[]',
  },
  'graph.ts': {
    createLoaders: '(Ports) => inferred',
    createResolvers: '(Ports, X) => SubgraphResolvers<Loaders>',
  },
  'graph-nodes.ts': {},
  'grpc.ts': { createGrpc: '(Ports, X) => readonly GrpcService[]' },
  'reconcile.ts': { createReconciler: '(Ports, X) => Reconciler' },
  'stage.ts': { stageOf: '(record | null) => StageFields' },
};

const ROOT = assetPath('services');

/** `gan-trainer` -> `GanTrainer`, `ganTrainer`. */
function namesOf(service: string): { readonly pascal: string; readonly camel: string } {
  const camel = service.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
  return { camel, pascal: camel.charAt(0).toUpperCase() + camel.slice(1) };
}

/** What a service's files export, said as ROOMS says it; null where the file is not there. */
export function roomOf(service: string, room: string): Readonly<Record<string, string>> | null {
  const path = join(ROOT, service, 'src', room === 'x.ts' ? `${service}.ts` : room);
  if (!existsSync(path)) return null;
  const source = ts.createSourceFile(
    path,
    readFileSync(path, 'utf8'),
    ts.ScriptTarget.ES2022,
    true,
  );
  const exported: Record<string, string> = {};
  for (const statement of source.statements) {
    if (!ts.canHaveModifiers(statement) || !isExported(statement)) continue;
    for (const [name, kind] of declared(statement)) {
      exported[anonymous(service, name)] = anonymous(service, kind);
    }
  }
  return exported;
}

function isExported(statement: ts.HasModifiers): boolean {
  const modifiers = ts.getModifiers(statement) ?? [];
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function declared(statement: ts.Statement): readonly (readonly [string, string])[] {
  if (ts.isFunctionDeclaration(statement)) {
    return [[statement.name?.text ?? '', signatureOf(statement)]];
  }
  if (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) {
    return [[statement.name.text, 'type']];
  }
  if (!ts.isVariableStatement(statement)) return [];
  return statement.declarationList.declarations.map(
    (one) => [one.name.getText(), one.type?.getText() ?? 'const'] as const,
  );
}

function signatureOf({ parameters, type }: ts.FunctionDeclaration): string {
  const types = parameters.map((parameter) => parameter.type?.getText() ?? 'unknown');
  return `(${types.join(', ')}) => ${type?.getText() ?? 'inferred'}`;
}

/** The same text for every service: its own name becomes X. */
function anonymous(service: string, text: string): string {
  const { pascal, camel } = namesOf(service);
  const upper = service.toUpperCase().replaceAll('-', '_');
  return text
    .replaceAll(new RegExp(`\\b${upper}_`, 'g'), 'X_')
    .replaceAll(new RegExp(`(?<![a-z])${pascal}(?![a-z])`, 'g'), 'X')
    .replaceAll(new RegExp(`create${pascal}\\b`, 'g'), 'createX')
    .replaceAll(new RegExp(`\\b${camel}\\b`, 'g'), 'x');
}
