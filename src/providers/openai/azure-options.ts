import type { KeySource } from '../dialling.js';

/** Azure OpenAI, in place of OpenAI. Any of `azureDeployment`, `azureEndpoint`, `entraToken` and `apiVersion` asks for it. */
export interface AzureOptions {
  /** Name of the deployment. Default: `model`, for deployments that bear their model's name. */
  azureDeployment?: string;
  /** `https://<resource>.openai.azure.com`. Default: `AZURE_OPENAI_ENDPOINT`. Not together with `baseUrl`. */
  azureEndpoint?: string;
  /** A token of Microsoft Entra, or what gives one at each connection; in place of `apiKey`. */
  entraToken?: KeySource;
  /**
   * Default: `OPENAI_API_VERSION`, else none. A date before 2025-08-28 asks for the preview API and its beta dialect;
   * later dates, `v1`, `preview` and `latest` for the GA API, which has no version in its address.
   */
  apiVersion?: string;
}

/** The words that a server understands. */
export interface DialectOptions {
  /**
   * `beta`: servers that were made after the retired beta of OpenAI's wire. Azure's dialect goes by `apiVersion` instead.
   * Default `ga`.
   */
  dialect?: 'ga' | 'beta';
  /** 0.6..1.2; the beta dialect only, which Azure's preview API speaks too: the GA wire has none. */
  temperature?: number;
}
