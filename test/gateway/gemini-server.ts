import { type Script, scriptedModel } from '../../src/cascade/index.js';
import { createGateway, type GatewayOptions } from '../../src/gateway/index.js';
import type { Dialler } from '../../src/realtime/index.js';
import { checkedLink, type LegalityChecker } from '../../src/testing/index.js';

export interface Served {
  baseUrl: string;
  /** Throws what any link did wrong. */
  close(): Promise<void>;
}

/** A gateway over a script, or over another model, whose links are checked. */
export async function served(
  script: Script | Dialler,
  options: Omit<GatewayOptions, 'model'> = {},
): Promise<Served> {
  const model = 'dial' in script ? script : scriptedModel(script);
  const checkers: LegalityChecker[] = [];
  const gateway = await createGateway({
    ...options,
    model: {
      provider: model.provider,
      model: model.model,
      capabilities: model.capabilities,
      defaults: model.defaults,
      async dial(context) {
        const link = checkedLink(await model.dial(context));
        checkers.push(link.checker);
        return link;
      },
    },
  });
  return {
    baseUrl: gateway.httpUrl,
    async close() {
      await gateway.close();
      for (const checker of checkers) checker.finish();
    },
  };
}
