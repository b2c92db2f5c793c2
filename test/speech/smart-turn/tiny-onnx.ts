/** A protobuf field: `wire` 0 a number, 2 bytes, a text or a message. */
function field(id: number, value: number | string | Uint8Array): number[] {
  if (typeof value === 'number') return [...varint(id << 3), ...varint(value)];
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return [...varint((id << 3) | 2), ...varint(bytes.length), ...bytes];
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    bytes.push((rest & 127) | (rest > 127 ? 128 : 0));
    rest >>>= 7;
  } while (rest > 0);
  return bytes;
}

const message = (...fields: number[][]) => Uint8Array.from(fields.flat());

function tensor(name: string, dims: readonly number[]): Uint8Array {
  const shape = message(...dims.map((dim) => field(1, message(field(1, dim)))));
  const type = message(field(1, message(field(1, 1), field(2, shape))));
  return message(field(1, name), field(2, type));
}

const node = (op: string, input: string, output: string) =>
  field(1, message(field(1, input), field(2, output), field(4, op)));

/** An ONNX model of Smart Turn's shape, byte by byte: the mean of all features, through the operators given. */
export function tinyTurnModel(operators: readonly string[] = ['ReduceMean', 'Sigmoid']): Uint8Array {
  const names = ['input_features', ...operators.map((_, index) => `value_${index}`)];
  const nodes = operators.map((op, index) => node(op, names[index] ?? '', names[index + 1] ?? ''));
  const graph = message(
    ...nodes,
    field(2, 'tiny'),
    field(11, tensor('input_features', [1, 80, 800])),
    field(12, tensor(names.at(-1) ?? '', [1, 1, 1])),
  );
  const opset = message(field(1, ''), field(2, 13));
  return message(field(1, 8), field(7, graph), field(8, opset));
}
