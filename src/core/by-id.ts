/**
 * The one with this id. For what a machine keeps of things under way: a few at a time, in a list. An object with their ids as keys
 * would take another shape with each of them, and engines compile code for shapes.
 */
export function byId<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  for (const one of list) if (one.id === id) return one;
  return undefined;
}
