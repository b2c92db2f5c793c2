import type { Command, Event } from '../contract.js';

/**
 * The names that one link has for turns and items which are ours under another name: a turn that was replayed is a new
 * one there. All other ids are the same on both sides.
 */
export class LinkIds {
  /** Made with the first name that differs, which most links never have. */
  #ours: Map<string, string> | undefined;
  #theirs: Map<string, string> | undefined;

  bind(theirs: string, ours: string): void {
    if (theirs === ours) return;
    this.#ours ??= new Map();
    this.#theirs ??= new Map();
    this.#ours.set(theirs, ours);
    this.#theirs.set(ours, theirs);
  }

  knows(theirs: string): boolean {
    return this.#ours?.has(theirs) === true;
  }

  ours(theirs: string): string {
    return this.#ours?.get(theirs) ?? theirs;
  }

  /** The event in our names; the same object where nothing differs. */
  event(event: Event): Event {
    if (this.#ours === undefined) return event;
    switch (event.t) {
      case 'speech':
      case 'heard':
        return { ...event, ...this.#named(event) };
      case 'committed':
        return { ...event, turn: this.ours(event.turn), item: this.ours(event.item), ...this.#after(event) };
      case 'item':
        return { ...event, item: { ...event.item, id: this.ours(event.item.id) }, ...this.#after(event) };
      case 'ack':
        return event.item === undefined ? event : { ...event, item: this.ours(event.item) };
      case 'response':
        if (event.phase !== 'started' || event.cause.by !== 'turn') return event;
        return { ...event, cause: { by: 'turn', turn: this.ours(event.cause.turn) } };
      default:
        return event;
    }
  }

  /** The command in the link's names. */
  command(command: Command): Command {
    if (this.#theirs === undefined) return command;
    switch (command.t) {
      case 'item.add':
        if (typeof command.after !== 'string') return command;
        return { ...command, after: this.#their(command.after) };
      case 'item.remove':
      case 'item.cut':
      case 'item.fetch':
        return { ...command, item: this.#their(command.item) };
      default:
        return command;
    }
  }

  #their(ours: string): string {
    return this.#theirs?.get(ours) ?? ours;
  }

  #named({ turn, item }: { turn?: string; item?: string }): { turn?: string; item?: string } {
    return {
      ...(turn === undefined ? {} : { turn: this.ours(turn) }),
      ...(item === undefined ? {} : { item: this.ours(item) }),
    };
  }

  #after({ after }: { after?: string | null }): { after?: string | null } {
    return typeof after === 'string' ? { after: this.ours(after) } : {};
  }
}
