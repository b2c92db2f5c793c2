import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { env } from '@huggingface/transformers';

/** In the place of the native runtime stands one in WebAssembly; without this it would look for its code on the network. */
export function useLocalRuntime(): void {
  const resolve = createRequire(import.meta.url).resolve;
  const wasm = pathToFileURL(resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'));
  env.useWasmCache = false;
  Object.assign(env.backends.onnx.wasm ?? {}, { wasmPaths: new URL('./', wasm).href, numThreads: 1 });
}
