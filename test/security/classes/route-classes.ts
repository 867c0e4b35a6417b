import { type ClassOf, integer, letters, oneOf } from '../input.ts';
import { ofRequest, query } from './query-classes.ts';

const BODIES: readonly string[] = [
  '{bad',
  '[]',
  '"text"',
  '',
  'null',
  '[{"query":"{__typename}"}]',
  '{"query": 7}',
  '{"query": null}',
];
const LARGE_BODY = `{"query": "${'x'.repeat(300_000)}"}`;
const SEND =
  'mutation { startRun(input: { idempotencyKey: "k", season: "none", sources: [] }) { userErrors { code } } }';

/** The path with one of its characters changed. */
function changedAt(random: () => number, text: string, from: number): string {
  const at = integer(random, from, text.length - 1);
  return `${text.slice(0, at)}${text[at] === 'a' ? 'b' : 'a'}${text.slice(at + 1)}`;
}

export const ROUTE_CLASSES: readonly ClassOf<'request'>[] = [
  ofRequest(
    'bodies that are no query',
    'packages/service/src/graph/request-body.ts',
    (draw) => {
      const body = oneOf(draw.random, [...BODIES, LARGE_BODY]);
      const code = body === LARGE_BODY ? 'QUERY_TOO_LARGE' : 'BAD_REQUEST';
      return { ...query(draw, ''), body, code, statuses: [400, 413] };
    },
    (draw) => query(draw, '{ __typename }'),
  ),
  ofRequest(
    'query from a page elsewhere',
    'gateway/src/graph-server.ts',
    (draw) => {
      const path = `/graphql?query=${encodeURIComponent(draw.random() < 0.5 ? SEND : '{ __typename }')}`;
      return { path, headers: { 'content-type': 'text/plain' }, statuses: [400, 405] };
    },
    () => ({
      path: `/graphql?query=${encodeURIComponent('{ __typename }')}`,
      headers: { 'apollo-require-preflight': 'yes' },
      statuses: [200],
      code: null,
    }),
  ),
  ofRequest(
    'token that is none',
    'packages/service/src/authorization.ts',
    (draw) => {
      const { token, random } = draw;
      const authorization = oneOf(random, [
        null,
        `Bearer ${token.slice(0, -1)}`,
        `Bearer ${token}x`,
        `bearer ${token}`,
        `Basic ${token}`,
        token,
        'Bearer ',
        'Bearer undefined',
        `Bearer ${letters(random, 7000)}`,
        `Bearer ${changedAt(random, token, 0)}`,
      ]);
      return query(draw, SEND, { authorization, code: 'UNAUTHENTICATED' });
    },
    (draw) => query(draw, SEND, { code: 'INVALID_ARGUMENT' }),
  ),
  ofRequest(
    'signed address that was changed',
    'packages/storage/src/objects/signed-url.ts',
    ({ random, signedPath }) => {
      const path = oneOf(random, [
        changedAt(random, signedPath, '/objects/'.length),
        signedPath.replace(/expires=\d/, 'expires=9'),
        signedPath.replace(/&signature.*/, ''),
        signedPath.replace(/signature=/, 'signature=&signature='),
        signedPath.replace('datasets/', 'models/'),
        signedPath.replace('datasets/', 'datasets/../datasets/x/'),
        signedPath.replace('/objects/', '/objects/..%2f'),
        signedPath.replace(/\?.*/, ''),
      ]);
      return { path, statuses: [400, 403, 404] };
    },
    ({ signedPath }) => ({ path: signedPath, statuses: [200] }),
  ),
  ofRequest(
    'images that are none',
    'gateway/src/images.ts',
    ({ random, imagePath }) => {
      const path = oneOf(random, [
        '/images/%zz',
        '/images/..%2f..%2fetc%2fpasswd',
        '/images/../../../etc/passwd',
        imagePath.replace('photos', 'models'),
        imagePath.replace('photos', 'datasets'),
        imagePath.toUpperCase().replace('/IMAGES', '/images'),
        `${imagePath}%00.png`,
        `${imagePath}/..`,
        `/images/photos/00/${'0'.repeat(64)}`,
        `/images/${'a/'.repeat(3000)}`,
      ]);
      return { path, statuses: [400, 404] };
    },
    ({ imagePath }) => ({ path: imagePath, statuses: [200] }),
  ),
  ofRequest(
    'sizes of images',
    'gateway/src/images.ts',
    ({ random, imagePath }) => {
      const search = oneOf(random, [
        'w=1000000',
        'w=-1',
        'w=64&w=128',
        'w=1e2',
        'f=svg',
        'w=064',
        'f=constructor',
      ]);
      return { path: `${imagePath}?${search}`, statuses: [400] };
    },
    ({ random, imagePath }) => ({
      path: `${imagePath}?w=${oneOf(random, [64, 128, 1024])}&f=${oneOf(random, ['webp', 'png', 'jpeg'])}`,
      statuses: [200],
    }),
  ),
  ofRequest(
    'images that many ask for at once',
    'gateway/src/images.ts',
    // Together with all others that are tried meanwhile they are no more than may wait.
    ({ random, number, largeImagePath }) => ({
      path: `${largeImagePath}?w=64`,
      atOnce: number === 0 ? 200 : integer(random, 4, 8),
      statuses: [200],
    }),
    ({ random, largeImagePath }) => ({
      path: `${largeImagePath}?w=64`,
      atOnce: integer(random, 2, 3),
      statuses: [200],
    }),
  ),
  ofRequest(
    'host of another name',
    'packages/platform/src/host-check.ts',
    ({ random }) => {
      const host = oneOf(random, [
        'evil.example',
        '127.0.0.1.evil.example',
        'localhost.evil.example:80',
        '',
        '[::1',
        '0.0.0.0',
      ]);
      return { path: '/graphql?query={__typename}', headers: { host }, statuses: [400, 421] };
    },
    ({ random }) => ({
      path: `/graphql?query=${encodeURIComponent('{ __typename }')}`,
      headers: {
        host: oneOf(random, ['localhost', '127.0.0.1:80', 'LOCALHOST:9', '[::1]']),
        'apollo-require-preflight': '1',
      },
      statuses: [200],
      code: null,
    }),
  ),
];
