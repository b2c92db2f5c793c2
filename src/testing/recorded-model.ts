import type { Dialler } from '../realtime/index.js';
import { assertLegal, type LinkEntry } from './assert-legal.js';
import { overLink } from './over-link.js';

/** A model whose links are recorded. */
export interface RecordedModel extends Dialler {
  /** One list per link, in the order of dialling: every command and event in its order. */
  readonly links: readonly LinkEntry[][];
  /** Throws where any link broke the legal orders. */
  assertLegal(): void;
}

/** Stands between a session and a model, changes nothing, and writes down what both say. */
export function recordedModel(model: Dialler): RecordedModel {
  const links: LinkEntry[][] = [];
  return {
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    ...(model.connOptions === undefined ? {} : { connOptions: model.connOptions }),
    ...(model.maxSessionDurationMs === undefined ? {} : { maxSessionDurationMs: model.maxSessionDurationMs }),
    checkConfig: (config) => model.checkConfig?.(config),
    links,
    async dial(context) {
      const link = await model.dial(context);
      const entries: LinkEntry[] = [];
      links.push(entries);
      return overLink(link, {
        send(command) {
          entries.push({ dir: 'command', command });
          link.send(command);
        },
        onEvent(listener) {
          link.onEvent((event) => {
            entries.push({ dir: 'event', event });
            listener(event);
          });
        },
      });
    },
    assertLegal() {
      for (const entries of links) assertLegal(entries);
    },
  };
}
