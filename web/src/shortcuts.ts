export interface Shortcuts {
  s(): void;
  m(): void;
  '/'(): void;
  Escape(): void;
}

/** Single keys, as long as nobody is typing and no other key is held. Escape also works in the text box. */
export function listenForKeys(shortcuts: Shortcuts): void {
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    const typing = event.target instanceof HTMLElement && event.target.matches('input, select, textarea');
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (typing && key !== 'Escape') return;
    if (key !== 's' && key !== 'm' && key !== '/' && key !== 'Escape') return;
    event.preventDefault();
    shortcuts[key]();
  });
}
