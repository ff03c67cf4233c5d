/** A namespace, message, enum or service of a protos.json (https://github.com/protobufjs/protobuf.js#using-json-descriptors). */
export interface ProtoNode {
  nested?: Record<string, ProtoNode>;
  fields?: Record<string, ProtoField>;
  oneofs?: Record<string, { oneof: string[] }>;
  values?: Record<string, number>;
  methods?: Record<string, { requestType: string; responseType: string }>;
}

interface ProtoField {
  type: string;
  keyType?: string;
}

/** A service by its full name, with the methods to keep as the protos name them: `SetMetadata`. */
export interface ServiceInUse {
  name: string;
  methods: string[];
}

/**
 * The part of `root` that these methods need: every type that a request may hold, whole, since what was read may be sent back; of a
 * type that is only ever received, the fields of `fieldsInUse`, or all of them. The decoder passes over fields that it does not know.
 */
export function trimProtos(
  root: ProtoNode,
  services: ServiceInUse[],
  fieldsInUse: ReadonlySet<string> | undefined,
): ProtoNode {
  const kept = new Map<string, { node: ProtoNode; isWhole: boolean }>();
  for (const { requestType, scope } of methodsOf(root, services)) keep(requestType, scope, true);
  for (const { responseType, scope } of methodsOf(root, services)) keep(responseType, scope, false);
  const trimmed: ProtoNode = {};
  for (const [name, { node }] of kept) place(trimmed, name, node);
  for (const { name, methods } of services) {
    const node = nodeAt(root, name);
    place(trimmed, name, { ...node, methods: pick(node?.methods, (method) => methods.includes(method)) });
  }
  return trimmed;

  /** Keeps a type and whatever its kept fields hold. A built-in type such as `int64` is none. */
  function keep(type: string, scope: string, isWhole: boolean): void {
    const name = resolve(root, type, scope);
    if (!name) return;
    const known = kept.get(name);
    if (known && (known.isWhole || !isWhole)) return;
    const node = trimmedType(nodeAt(root, name) ?? {}, isWhole ? undefined : fieldsInUse);
    kept.set(name, { node, isWhole });
    for (const { type: held, keyType } of Object.values(node.fields ?? {})) {
      keep(held, name, isWhole);
      if (keyType) keep(keyType, name, isWhole);
    }
  }
}

function methodsOf(root: ProtoNode, services: ServiceInUse[]) {
  return services.flatMap(({ name, methods }) => {
    const service = nodeAt(root, name);
    return methods.map((method) => {
      const found = service?.methods?.[method];
      if (!found) throw new Error(`The protos have no method ${name}.${method}.`);
      return { ...found, scope: name };
    });
  });
}

/** Without nested types, which are kept by their own names. */
function trimmedType(
  { nested: _, ...type }: ProtoNode,
  fieldsInUse: ReadonlySet<string> | undefined,
): ProtoNode {
  if (!type.fields || !fieldsInUse) return type;
  const fields = pick(type.fields, (field) => fieldsInUse.has(field));
  const { oneofs, ...rest } = type;
  const left = Object.entries(oneofs ?? {})
    .map(([name, { oneof }]) => [name, { oneof: oneof.filter((field) => field in fields) }] as const)
    .filter(([, { oneof }]) => oneof.length > 0);
  return { ...rest, fields, ...(left.length > 0 && { oneofs: Object.fromEntries(left) }) };
}

/** The full name of the type that `type` means within `scope`: the innermost one, as in C++. */
function resolve(root: ProtoNode, type: string, scope: string): string | undefined {
  const path = type.startsWith('.') ? [] : scope.split('.');
  const relative = type.replace(/^\./, '');
  for (; ; path.pop()) {
    const name = [...path, relative].join('.');
    const node = nodeAt(root, name);
    if (node?.fields || node?.values) return name;
    if (path.length === 0) return undefined;
  }
}

function nodeAt(root: ProtoNode, name: string): ProtoNode | undefined {
  let node: ProtoNode | undefined = root;
  for (const part of name.split('.')) node = node?.nested?.[part];
  return node;
}

function place(root: ProtoNode, name: string, content: ProtoNode): void {
  let node = root;
  for (const part of name.split('.')) {
    node.nested ??= {};
    node.nested[part] ??= {};
    node = node.nested[part];
  }
  Object.assign(node, content);
}

function pick<T>(
  record: Record<string, T> | undefined,
  isWanted: (name: string) => boolean,
): Record<string, T> {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([name]) => isWanted(name)));
}
