import type { Edit } from '../faults/planted-bugs.ts';

/** A guard that is taken out on purpose: other text in the sources, for one build. */
export interface PlantedGap {
  readonly name: string;
  readonly edits: readonly Edit[];
  /** Classes whose name or guard holds this are tried. */
  readonly only: string;
  /** Inputs of them; more where few of them meet the gap. */
  readonly count: number;
}

/** Threads are of the same build as what is planted: by themselves the programs take those of `dist/`. */
export const OWN_THREADS: readonly Edit[] = [
  {
    file: 'services/scraper/src/parser/parser.ts',
    find: "assetPath('dist/scraper-parser.js')",
    replace: "process.argv[1].replace('scraper.js', 'scraper-parser.js')",
  },
  {
    file: 'services/dataset/src/reader/dataset-reader.ts',
    find: "assetPath('dist/dataset-reader.js')",
    replace: "process.argv[1].replace('dataset.js', 'dataset-reader.js')",
  },
];

const gap = (
  name: string,
  only: string,
  count: number,
  file: string,
  find: string,
  replace: string,
): PlantedGap => ({
  name,
  only,
  count,
  edits: [{ file, find, replace }],
});

const GUARD = 'services/scraper/src/http/address-guard.ts';
const READ_BODY = 'services/scraper/src/http/read-body.ts';
const PARTS = 'packages/vision/src/refuse-many-parts.ts';
const TAGS = 'services/scraper/src/sources/tags.ts';

export const PLANTED_GAPS: readonly PlantedGap[] = [
  gap(
    'every address is public',
    'picture among many sizes',
    8,
    GUARD,
    'allowed.has(address) || isPublic(address),',
    'isIP(address) !== 0,',
  ),
  gap(
    'an address that is never resolved is not looked at',
    'redirect of a page',
    8,
    GUARD,
    'if (isIP(host) !== 0 && !guard.permits(host, host)) {',
    'if (isIP(host) < 0) {',
  ),
  gap(
    'old notations in IPv6 are public',
    'line of a manifest',
    160,
    GUARD,
    'return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);',
    'return parsed instanceof ipaddr.IPv4 || GLOBAL_UNICAST.length > 0;',
  ),
  gap(
    'elements lie as deep as they like',
    'elements in each other',
    4,
    TAGS,
    'if (this.#open.length > MAX_DEPTH) {',
    'if (this.#open.length > MAX_DEPTH * 1e9) {',
  ),
  gap(
    'elements are not counted',
    'elements beyond number',
    1,
    TAGS,
    'if (this.#elements > MAX_ELEMENTS) {',
    'if (this.#elements > MAX_ELEMENTS * 1e9) {',
  ),
  gap(
    'what is packed may be of any length',
    'is packed',
    8,
    READ_BODY,
    "if (length > maxBytes && excess === 'reject') throw tooManyBytes(maxBytes);\n",
    '',
  ),
  gap(
    'an AVIF counts as little as its file',
    'AVIF of many pixels',
    4,
    'packages/vision/src/decode-bytes.ts',
    "return AVIF_BASE_BYTES + (depth === 'uchar' ? 17 : 27) * pixels;",
    'return AVIF_BASE_BYTES + depth.length;',
  ),
  gap(
    'pictures are decoded all at once',
    'many interlaced PNG',
    1,
    'packages/vision/src/memory-budget.ts',
    'if (this.#waiting.length === 0 && this.#usedBytes + bytes <= this.limitBytes) {',
    'if (this.limitBytes >= 0) {',
  ),
  gap(
    'credits may be programs',
    'credits that are programs',
    24,
    'services/scraper/src/sources/source-item.ts',
    'return text === null || !isCredit ? text : withoutForeignLink(text);',
    'return isCredit ? text && withoutForeignLink.name && text : text;',
  ),
  gap(
    'wildcards are not counted',
    'wildcards in robots.txt',
    2,
    'services/scraper/src/http/robots-group.ts',
    'if (wildcards > MAX_WILDCARDS) {',
    'if (wildcards > MAX_WILDCARDS * 1e9) {',
  ),
  gap(
    'addresses are searched for wildcards however long they are',
    'long address below wildcards',
    2,
    'services/scraper/src/http/robots-group.ts',
    'if (path.length * wildcards > MAX_SEARCHED) {',
    'if (path.length * wildcards > MAX_SEARCHED * 1e9) {',
  ),
  gap(
    'what unpacks to nothing may go on',
    'unpacks to nothing',
    4,
    READ_BODY,
    'if (packedBytes > maxBytes) body',
    'if (packedBytes > maxBytes * 1e9) body',
  ),
  gap(
    'a body that was too slow is asked for again',
    'comes byte by byte',
    2,
    'services/scraper/src/http/request.ts',
    'transient: !(late instanceof AnswerTooLateError && late.hasBegun),',
    'transient: true,',
  ),
  gap(
    'a host may take as much time as it likes',
    'takes its time and gives nothing',
    1,
    'services/scraper/src/http/host-limiter.ts',
    'if (pausedMs > MAX_PAUSED_MINUTES * 60_000) {',
    'if (pausedMs > MAX_PAUSED_MINUTES * 1e9) {',
  ),
  gap(
    'parts of a picture are not counted',
    PARTS,
    10,
    PARTS,
    'if (parts > maxParts)',
    'if (parts > maxParts * 1e9)',
  ),
  gap(
    'pictures of an animation are not counted',
    'animation of many pictures',
    6,
    PARTS,
    'if (pictures > MAX_PICTURES)',
    'if (pictures > MAX_PICTURES * 1e9)',
  ),
  gap(
    'links lead out of what may be read',
    'files outside of what may be read',
    24,
    'services/scraper/src/sources/permitted-files.ts',
    'if (realRoot !== null && isInside(real, realRoot)) return real;',
    'if (realRoot !== null) return real;',
  ),
  gap(
    'JSON is nested as deep as it likes',
    'values nested without end',
    4,
    'services/dataset/src/coco/json-file.ts',
    'if (scanner.deepest > MAX_NESTING) listener',
    'if (scanner.deepest > MAX_NESTING * 1e9) listener',
  ),
  gap(
    'a dataset may be a link to anything',
    'dataset behind a link',
    16,
    'services/dataset/src/lists/links.ts',
    'if (!isInside(await realpath(path))) {',
    'if (!isInside(await realpath(path)) && path === folder) {',
  ),
  gap(
    'queries are not measured',
    'aliases',
    4,
    'gateway/src/graph-server.ts',
    'refuseLargeDocument(documentOf(req), DOCUMENT_LIMITS);',
    'void refuseLargeDocument;',
  ),
  gap(
    'ids are not counted',
    'pages of many ids',
    4,
    'gateway/src/count-nodes.ts',
    'if (Array.isArray(given)) return given.length;',
    'if (Array.isArray(given)) return 1;',
  ),
  gap(
    'lists without pages are not counted',
    'lists without pages',
    4,
    'gateway/src/count-nodes.ts',
    "return typeof size === 'number' ? size : null;",
    "return typeof size === 'number' ? null : size;",
  ),
  gap(
    'an id may be named again and again',
    'named again and again',
    4,
    'gateway/src/node-subgraph.ts',
    'if (new Set(ids).size < ids.length)',
    'if (new Set(ids).size < 0)',
  ),
  gap(
    'all values that do not fit are told',
    'variables that do not fit',
    8,
    'gateway/src/operation-rules.ts',
    'if (first === undefined) return;',
    "if (first?.message !== '') return;",
  ),
  gap(
    'anything is text',
    'text that is none',
    4,
    'packages/service/src/graph/subgraph.ts',
    'if (refused === null) return await resolve(...given);',
    "if (refused === null || type !== '') return await resolve(...given);",
  ),
  gap(
    'any token will do',
    'token that is none',
    40,
    'packages/service/src/authorization.ts',
    "return isOneOf(header.slice('Bearer '.length), [token]);",
    'return isOneOf(token, [token]);',
  ),
  gap(
    'signatures are not compared',
    'signed address',
    16,
    'packages/storage/src/objects/signed-url.ts',
    'if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {',
    'if (!timingSafeEqual(expected, expected)) {',
  ),
  gap(
    'text in a PNG is unpacked',
    'many texts that are packed',
    1,
    'packages/vision/src/png-text.ts',
    'if (keptFrom === 0) return png;',
    'if (keptFrom >= 0) return png;',
  ),
  gap(
    'a file is read as far as it goes',
    'file that hides its size',
    1,
    'services/scraper/src/sources/permitted-files.ts',
    'await readFileUpTo(path, maxBytes)',
    'await readFileUpTo(path, maxBytes * 300)',
  ),
  gap(
    'an image of a dataset may be of any length',
    'picture of any length',
    1,
    'services/dataset/src/images/read-images.ts',
    'await readFileUpTo(path, MAX_IMAGE_BYTES)',
    'await readFileUpTo(path, MAX_IMAGE_BYTES * 30)',
  ),
  gap(
    'stored images are read all at once',
    'images that many ask for at once',
    1,
    'gateway/src/images.ts',
    'held.hold(bytes, ()',
    'held.hold(0 * bytes, ()',
  ),
];
