import { afterEach, describe, expect, test } from 'vitest';
import type { OpenSource, SourceContext, Tool } from '../../src/agent/index.js';
import type { ReparteeError } from '../../src/core/index.js';
import { type McpServerOptions, mcpServer } from '../../src/mcp/index.js';
import { type ServedShop, serveShop, shopProgram } from './servers.js';

const opened: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of opened.splice(0).reverse()) await one.close();
});

/** Resolves as soon as it is true; every look comes after something was told. */
class Told<T> {
  readonly all: T[] = [];
  #wake: (() => void)[] = [];

  readonly tell = (one: T) => {
    this.all.push(one);
    for (const wake of this.#wake.splice(0)) wake();
  };

  async next(): Promise<T> {
    while (this.all.length === 0) await new Promise<void>((resolve) => this.#wake.push(resolve));
    return this.all.shift() as T;
  }
}

async function open(options: McpServerOptions) {
  const changes = new Told<readonly Tool[]>();
  const failures = new Told<ReparteeError>();
  const context: SourceContext = {
    signal: new AbortController().signal,
    changed: changes.tell,
    failed: failures.tell,
  };
  const source: OpenSource = await mcpServer(options).open(context);
  opened.push(source);
  return { source, changes, failures };
}

async function served(): Promise<ServedShop> {
  const shop = await serveShop();
  opened.push(shop);
  return shop;
}

const byProgram: McpServerOptions = { command: process.execPath, args: [shopProgram] };
const byUrl = ({ url }: ServedShop): McpServerOptions => ({ url, headers: { authorization: 'Bearer key' } });

async function run(tools: readonly Tool[], name: string, args = '{}', signal = new AbortController().signal) {
  const tool = tools.find(({ spec }) => spec.name === name);
  if (tool === undefined) throw new Error(`no tool ${name}`);
  const call = await tool.prepare(args);
  return call.run({ callId: 'c1', name, signal, say: () => undefined, update() {} });
}

const names = (tools: readonly Tool[]) => tools.map(({ spec }) => spec.name);
const all = ['price', 'shop_stock', 'slow', 'broken', 'open_cellar', 'who', 'leave'];

describe('a server that is started here', () => {
  test('listed, called, told in words, ended', async () => {
    process.env.SHOP_SECRET = 'a key of this process';
    const { source } = await open({ ...byProgram, env: { SHOP: 'env' } });
    delete process.env.SHOP_SECRET;
    const { tools } = source;
    expect(names(tools)).toEqual(all);
    expect(tools[0]?.spec).toMatchObject({
      description: 'Price of an item',
      parameters: { type: 'object', properties: { item: { type: 'string' } }, required: ['item'] },
    });
    expect(await run(tools, 'price', '{"item":"tea"}')).toBe('tea: 3 euros');
    expect(await run(tools, 'shop_stock')).toBe('{"apples":4}');
    expect(await run(tools, 'who')).toBe('env no secret');
    await expect(run(tools, 'price', '{"item":"gold"}')).rejects.toMatchObject({
      code: 'tool_failed',
      message: 'Gold is not sold here.',
    });
    await expect(run(tools, 'price', '{"item":7}')).rejects.toMatchObject({
      message: expect.stringContaining('item'),
    });
    await source.close();
    await source.close();
    await expect(run(tools, 'price', '{"item":"tea"}')).rejects.toThrow();
  });

  test('a tool that appears is told; prefix and filter hold', async () => {
    const { source, changes } = await open({
      ...byProgram,
      prefix: 'shop_',
      filter: (name) => ['open_cellar', 'wine'].includes(name),
    });
    expect(names(source.tools)).toEqual(['shop_open_cellar']);
    await run(source.tools, 'shop_open_cellar');
    const more = await changes.next();
    expect(names(more)).toEqual(['shop_open_cellar', 'shop_wine']);
    expect(await run(more, 'shop_wine')).toBe('Red.');
  });

  test('a program that is none', async () => {
    await expect(open({ command: '/nowhere/at/all', name: 'nobody' })).rejects.toMatchObject({
      code: 'tool_source_failed',
      message: expect.stringContaining('nobody: '),
    });
  });

  test('a program that ends: told, and its calls fail', async () => {
    const { source, failures } = await open(byProgram);
    await expect(run(source.tools, 'leave')).rejects.toThrow();
    expect(await failures.next()).toMatchObject({ code: 'tool_source_failed' });
    await expect(run(source.tools, 'price', '{"item":"tea"}')).rejects.toThrow();
  });
});

describe('a server that is served', () => {
  test('called with the headers; its session is ended', async () => {
    const shop = await served();
    const { source } = await open(byUrl(shop));
    expect(names(source.tools)).toEqual(all);
    expect(await run(source.tools, 'price', '{"item":"tea"}')).toBe('tea: 3 euros');
    await source.close();
    expect(shop.seen).toEqual(['session ended']);
  });

  test('a call that is aborted is aborted at the server', async () => {
    const shop = await served();
    const { source } = await open(byUrl(shop));
    const abort = new AbortController();
    const running = run(source.tools, 'slow', '{}', abort.signal);
    while (!shop.seen.includes('slow began')) await new Promise((resolve) => setImmediate(resolve));
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow();
    while (!shop.seen.includes('slow was aborted')) await new Promise((resolve) => setImmediate(resolve));
  });

  test('headers of a function; no key, no tools', async () => {
    const shop = await served();
    const { source } = await open({ url: shop.url, headers: async () => ({ authorization: 'Bearer key' }) });
    expect(names(source.tools)).toEqual(all);
    await expect(open({ url: shop.url })).rejects.toMatchObject({ code: 'tool_source_failed' });
    const headers = () => Promise.reject(new Error('the vault is shut'));
    await expect(open({ url: shop.url, name: 'shop', headers })).rejects.toMatchObject({
      code: 'tool_source_failed',
      message: 'shop: the vault is shut',
    });
  });
});

test.each([
  ['neither command nor url', {}, 'command'],
  ['both', { command: 'a', url: 'http://localhost' }, 'url'],
  ['a url that is none', { url: 'somewhere' }, 'url'],
  ['a url of another kind', { url: 'ftp://localhost/' }, 'url'],
  ['a prefix no model takes', { command: 'a', prefix: 'my shop ' }, 'prefix'],
  ['a policy that is none', { command: 'a', policy: { timeoutMs: -1 } }, 'policy.timeoutMs'],
  ['a time that is none', { command: 'a', openTimeoutMs: 0 }, 'openTimeoutMs'],
])('%s: refused before anything is started', (_, options, param) => {
  expect(() => mcpServer(options as McpServerOptions)).toThrow(
    expect.objectContaining({ name: 'ConfigError', param }),
  );
});
