import { redact } from '../agent/index.js';
import { createGateway, type Gateway } from '../gateway/index.js';
import { openLogger } from './logger.js';
import { openModel } from './models.js';
import type { Terminal } from './run.js';
import type { ServeArgs } from './serve-args.js';

/** `repartee serve`: until it is stopped. */
export async function serve(args: ServeArgs, terminal: Terminal): Promise<void> {
  const { host, port, tls, caFile, apiKeys, log } = args;
  const logger = log === undefined ? undefined : await openLogger(log, terminal.err);
  const served = await openModel(args);
  let gateway: Gateway | undefined;
  try {
    gateway = await createGateway({
      model: served.model,
      host,
      port,
      apiKeys,
      ...(served.vad === undefined ? {} : { vad: served.vad }),
      ...(tls ? { tls: caFile === undefined ? true : { caFile } } : {}),
      onError: ({ name, code, message, provider, vendorCode }) => {
        const told = String(redact(message));
        if (logger === undefined) terminal.err(`${name} ${code}: ${told}`);
        else logger.error({ code, provider, vendorCode }, told);
      },
    });
    for (const line of greeting(gateway, args)) terminal.out(line);
    logger?.info({ model: args.model, url: gateway.url }, 'serving');
    await stopped(terminal.stop);
    logger?.info({}, 'stopping');
  } finally {
    await gateway?.close();
    await served.close();
  }
}

function greeting({ url, httpUrl, ca }: Gateway, { model, apiKeys }: ServeArgs): string[] {
  return [
    `Serving ${model}`,
    `  OpenAI Realtime  ${url}/v1/realtime`,
    `  Gemini Live      ${httpUrl} as the base URL`,
    ...(ca === undefined ? [] : [`  Trust            ${ca.file} (NODE_EXTRA_CA_CERTS=${ca.file})`]),
    apiKeys.length === 0
      ? 'No key is asked for, so only this machine can connect; Ctrl-C stops it.'
      : 'A key is asked for; Ctrl-C stops it.',
  ];
}

function stopped(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
