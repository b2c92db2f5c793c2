import { Page } from './page.js';

const page = new Page();

declare global {
  interface Window {
    /**
     * Measurements by the audio clock, for tests and the curious; see `VoiceDiagnostics` in `repartee/client`. Undefined
     * while there is no conversation.
     */
    readonly __repartee: { readonly diagnostics: Page['diagnostics'] };
  }
}

Object.defineProperty(window, '__repartee', {
  value: {
    get diagnostics() {
      return page.diagnostics;
    },
  },
});
