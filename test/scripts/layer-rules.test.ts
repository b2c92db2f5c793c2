import { describe, expect, it } from 'vitest';
import { checkDeclarations, checkSources } from '../../scripts/lib/layer-rules.mjs';

const peers = ['heavy', '@scope/native'];
// Both peers in their one file, so that the rows below say nothing of them.
const home = { 'src/speech/embedded/peers.ts': "await import('heavy'); require.resolve('@scope/native');" };
const breachesOf = (files: Record<string, string>) => checkSources({ ...home, ...files }, peers);
const realtime = {
  'src/realtime/index.ts':
    "export type * from './contract.js'; export { Session as RealtimeSession } from './session.js';",
  'src/realtime/contract.ts': 'export type Event = string; export interface Link {}',
  'src/realtime/session.ts': 'export class Session {}',
};

describe('the table of layers', () => {
  it.each([
    ['src/audio/pcm.ts', "import { WireError } from '../core/errors.js';"],
    ['src/audio/pcm.ts', "import { clip } from './clip.js';"],
    ['src/wire/openai/machine.ts', "import type { Command } from '../../realtime/contract.js';"],
    ['src/wire/openai/machine.ts', "import type { Event, Link } from '../../realtime/index.js';"],
    ['src/wire/openai/server/out.ts', "import { x } from '../messages.js';"],
    ['src/transports/wav/file.ts', "import { open } from 'node:fs/promises';"],
    ['src/speech/embedded/stt.ts', "import type { STT } from '../contracts.js';"],
    ['src/speech/index.ts', "export * from './embedded/stt.js';"],
    ['src/agent/agent.ts', "import type { Vad } from '../speech/contracts.js';"],
    ['src/agent/agents/engines.ts', "const made = import('../../models/index.js');"],
    ['src/models/table.ts', "await import('../providers/openai/index.js');"],
    ['src/server/main.ts', "import { gateway } from '../gateway/index.js'; import 'node:http';"],
    ['src/index.ts', "export * from './core/index.js';"],
    ['web/src/page.ts', "import { call } from 'repartee/client'; import './style.js';"],
    ['examples/clinic/main.ts', "import { z } from 'zod'; import { serve } from 'repartee/server';"],
    ['src/core/text.ts', '// import "../audio/pcm.js"\nexport const text = \'import "../audio/pcm.js"\';'],
  ])('lets %s have: %s', (file, text) => {
    expect(breachesOf({ ...realtime, [file]: text })).toEqual([]);
  });

  it.each([
    ['src/core/a.ts', "import '../audio/pcm.js';", /core may not import audio\/pcm/],
    ['src/core/a.ts', "import type { T } from '../audio/pcm.js';", /core may not import/],
    ['src/core/a.ts', "export type T = import('../audio/pcm.js').T;", /core may not import/],
    ['src/core/a.ts', "export * from '../chat/item.js';", /core may not import/],
    ['src/core/a.ts', "const x = await import('../chat/item.js');", /core may not import/],
    ['src/agent/a.ts', "import { engineOf } from '../models/index.js';", /agent may not import models/],
    ['src/agent/a.ts', "import type { Engine } from '../models/index.js';", /agent may not import models/],
    [
      'src/models/a.ts',
      "import { RealtimeModel } from '../providers/openai/index.js';",
      /models may not import/,
    ],
    [
      'src/wire/openai/a.ts',
      "import { RealtimeSession } from '../../realtime/index.js';",
      /may not import realtime\/index/,
    ],
    [
      'src/wire/openai/a.ts',
      "import * as all from '../../realtime/index.js';",
      /may not import realtime\/index/,
    ],
    [
      'src/wire/openai/a.ts',
      "import type { Link, RealtimeSession } from '../../realtime/index.js';",
      /may not/,
    ],
    [
      'src/wire/openai/a.ts',
      "import { Nowhere } from '../../realtime/index.js';",
      /may not import realtime\/index/,
    ],
    ['src/wire/openai/a.ts', "import '../gemini/b.js';", /openai imports its sibling wire\/gemini/],
    ['src/transports/wav/a.ts', "import type { T } from '../memory/b.js';", /wav imports its sibling/],
    ['src/agent/agent.ts', "import { Stt } from '../speech/embedded/stt.js';", /agent may not import/],
    ['src/audio/a.ts', "import { readFile } from 'node:fs';", /node:fs in a room that runs in a browser/],
    ['src/audio/a.ts', "import { readFile } from 'fs';", /fs in a room that runs in a browser/],
    ['src/chat/a.ts', "import { z } from 'zod';", /the package zod in a room that runs in a browser/],
    ['src/index.ts', "export * from './gateway/index.js';", /the root entry may not import gateway/],
    ['src/index.ts', "import 'node:fs';", /node:fs in a room/],
    ['src/net/a.ts', "import { x } from 'repartee/audio';", /by relative paths/],
    ['src/net/a.ts', "import x from '../../package.json';", /lies outside src/],
    ['src/attic/a.ts', "import './b.js';", /no room 'attic'/],
    ['web/src/page.ts', "import { x } from 'repartee/gateway';", /web may not import repartee\/gateway/],
    ['examples/a.ts', "import { x } from '../src/core/index.js';", /lies outside examples/],
  ])('refuses %s: %s', (file, text, breach) => {
    const breaches = breachesOf({ ...realtime, [file]: text });
    expect(breaches).toHaveLength(1);
    expect(breaches[0]).toMatch(breach);
    expect(breaches[0]).toContain(file);
  });
});

describe('optional peers', () => {
  it('are loaded by import() only', () => {
    const files = { 'src/net/tls.ts': "import heavy from 'heavy/inner';" };
    expect(checkSources(files, ['heavy'])).toEqual([
      expect.stringMatching(/tls\.ts: the optional peer heavy is loaded by/),
    ]);
  });

  it('are named in one file', () => {
    expect(breachesOf({ 'src/net/tls.ts': "const name = '@scope/native/file.wasm';" })).toEqual([
      expect.stringMatching(/@scope\/native is named in .*peers\.ts and .*tls\.ts/),
    ]);
    expect(breachesOf({ 'src/net/tls.ts': "export type T = typeof import('heavy');" })).toEqual([
      expect.stringMatching(/heavy is named in/),
    ]);
    expect(checkSources({}, ['heavy'])).toEqual([expect.stringMatching(/heavy is named in no file/)]);
  });

  it('may be an ordinary dependency of a workspace', () => {
    expect(breachesOf({ 'bench/main.ts': "import heavy from 'heavy';" })).toEqual([]);
  });

  it('stay out of declarations', () => {
    const files = {
      'dist/a.d.ts': "export declare const a: import('heavy').A;",
      'dist/b.d.ts': "import type { B } from '@scope/native';\nexport type { B };",
      'dist/c.d.ts': "/** from 'heavy' */\nexport declare const name: 'heavy';",
    };
    expect(checkDeclarations(files, peers)).toEqual([
      expect.stringMatching(/^dist\/a\.d\.ts: .* heavy$/),
      expect.stringMatching(/^dist\/b\.d\.ts: .* @scope\/native$/),
    ]);
  });
});
