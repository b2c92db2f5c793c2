import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { scriptedLlm } from '../../src/cascade/index.js';
import { readArgs } from '../../src/cli/args.js';
import { run, type Terminal } from '../../src/cli/run.js';
import { smallTalk } from '../../src/cli/small-talk.js';
import { RawClient } from '../gateway/raw-client.js';
import { testFiles } from './files.js';

const { folder, file } = testFiles();
const script = file('script.json', JSON.stringify({ turns: [{ says: 'Yes.' }] }));

/** A terminal that keeps its lines; `line` waits for one. */
function terminal() {
  const out: string[] = [];
  const err: string[] = [];
  const stop = new AbortController();
  let wake = () => {};
  const fake: Terminal = {
    out: (line) => {
      out.push(line);
      wake();
    },
    err: (line) => err.push(line),
    stop: stop.signal,
  };
  return {
    ...fake,
    lines: { out, err },
    end: () => stop.abort(),
    async line(pattern: RegExp): Promise<RegExpExecArray> {
      for (;;) {
        for (const line of out) {
          const match = pattern.exec(line);
          if (match !== null) return match;
        }
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

describe('repartee serve', () => {
  it('--log: JSON lines on stderr, from that level on', async () => {
    const at = terminal();
    const done = run(['serve', '--model', `scripted:${script}`, '--port', '0', '--log', 'info'], at);
    await at.line(/Ctrl-C/);
    at.end();
    expect(await done).toBe(0);
    const lines = at.lines.err.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines).toMatchObject([
      { level: 30, msg: 'serving', url: expect.stringMatching(/^ws:/) },
      { level: 30, msg: 'stopping' },
    ]);
  });

  it('--log of no level -> one sentence', async () => {
    const at = terminal();
    expect(await run(['serve', '--log', 'loud'], at)).toBe(1);
    expect(at.lines.err).toEqual(['--log takes debug, info, warn, error, not loud.']);
  });

  it('serves a script until it is stopped, and ends with 0', async () => {
    const at = terminal();
    const done = run(['serve', '--model', `scripted:${script}`, '--port', '0'], at);
    const [, url] = await at.line(/(ws:\/\/127\.0\.0\.1:\d+\/v1\/realtime)/);
    const client = await RawClient.open(url!);
    await client.until('session.created');
    at.end();
    expect(await client.closed).toEqual({ code: 1001, reason: 'server going away' });
    expect(await done).toBe(0);
    expect(at.lines.err).toEqual([]);
  });

  it('--tls with keys: the certificate where it was wanted', async () => {
    const at = terminal();
    const ca = join(folder, 'ca.pem');
    const options = ['--tls', '--ca-file', ca, '--api-key', 'k1', '--api-key', 'k2', '--port', '0'];
    const done = run(['serve', '--model', `scripted:${script}`, ...options], at);
    const [, url] = await at.line(/(wss:\S+)/);
    const client = await RawClient.open(url!, {
      ca: readFileSync(ca),
      headers: { authorization: 'Bearer k2' },
    });
    await client.until('session.created');
    client.close();
    at.end();
    expect(await done).toBe(0);
    expect(at.lines.out.join('\n')).not.toContain('k1');
  });

  it('a busy port is one sentence', async () => {
    const busy = createServer();
    await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
    const { port } = busy.address() as { port: number };
    const at = terminal();
    expect(await run(['serve', '--model', `scripted:${script}`, '--port', String(port)], at)).toBe(1);
    expect(at.lines.err).toEqual([
      `Port ${port} on 127.0.0.1 is in use: stop the other program or give another port.`,
    ]);
    await new Promise((resolve) => busy.close(resolve));
  });

  it.each<[string[], RegExp]>([
    [['dance'], /^There is no command 'dance'/],
    [['serve', 'now'], /^repartee serve takes options only, not 'now'\.$/],
    [['serve', '--color'], /^Unknown option '--color': see repartee serve --help\.$/],
    [['serve', '--port', 'http'], /^--port takes a number from 0 to 65535, not 'http'\.$/],
    [['serve', '--port', '70000'], /--port takes a number/],
    [['serve', '--model', 'gpt'], /^--model takes scripted:FILE, cascade, openai or gemini, not 'gpt'\.$/],
    [['serve', '--model', 'scripted'], /needs a file/],
    [['serve', '--model', 'scripted:/nowhere.json'], /^The file \/nowhere\.json cannot be read\.$/],
    [['serve', '--model', `scripted:${file('bad.json', '{')}`], /is not JSON\.$/],
    [['serve', '--model', `scripted:${file('wrong.json', '{"turns":[{"says":7}]}')}`], /turns\[0\]\.says/],
    [
      ['serve', '--model', `scripted:${script}`, '--host', '0.0.0.0'],
      /^Without API keys the gateway listens on this machine only/,
    ],
    [['serve', '--llm-url', 'http://x'], /^--llm-url and --llm-model go together\.$/],
    [['serve', '--model', 'openai', '--dialogue', 'x'], /go with --model cascade only/],
    [['serve', '--ca-file', 'x'], /^--ca-file goes with --tls\.$/],
  ])('%j → one sentence, exit code 1', async (argv, message) => {
    const at = terminal();
    expect(await run(argv, at)).toBe(1);
    expect(at.lines.err).toHaveLength(1);
    expect(at.lines.err[0]).toMatch(message);
    expect(at.lines.err[0]).not.toContain('\n');
  });

  it('nothing, or --help → how to use it', async () => {
    for (const argv of [[], ['--help'], ['serve', '-h'], ['call', '--help'], ['test', '-h']]) {
      const at = terminal();
      expect(await run(argv, at)).toBe(0);
      expect(at.lines.out[0]).toContain(`repartee ${argv.length === 2 ? argv[0] : 'serve'}`);
    }
  });

  it.each<[string, string[], number]>([
    ['serve', [], 11],
    ['call', ['agent.js', '--scenario', 'x'], 4],
    ['test', ['folder'], 6],
  ])(
    'every option in the help of %s is one that is read, and the other way round',
    async (command, needed, count) => {
      const at = terminal();
      await run([command, '--help'], at);
      const told = [...at.lines.out[0]!.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, name]) => name!);
      for (const name of told) {
        const takesValue = !['--tls', '--help'].includes(name);
        const argv = [command, ...needed, name, ...(takesValue ? ['1'] : [])];
        expect(() => readArgs(argv)).not.toThrow(/Unknown option/);
      }
      expect(told).toHaveLength(count);
    },
  );

  it('the small talk is a dialogue', () => {
    expect(() => scriptedLlm(smallTalk)).not.toThrow();
  });
});
