/** Writes ONNX models byte by byte, as small as they can be: for adapters whose weights are somebody's own. */

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 127n) | (rest > 127n ? 128 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return bytes;
}

/** A protobuf field: a whole number, bytes, a text or a message. */
function field(id: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([...varint(id << 3), ...varint(value)]);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return message(Uint8Array.from([...varint((id << 3) | 2), ...varint(bytes.length)]), bytes);
}

function message(...fields: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(fields));
}

const types = { float: 1, int64: 7 } as const;
export type Type = keyof typeof types;

/** A dimension by number, or by a name where it may be any. */
export interface Tensor {
  name: string;
  type: Type;
  dims: readonly (number | string)[];
}

export interface Constant {
  name: string;
  type: Type;
  dims: readonly number[];
  data: readonly number[];
}

export interface Node {
  op: string;
  in: readonly string[];
  out: readonly string[];
  /** Whole numbers and lists of them. */
  with?: Readonly<Record<string, number | readonly number[]>>;
}

export interface Model {
  inputs: readonly Tensor[];
  outputs: readonly Tensor[];
  constants?: readonly Constant[];
  nodes: readonly Node[];
  metadata?: Readonly<Record<string, string>>;
}

export function onnxModel({ inputs, outputs, constants = [], nodes, metadata = {} }: Model): Uint8Array {
  const graph = message(
    ...nodes.map((node) => field(1, nodeBytes(node))),
    field(2, 'tiny'),
    ...constants.map((constant) => field(5, constantBytes(constant))),
    ...inputs.map((input) => field(11, tensorBytes(input))),
    ...outputs.map((output) => field(12, tensorBytes(output))),
  );
  const entries = Object.entries(metadata).map(([key, value]) =>
    field(14, message(field(1, key), field(2, value))),
  );
  const opset = message(field(1, ''), field(2, 13));
  return message(field(1, 8), field(7, graph), field(8, opset), ...entries);
}

function nodeBytes({ op, in: inputs, out, with: attributes = {} }: Node): Uint8Array {
  return message(
    ...inputs.map((name) => field(1, name)),
    ...out.map((name) => field(2, name)),
    field(4, op),
    ...Object.entries(attributes).map(([name, value]) =>
      field(
        5,
        typeof value === 'number'
          ? message(field(1, name), field(3, value), field(20, 2))
          : message(field(1, name), ...value.map((one) => field(8, one)), field(20, 7)),
      ),
    ),
  );
}

function tensorBytes({ name, type, dims }: Tensor): Uint8Array {
  const shape = message(
    ...dims.map((dim) => field(1, message(typeof dim === 'number' ? field(1, dim) : field(2, dim)))),
  );
  return message(
    field(1, name),
    field(2, message(field(1, message(field(1, types[type]), field(2, shape))))),
  );
}

function constantBytes({ name, type, dims, data }: Constant): Uint8Array {
  const values = type === 'float' ? Float32Array.from(data) : BigInt64Array.from(data.map(BigInt));
  const raw = new Uint8Array(values.buffer);
  return message(...dims.map((dim) => field(1, dim)), field(2, types[type]), field(8, name), field(9, raw));
}
