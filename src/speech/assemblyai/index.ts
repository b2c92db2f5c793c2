export { type AssemblyAiSttOptions, assemblyAiStt } from './stt.js';
