export function checkSources(files: Record<string, string>, peers: readonly string[]): string[];
export function checkDeclarations(files: Record<string, string>, peers: readonly string[]): string[];
