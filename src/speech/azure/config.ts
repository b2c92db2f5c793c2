import { ConfigError } from '../../core/index.js';
import { type AzureSpeechConfig, type AzureSpeechPeer, loadAzureSpeech } from './peer.js';

/** Where a resource of Azure Speech is, and who asks. */
export interface AzureSpeechOptions {
  /** Such as `norwayeast`. Default: `AZURE_SPEECH_REGION`. */
  region?: string;
  /** Default: `AZURE_SPEECH_KEY`. */
  apiKey?: string;
  /** In the key's place: a token of Entra or of the issuing service, asked for anew at each connection. */
  token?: string | (() => string | Promise<string>);
  /** A whole address in the region's place (`wss://…`): a private endpoint. */
  endpoint?: string;
  /** Address without a path in the region's place (`ws://localhost:5000`): a container. */
  host?: string;
}

/** ConfigError `option_invalid` where neither a region nor an address is known, `api_key_missing`. */
export function checkAzureSpeech(options: AzureSpeechOptions): void {
  const { region, apiKey } = known(options);
  if (region === undefined && options.endpoint === undefined && options.host === undefined) {
    const message = "Azure Speech needs a 'region' (or AZURE_SPEECH_REGION), an 'endpoint' or a 'host'.";
    throw new ConfigError('option_invalid', message, { param: 'region', provider: 'azure' });
  }
  if (apiKey === undefined && options.token === undefined) {
    const message = "No key for Azure Speech: give 'apiKey' or 'token', or set AZURE_SPEECH_KEY.";
    throw new ConfigError('api_key_missing', message, { param: 'apiKey', provider: 'azure' });
  }
}

/** The SDK with a configuration for one connection. */
export async function azureSpeech(
  options: AzureSpeechOptions,
): Promise<{ sdk: AzureSpeechPeer; config: AzureSpeechConfig }> {
  const sdk = await loadAzureSpeech();
  const { region = '', apiKey } = known(options);
  const { endpoint, host } = options;
  const token = typeof options.token === 'function' ? await options.token() : options.token;
  const config =
    endpoint !== undefined
      ? sdk.SpeechConfig.fromEndpoint(new URL(endpoint), token === undefined ? apiKey : '')
      : host !== undefined
        ? sdk.SpeechConfig.fromHost(new URL(host), token === undefined ? apiKey : undefined)
        : token !== undefined
          ? sdk.SpeechConfig.fromAuthorizationToken(token, region)
          : sdk.SpeechConfig.fromSubscription(apiKey ?? '', region);
  if (token !== undefined) config.authorizationToken = token;
  return { sdk, config };
}

function known({ region, apiKey }: AzureSpeechOptions) {
  const environment = globalThis.process?.env ?? {};
  return {
    region: region ?? (environment.AZURE_SPEECH_REGION || undefined),
    apiKey: apiKey ?? (environment.AZURE_SPEECH_KEY || undefined),
  };
}
