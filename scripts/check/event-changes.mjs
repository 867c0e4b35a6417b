/** Keywords that say nothing about which data fits. */
const NOTES = ['$schema', 'title', 'description'];
const NESTED = [
  'properties',
  'required',
  'additionalProperties',
  'items',
  'prefixItems',
  'anyOf',
  'oneOf',
];

/**
 * What breaks an event between two states of the published schemas (type -> JSON Schema), one line each. Events stay in
 * the stream for days and are read by processes of the version before, so what stands must stay as it is, looser or
 * tighter; only optional fields and whole types may be added.
 */
export function eventChanges(before, after) {
  return [...before].flatMap(([type, schema]) =>
    after.has(type) ? schemaChanges(schema, after.get(type), type) : [`${type} is gone`],
  );
}

function schemaChanges(before, after, path) {
  return [
    ...keywordChanges(before, after, path),
    ...fieldChanges(before, after, path),
    ...partChanges(before, after, path),
  ];
}

function keywordChanges(before, after, path) {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names]
    .filter((name) => !NOTES.includes(name) && !NESTED.includes(name))
    .filter((name) => shown(before[name]) !== shown(after[name]))
    .map((name) => `${path}: ${name} was ${shown(before[name])}, is ${shown(after[name])}`);
}

function fieldChanges(before, after, path) {
  const [old, now] = [before.properties ?? {}, after.properties ?? {}];
  const [wasRequired, isRequired] = [before.required ?? [], after.required ?? []];
  const changes = Object.keys(old).flatMap((name) => {
    const place = `${path}.${name}`;
    if (now[name] === undefined) return [`${place} is gone`];
    const required = isRequired.includes(name);
    return [
      ...(wasRequired.includes(name) === required
        ? []
        : [`${place} is ${required ? 'now' : 'no longer'} required`]),
      ...schemaChanges(old[name], now[name], place),
    ];
  });
  const added = isRequired.filter((name) => old[name] === undefined);
  const isClosed = after.additionalProperties === false && before.additionalProperties !== false;
  return [
    ...changes,
    ...added.map((name) => `${path}.${name} is new and required; a new field must be optional`),
    ...(isClosed ? [`${path} no longer takes fields that it does not name`] : []),
  ];
}

/** Of array items and of alternatives. */
function partChanges(before, after, path) {
  const [old, now] = [partsOf(before), partsOf(after)];
  const [was, is] = [old, now].map((parts) => shown([...parts.keys()]));
  if (was !== is) return [`${path} was made of ${was}, is made of ${is}`];
  return [...old].flatMap(([label, part]) => schemaChanges(part, now.get(label), path + label));
}

function partsOf({ items, prefixItems = [], anyOf = [], oneOf = [] }) {
  return new Map([
    ...(typeof items === 'object' ? [['[]', items]] : []),
    ...prefixItems.map((part, index) => [`[${index}]`, part]),
    ...[...anyOf, ...oneOf].map((part, index) => [`(${index}: ${part.type})`, part]),
  ]);
}

/** The order of enum values and the like means nothing. */
function shown(value) {
  if (value === undefined) return 'absent';
  return JSON.stringify(Array.isArray(value) ? value.toSorted() : value);
}
