export interface Machine {
  platform?: string;
  env?: Record<string, string | undefined>;
  home?: string;
  exists?: (file: string) => boolean;
}
export function findChromium(machine?: Machine): string;
export function missingLine(platform?: string, env?: Record<string, string | undefined>): string;
