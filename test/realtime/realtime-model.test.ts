import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import { ConfigError, countedIds } from '../../src/core/index.js';
import { type Config, type Dialler, RealtimeModel } from '../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../src/testing/index.js';

const script = scriptedModel({ turns: [{ says: 'Yes.' }] });

function opened(model: RealtimeModel, clock = new FakeClock()) {
  return model.session({ clock, ids: countedIds() });
}

describe('a dialler as a model', () => {
  it('keeps what its sessions are told by it', () => {
    const checked: Config[] = [];
    const dialler: Dialler = {
      ...script,
      connOptions: { maxRetries: 1 },
      maxSessionDurationMs: 5000,
      checkConfig: (config) => checked.push(config),
    };
    const model = RealtimeModel.of(dialler);
    expect(model).toMatchObject({ connOptions: { maxRetries: 1 }, maxSessionDurationMs: 5000 });
    model.checkConfig?.(model.defaults);
    expect(checked).toEqual([script.defaults]);
    expect(RealtimeModel.of(model)).toBe(model);
  });
});

describe('updateOptions', () => {
  it('changes sessions to come and live ones; those that have ended are forgotten', async () => {
    const recorded = recordedModel(script);
    const model = RealtimeModel.of(recorded);
    const clock = new FakeClock();
    const one = opened(model, clock);
    const two = opened(model, clock);
    await clock.advance(100);
    await two.close();
    expect([...model.liveSessions]).toEqual([one]);
    model.updateOptions({ instructions: 'Be kind.' });
    await clock.advance(100);
    const configured = recorded.links.map((link) =>
      link.flatMap((entry) =>
        entry.dir === 'command' && entry.command.t === 'configure' ? [entry.command.patch] : [],
      ),
    );
    expect(configured).toEqual([[{ instructions: 'Be kind.' }], []]);
    expect(one.instructions).toBe('Be kind.');
    expect(opened(model, clock).instructions).toBe('Be kind.');
    for (const session of [...model.liveSessions]) await session.close();
    expect(model.liveSessions.size).toBe(0);
    recorded.assertLegal();
  });

  it('what the model does not take is thrown, and nothing has changed', async () => {
    const model = RealtimeModel.of({
      ...script,
      checkConfig: ({ voice }) => {
        if (voice === 'nobody') throw new ConfigError('option_unsupported', 'No such voice.');
      },
    });
    const clock = new FakeClock();
    const session = opened(model, clock);
    await clock.advance(100);
    const before = model.defaults;
    expect(() => model.session({ config: { voice: 'nobody' } })).toThrow(ConfigError);
    expect(model.liveSessions.size).toBe(1);
    expect(() => model.updateOptions({ voice: 'nobody', instructions: 'x' })).toThrow(ConfigError);
    expect(model.defaults).toBe(before);
    expect(session.instructions).not.toBe('x');
    await session.close();
  });
});
