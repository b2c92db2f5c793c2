/**
 * Item ids of the wire and of the link. They are the same unless the link chose another id than the one that the client
 * has already been told.
 */
export class Aliases {
  readonly #toWire = new Map<string, string>();
  readonly #toLink = new Map<string, string>();

  set(wireId: string, linkId: string): void {
    if (wireId === linkId) return;
    this.#toWire.set(linkId, wireId);
    this.#toLink.set(wireId, linkId);
  }

  wire(linkId: string): string {
    return this.#toWire.get(linkId) ?? linkId;
  }

  link(wireId: string): string {
    return this.#toLink.get(wireId) ?? wireId;
  }

  delete(wireId: string): void {
    const linkId = this.#toLink.get(wireId);
    if (linkId !== undefined) this.#toWire.delete(linkId);
    this.#toLink.delete(wireId);
  }
}
