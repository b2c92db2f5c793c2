import fc from 'fast-check';

// The same cases on every machine; FC_SEED=<number> looks at others (a failure prints the seed and path that repeat it).
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 20_261_121) });
