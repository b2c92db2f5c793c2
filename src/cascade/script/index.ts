export { type EnergyVadOptions, energyVad } from './energy-vad.js';
export { loadScript, type Script, type ScriptFaults, type ScriptTurn } from './script.js';
export { scriptLlm } from './script-llm.js';
export { scriptStt } from './script-stt.js';
export { type ScriptedModelOptions, scriptedModel } from './scripted-model.js';
export { type ToneTtsOptions, toneTts } from './tone-tts.js';
