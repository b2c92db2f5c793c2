const encoder = new TextEncoder();
const maxReasonBytes = 123;

/** RFC 6455 7.4: codes that an endpoint may send. 1004 to 1006 and 1015 are reserved for local use. */
export function closeCodeOrNormal(code: number): number {
  const standard = code >= 1000 && code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006;
  const application = code >= 3000 && code <= 4999;
  return Number.isInteger(code) && (standard || application) ? code : 1000;
}

/** At most 123 bytes of UTF-8 (RFC 6455 5.5), cut between characters. */
export function cutReason(reason: string): string {
  if (reason.length * 3 <= maxReasonBytes) return reason;
  const kept = new Uint8Array(maxReasonBytes);
  const { read } = encoder.encodeInto(reason, kept);
  return reason.slice(0, read);
}
