import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ProtoNode, trimProtos } from '../../../scripts/functions/trim-protos.ts';

const field = (type: string, id = 1) => ({ type, id, keyType: undefined });

/** A service with a call that reads a thing, and one that changes a part of it. */
const PROTOS = {
  nested: {
    google: { nested: { protobuf: { nested: { Any: { fields: { value: field('bytes') } } } } } },
    shop: {
      nested: {
        Things: {
          methods: {
            Get: { requestType: 'GetRequest', responseType: 'Thing' },
            SetPart: { requestType: '.shop.SetPartRequest', responseType: 'Thing' },
            Delete: { requestType: 'DeleteRequest', responseType: 'Thing' },
          },
        },
        GetRequest: { fields: { name: field('string') } },
        DeleteRequest: { fields: { name: field('string') } },
        SetPartRequest: { fields: { part: field('Part') } },
        Thing: {
          oneofs: { _name: { oneof: ['name'] }, _secret: { oneof: ['secret'] } },
          fields: {
            name: field('string'),
            part: field('Part'),
            state: field('State'),
            labels: { ...field('Label'), keyType: 'string' },
            secret: field('google.protobuf.Any'),
          },
          nested: { State: { values: { UNKNOWN: 0, ON: 1 } } },
        },
        Part: { fields: { size: field('int64'), colour: field('Colour') } },
        Colour: { fields: { red: field('int32') } },
        Label: { fields: { text: field('string'), note: field('string') } },
        State: { values: { OTHER: 0 } },
      },
    },
  },
} as unknown as ProtoNode;

const IN_USE = new Set(['name', 'state', 'labels', 'text']);

function trimmed(methods: string[], fieldsInUse = IN_USE): Record<string, ProtoNode> {
  const root = trimProtos(PROTOS, [{ name: 'shop.Things', methods }], fieldsInUse);
  assert.equal(root.nested?.google, undefined);
  return root.nested?.shop?.nested ?? {};
}

test('keeps the methods in use, and no type that only others need', () => {
  const shop = trimmed(['Get']);
  assert.deepEqual(Object.keys(shop).toSorted(), ['GetRequest', 'Label', 'Thing', 'Things']);
  assert.deepEqual(Object.keys(shop.Things?.methods ?? {}), ['Get']);
});

test('of a type that is only received the fields in use are kept, and what these hold', () => {
  const { Thing, Label } = trimmed(['Get']);
  assert.deepEqual(Object.keys(Thing?.fields ?? {}), ['name', 'state', 'labels']);
  assert.deepEqual(Thing?.oneofs, { _name: { oneof: ['name'] } });
  assert.deepEqual(Object.keys(Label?.fields ?? {}), ['text']);
});

test('the innermost type of a name is meant', () => {
  assert.deepEqual(trimmed(['Get']).Thing?.nested?.State?.values, { UNKNOWN: 0, ON: 1 });
});

test('a type that is sent stays whole, though it is received as well: what was read may be sent back', () => {
  const shop = trimmed(['Get', 'SetPart'], new Set([...IN_USE, 'part']));
  assert.deepEqual(Object.keys(shop.Part?.fields ?? {}), ['size', 'colour']);
  assert.deepEqual(Object.keys(shop.Colour?.fields ?? {}), ['red']);
});

test('a method that is not there is an error', () => {
  assert.throws(() => trimmed(['Put']), { message: 'The protos have no method shop.Things.Put.' });
});

test('leaves what it was given as it was', () => {
  const before = structuredClone(PROTOS);
  trimmed(['Get', 'SetPart']);
  assert.deepEqual(PROTOS, before);
});
