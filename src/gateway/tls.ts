import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ConfigError } from '../core/index.js';

export type GatewayTls =
  /** A certificate for this machine, made at start; `caFile`: where to write what clients shall trust (default: a new temporary file, there until the gateway is closed). */
  | true
  | { caFile: string }
  /** A certificate of one's own, PEM. */
  | { key: string; cert: string };

export interface Certificate {
  key: string;
  cert: string;
  /** Only of a certificate that was made here. */
  ca?: { pem: string; file: string };
  /** Takes the temporary file away. */
  discard(): Promise<void>;
}

const days = 30;
const dayMs = 86_400_000;

/** Makes or takes the certificate. ConfigError `peer_missing`, `file_unreadable`. */
export async function certificate(tls: GatewayTls, host: string): Promise<Certificate> {
  if (tls !== true && 'key' in tls) return { ...tls, discard: async () => {} };
  const { key, cert } = await selfSigned(host);
  const isTemporary = tls === true;
  const file = isTemporary ? join(await mkdtemp(join(tmpdir(), 'repartee-')), 'ca.pem') : tls.caFile;
  try {
    await writeFile(file, cert);
  } catch (cause) {
    throw new ConfigError('file_unreadable', `The certificate cannot be written to ${file}.`, {
      cause,
      param: 'tls.caFile',
    });
  }
  return {
    key,
    cert,
    ca: { pem: cert, file },
    async discard() {
      if (isTemporary) await rm(dirname(file), { recursive: true, force: true });
    },
  };
}

async function selfSigned(host: string): Promise<{ key: string; cert: string }> {
  const { generate } = await loadPeer();
  const names = ['localhost', '127.0.0.1', '::1', host].filter(
    (name, index, all) => name !== '0.0.0.0' && name !== '::' && all.indexOf(name) === index,
  );
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    // Clocks of two machines differ a little.
    notBeforeDate: new Date(Date.now() - dayMs),
    notAfterDate: new Date(Date.now() + days * dayMs),
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', digitalSignature: true, keyCertSign: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      {
        name: 'subjectAltName',
        altNames: names.map((name) => (isAddress(name) ? { type: 7, ip: name } : { type: 2, value: name })),
      },
    ],
  });
  return { key: made.private, cert: made.cert };
}

async function loadPeer() {
  try {
    return await import('selfsigned');
  } catch (cause) {
    throw new ConfigError(
      'peer_missing',
      'TLS with a certificate made at start needs the package selfsigned: npm install selfsigned',
      { cause, param: 'tls' },
    );
  }
}

function isAddress(name: string): boolean {
  return /^[\d.]+$/.test(name) || name.includes(':');
}
