import { invalid } from '../../http/api-error.ts';
import type { Call, Reply } from '../../http/call.ts';
import type { Route } from '../../http/router.ts';
import { requireRead, requireWrite } from '../access.ts';
import { type ObjectAttributes, readObjectAttributes } from '../checks/attributes.ts';
import { requireObjectName } from '../checks/names.ts';
import { mergePatch } from '../checks/patch.ts';
import { readPreconditions, requirePreconditions } from '../checks/preconditions.ts';
import { type Component, compose } from '../state/composition.ts';
import type { ObjectRecord } from '../state/records.ts';
import type { Store } from '../state/store.ts';
import { apiRoute } from './paths.ts';
import { objectResource } from './resources.ts';

/** https://cloud.google.com/storage/docs/json_api/v1/objects/compose */
interface ComposeRequest {
  sourceObjects?: ComposeSource[];
  destination?: object;
}

interface ComposeSource {
  name?: string;
  generation?: string | number;
  objectPreconditions?: { ifGenerationMatch?: string | number };
}

/** Objects made of objects. */
export function copyRoutes(store: Store): Route[] {
  const to = (verb: string) => `/b/:bucket/o/:object/${verb}/b/:toBucket/o/:toObject`;
  return [
    apiRoute('POST', to('rewriteTo'), 'storage.objects.rewrite', rewriteObject),
    apiRoute('POST', to('copyTo'), 'storage.objects.copy', copyObject),
    apiRoute('POST', '/b/:bucket/o/:object/compose', 'storage.objects.compose', composeObject),
  ];

  /** A rewrite is done in its first call: bytes are linked, not copied, so there is never a token to go on with. */
  async function rewriteObject(call: Call): Promise<Reply> {
    const object = await copy(call);
    const size = String(object.size);
    const resource = objectResource(call, object);
    return {
      body: {
        kind: 'storage#rewriteResponse',
        totalBytesRewritten: size,
        objectSize: size,
        done: true,
        resource,
      },
    };
  }

  async function copyObject(call: Call): Promise<Reply> {
    return { body: objectResource(call, await copy(call)) };
  }

  async function copy(call: Call): Promise<ObjectRecord> {
    const replacement = readObjectAttributes(await call.json());
    const query = call.url.searchParams;
    const generation = call.query('sourceGeneration');
    const source = store.objects.get(call.param('bucket'), call.param('object'), generation);
    requirePreconditions(readPreconditions(query, 'ifSource'), source);
    requireWrite(call, store, call.param('toBucket'), call.param('toObject'));
    return store.objects.copy(source, {
      bucket: call.param('toBucket'),
      name: requireObjectName(call.param('toObject')),
      attributes: copiedAttributes(source.attributes, replacement),
      preconditions: readPreconditions(query),
    });
  }

  async function composeObject(call: Call): Promise<Reply> {
    const { sourceObjects = [], destination = {} } = await call.json<ComposeRequest>();
    const bucket = call.param('bucket');
    for (const { name = '' } of sourceObjects) requireRead(call, store, bucket, name);
    requireWrite(call, store, bucket, call.param('object'));
    const object = await compose(store.objects, store.content, sourceObjects.map(readComponent), {
      bucket,
      name: requireObjectName(call.param('object')),
      attributes: mergePatch({}, readObjectAttributes(destination)),
      preconditions: readPreconditions(call.url.searchParams),
    });
    return { body: objectResource(call, object) };
  }
}

/** A copy has its source's attributes, unless the request names some: then it has those, and no others. */
function copiedAttributes(source: ObjectAttributes, replacement: object): ObjectAttributes {
  const { storageClass: _, ...inherited } = source;
  return Object.keys(replacement).length === 0 ? inherited : mergePatch({}, replacement);
}

function readComponent(source: ComposeSource): Component {
  if (!source.name) throw invalid('Every source object of a composition needs a name.');
  const match = source.objectPreconditions?.ifGenerationMatch;
  return {
    name: source.name,
    ...(source.generation !== undefined && { generation: String(source.generation) }),
    preconditions: match === undefined ? {} : { generationMatch: String(match) },
  };
}
