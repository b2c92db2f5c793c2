/**
 * The one with this id. For what a machine keeps of things under way: a few at a time, in a list. An object with their ids as keys
 * would take another shape with each of them, and engines compile code for shapes.
 */
export function byId<T extends { readonly id: string }>(list: readonly T[], id: string): T | undefined {
  for (const one of list) if (one.id === id) return one;
  return undefined;
}

/** Takes out the one with this id, where it is there. */
export function removeById(list: { readonly id: string }[], id: string): void {
  const place = list.findIndex((one) => one.id === id);
  if (place >= 0) list.splice(place, 1);
}
