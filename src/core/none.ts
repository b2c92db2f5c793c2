/**
 * Nothing yet, in fields whose lists are replaced and never changed in place: one for all of them, so that what a call has none
 * of costs it nothing.
 */
export const none: readonly never[] = [];

/** The list without this one, with no room for more: `filter` keeps some for what it may still find. */
export function allBut<T>(list: readonly T[], one: T): readonly T[] {
  const place = list.indexOf(one);
  if (place < 0) return list;
  return list.length === 1 ? none : list.toSpliced(place, 1);
}
