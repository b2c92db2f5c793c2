import { describe, expect, it, vi } from 'vitest';
import { Emitter, type Listeners, ReparteeError } from '../../src/core/index.js';

interface Events {
  word: string;
  error: ReparteeError;
}

class Ears implements Listeners<Events> {
  readonly heard: string[] = [];

  word(word: string): void {
    this.heard.push(word);
  }
}

describe('listeners', () => {
  it('are called in the order of adding, also when there is one, none, or many', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    emitter.emit('word', 'nobody');
    const stops = ['a', 'b', 'c'].map((name) => emitter.on('word', (word) => heard.push(name + word)));
    emitter.emit('word', '1');
    stops[1]?.();
    emitter.emit('word', '2');
    stops[0]?.();
    emitter.emit('word', '3');
    stops[2]?.();
    emitter.emit('word', '4');
    expect(heard).toEqual(['a1', 'b1', 'c1', 'a2', 'c2', 'c3']);
    expect(emitter.listenerCount).toBe(0);
    expect(emitter.has('word')).toBe(false);
  });

  it('that come or go during a round do not disturb it', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    const stop = emitter.on('word', () => {
      stop();
      emitter.on('word', (word) => heard.push(`late ${word}`));
      heard.push('first');
    });
    emitter.on('word', (word) => heard.push(word));
    emitter.emit('word', '1');
    emitter.emit('word', '2');
    expect(heard).toEqual(['first', '1', '2', 'late 2']);
  });

  it('of `once` hear once', () => {
    const emitter = new Emitter<Events>();
    const heard: string[] = [];
    emitter.once('word', (word) => heard.push(word));
    emitter.emit('word', '1');
    emitter.emit('word', '2');
    expect(heard).toEqual(['1']);
  });
});

describe('an attached object', () => {
  it('hears what it has methods for, as itself, before the others, until it is detached', () => {
    const emitter = new Emitter<Events>();
    const ears = new Ears();
    const counts: number[] = [];
    emitter.on('word', () => counts.push(ears.heard.length));
    emitter.attach(ears);
    emitter.emit('word', '1');
    expect([emitter.has('word'), emitter.has('error'), emitter.listenerCount]).toEqual([true, false, 2]);
    emitter.detach(ears);
    emitter.emit('word', '2');
    expect(ears.heard).toEqual(['1']);
    expect(counts).toEqual([1, 1]);
  });
});

describe('an error', () => {
  it('is what a listener that throws becomes, and the others are called all the same', () => {
    const emitter = new Emitter<Events>();
    const errors: string[] = [];
    const heard: string[] = [];
    emitter.attach({
      word() {
        throw new Error('attached');
      },
      error: ({ code, message }) => errors.push(`${code}: ${message}`),
    });
    emitter.on('word', () => {
      throw new Error('lone');
    });
    emitter.on('word', (word) => heard.push(word));
    emitter.emit('word', '1');
    expect(errors).toEqual([
      "listener_threw: A listener of 'word' threw: attached",
      "listener_threw: A listener of 'word' threw: lone",
    ]);
    expect(heard).toEqual(['1']);
  });

  it('that nobody hears is told on the console, once', () => {
    const console = vi.spyOn(globalThis.console, 'error').mockImplementation(() => {});
    const emitter = new Emitter<Events>();
    emitter.attach(new Ears());
    emitter.emit('error', new ReparteeError('closed', 'one'));
    emitter.emit('error', new ReparteeError('closed', 'two'));
    expect(console).toHaveBeenCalledTimes(1);
    console.mockRestore();
  });
});
