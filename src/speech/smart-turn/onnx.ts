import { ConfigError } from '../../core/index.js';
import { loadPeer } from '../../core/load-peer.js';

/** What we use of onnxruntime-web (MIT). Ours, so that no emitted declaration needs the package. */
interface Onnx {
  env: { wasm: { numThreads?: number } };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => unknown;
  InferenceSession: { create(model: Uint8Array, options?: Record<string, unknown>): Promise<OnnxSession> };
}

interface OnnxSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(feeds: Record<string, unknown>): Promise<Record<string, { data: ArrayLike<number | bigint> }>>;
  release(): Promise<void>;
}

/** A model of one input and one output. */
export interface Network {
  /** The first number of what it answers. */
  run(data: Float32Array, dims: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

/** ConfigError `peer_missing`, or `file_unreadable` where the bytes are no model. */
export async function loadNetwork(model: Uint8Array): Promise<Network> {
  const onnx = await loadOnnx();
  onnx.env.wasm.numThreads = 1;
  let session: OnnxSession;
  try {
    session = await onnx.InferenceSession.create(model);
  } catch (cause) {
    throw new ConfigError('file_unreadable', 'The weights are no ONNX model that onnxruntime-web can run', {
      param: 'weights',
      cause,
    });
  }
  const [input, output] = [session.inputNames[0] ?? '', session.outputNames[0] ?? ''];
  return {
    async run(data, dims) {
      const answer = await session.run({ [input]: new onnx.Tensor('float32', data, dims) });
      return Number(answer[output]?.data[0]);
    },
    close: () => session.release(),
  };
}

async function loadOnnx(): Promise<Onnx> {
  const load = (): Promise<object> => import('onnxruntime-web/wasm');
  return (await loadPeer('onnxruntime-web', 'Smart Turn', load)) as Onnx;
}
