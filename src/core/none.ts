/**
 * Nothing yet, in fields whose lists are replaced and never changed in place: one for all of them, so that what a call has none
 * of costs it nothing.
 */
export const none: readonly never[] = [];
