export function inScratch(run: (env: { TMPDIR: string; TEMP: string; TMP: string }) => number): number;
