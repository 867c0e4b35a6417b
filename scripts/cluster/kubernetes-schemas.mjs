// JSON Schemas of every Kubernetes kind, for kubeconform without a network, from the API server's own OpenAPI document.
//
//   node scripts/cluster/kubernetes-schemas.mjs swagger.json FOLDER
//
// One file a kind, named as kubeconform asks for it ({kind}-{group}-{version}.json), and _definitions.json. Strict: a
// field that the API does not know is an error, which the API server itself would drop without a word.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Two types of Kubernetes are text or number on the wire; OpenAPI 2 can say only "string".
const EITHER = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['string', 'integer'] },
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
};
const KEPT = ['type', 'enum', 'required'];

function reference(target) {
  return { $ref: `_definitions.json#/definitions/${target.split('/').at(-1)}` };
}

/** A schema of OpenAPI 2 as JSON Schema; optional fields may also be null, as in YAML they often are. */
function convert(schema, isOptional = false) {
  if (schema.$ref !== undefined) {
    const target = reference(schema.$ref);
    return isOptional ? { anyOf: [target, { type: 'null' }] } : target;
  }
  const out = Object.fromEntries(
    KEPT.filter((key) => schema[key] !== undefined).map((key) => [key, schema[key]]),
  );
  if (schema.items !== undefined) out.items = convert(schema.items);
  if (schema.properties !== undefined) Object.assign(out, convertProperties(schema));
  else if (typeof schema.additionalProperties === 'object')
    out.additionalProperties = convert(schema.additionalProperties);
  if (isOptional && typeof out.type === 'string') out.type = [out.type, 'null'];
  return out;
}

function convertProperties({ properties, required = [], ...rest }) {
  const converted = Object.entries(properties).map(([name, property]) => [
    name,
    convert(property, !required.includes(name)),
  ]);
  const isOpen = rest['x-kubernetes-preserve-unknown-fields'] === true;
  return {
    properties: Object.fromEntries(converted),
    ...(isOpen ? {} : { additionalProperties: false }),
  };
}

function fileName({ group, version, kind }) {
  const parts = [kind, group.split('.')[0], version].filter((part) => part !== '');
  return `${parts.join('-').toLowerCase()}.json`;
}

function kindSchema(schema, { group, version, kind }) {
  const apiVersion = group === '' ? version : `${group}/${version}`;
  return {
    ...schema,
    properties: {
      ...schema.properties,
      kind: { enum: [kind] },
      apiVersion: { enum: [apiVersion] },
    },
    required: [...new Set([...(schema.required ?? []), 'apiVersion', 'kind'])],
  };
}

const [source, folder] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(source, 'utf8'));
const schemas = Object.fromEntries(
  Object.entries(definitions).map(([name, schema]) => [name, EITHER[name] ?? convert(schema)]),
);
writeFileSync(join(folder, '_definitions.json'), JSON.stringify({ definitions: schemas }));
let kinds = 0;
for (const [name, schema] of Object.entries(definitions)) {
  const [identity, another] = schema['x-kubernetes-group-version-kind'] ?? [];
  // Parts of kinds have no identity, and DeleteOptions and its like have one in every group.
  if (identity === undefined || another !== undefined) continue;
  writeFileSync(
    join(folder, fileName(identity)),
    JSON.stringify(kindSchema(schemas[name], identity)),
  );
  kinds += 1;
}
console.log(`${kinds} kinds`);
