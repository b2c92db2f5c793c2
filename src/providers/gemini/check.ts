import { ConfigError } from '../../core/index.js';
import type { Config } from '../../realtime/index.js';
import type { PerTool, Setup, Tool } from '../../wire/gemini/index.js';
import { bareName, type ModelFacts, modelFacts, type Surface, servedModels } from './models.js';
import { provider } from './names.js';
import type { ServerTool } from './options.js';

export interface Target {
  model: string;
  surface: Surface;
  toolBehavior: PerTool<'BLOCKING' | 'NON_BLOCKING'> | undefined;
  toolScheduling: PerTool<'WHEN_IDLE' | 'INTERRUPT'> | undefined;
}

/**
 * Whether the model can be set to that, there. It looks at the fields of the setup, so that options, raw setup fields and
 * what a session changes are judged alike. Throws `ConfigError` `option_unsupported` with the reason.
 */
export function checkConfig(config: Config, target: Target): void {
  const { model, surface } = target;
  const facts = modelFacts(model);
  const name = bareName(model);
  const refuse = (param: string, why: string): never => {
    throw new ConfigError('option_unsupported', `${name} ${why}`, { param, provider });
  };
  const vendor = config.vendor as Partial<Setup>;
  checkSurface(vendor, surface, refuse);
  if (!facts.known) return;
  if (facts.shutDown !== undefined) {
    refuse('model', `was shut down on ${facts.shutDown}; there are ${servedModels(surface).join(', ')}.`);
  }
  if (!facts.surfaces.includes(surface)) {
    const where = surface === 'vertex' ? 'Vertex AI' : 'the Gemini API';
    refuse('model', `is not served on ${where}; there are ${servedModels(surface).join(', ')}.`);
  }
  if (config.output === 'text' && !facts.text) refuse('modalities', 'answers in speech only.');
  checkGeneration(vendor.generationConfig ?? {}, facts, refuse);
  checkProactivity(vendor.proactivity ?? {}, facts, refuse);
  for (const tool of vendor.tools ?? []) checkTool(tool, facts, refuse);
  checkBehavior(target, facts, refuse);
}

type Refuse = (param: string, why: string) => never;

function checkSurface(vendor: Partial<Setup>, surface: Surface, refuse: Refuse): void {
  if (surface === 'vertex') {
    if (vendor.historyConfig != null) refuse('setup.historyConfig', 'takes no historyConfig on Vertex AI.');
    return;
  }
  if (vendor.explicitVadSignal != null) {
    refuse('explicitVadSignal', 'reports speech edges on Vertex AI only; give the session a vad instead.');
  }
  if (vendor.sessionResumption?.transparent !== undefined) {
    refuse('sessionResumption.transparent', 'knows transparent resumption on Vertex AI only.');
  }
  if (vendor.avatarConfig != null) refuse('setup.avatarConfig', 'has avatars on Vertex AI only.');
}

function checkGeneration(
  {
    thinkingConfig,
    enableAffectiveDialog,
    speechConfig,
    translationConfig,
  }: Setup['generationConfig'] & object,
  facts: ModelFacts,
  refuse: Refuse,
): void {
  const { thinkingBudget: budget, thinkingLevel: level } = thinkingConfig ?? {};
  const { thinking } = facts;
  if (thinkingConfig !== undefined && thinking === 'none') {
    refuse('thinking', 'takes no thinking settings: its service closes the connection on the field.');
  }
  if (budget !== undefined && thinking !== 'budget') {
    refuse('thinking.budget', `thinks by level (${levelsOf(thinking)}), not by budget.`);
  }
  if (level !== undefined && (thinking === 'budget' || !thinking.includes(level))) {
    refuse(
      'thinking.level',
      thinking === 'budget' ? 'thinks by budget, not by level.' : `thinks at ${levelsOf(thinking)} only.`,
    );
  }
  if (thinkingConfig !== undefined && facts.thinkingDefault !== undefined && level === undefined) {
    refuse('thinking.level', `needs a level: ${levelsOf(thinking)}.`);
  }
  if (enableAffectiveDialog !== undefined && !facts.affectiveDialog) {
    refuse('affectiveDialog', 'has no affective dialog: it is of the 2.5 models.');
  }
  if (speechConfig?.languageCode !== undefined && !facts.languageCode) {
    refuse('languageCode', 'chooses the language by itself; say in the instructions which one to speak.');
  }
  if (translationConfig !== undefined && !facts.translation) {
    refuse('translation', 'does not translate; gemini-3.5-live-translate-preview does.');
  }
}

function checkProactivity(
  { proactiveAudio, proactiveVideo }: NonNullable<Setup['proactivity']>,
  { proactivity }: ModelFacts,
  refuse: Refuse,
): void {
  if (proactiveAudio === undefined && proactiveVideo === undefined) return;
  if (proactivity === 'none') refuse('proactivity', 'is not proactive.');
  if (proactivity === 'always' && proactiveAudio === false) {
    refuse('proactivity', 'is always proactive: that cannot be switched off.');
  }
}

function checkTool(tool: Tool, { serverTools }: ModelFacts, refuse: Refuse): void {
  for (const name of Object.keys(tool)) {
    if (name === 'functionDeclarations' || serverTools.includes(name as ServerTool)) continue;
    const known = serverTools.length === 0 ? 'none' : serverTools.join(', ');
    refuse(
      `serverTools.${name}`,
      `has no ${name} in a live session; of the service's own tools it has ${known}.`,
    );
  }
}

function checkBehavior(target: Target, facts: ModelFacts, refuse: Refuse): void {
  const { toolBehavior, toolScheduling, surface } = target;
  for (const behavior of valuesOf(toolBehavior)) {
    if (facts.toolBehavior.includes(behavior)) continue;
    const known = facts.toolBehavior.length === 0 ? 'its default' : facts.toolBehavior.join(', ');
    refuse('toolBehavior', `does not take ${behavior} tools; it takes ${known}.`);
  }
  if (toolScheduling === undefined) return;
  if (surface === 'vertex') refuse('toolScheduling', 'takes no scheduling of tool results on Vertex AI.');
  if (!facts.toolBehavior.includes('NON_BLOCKING')) refuse('toolScheduling', 'has no NON_BLOCKING tools.');
  if (facts.thinkingDefault !== undefined) refuse('toolScheduling', 'schedules tool results by itself.');
}

function valuesOf<T extends string>(rule: PerTool<T> | undefined): T[] {
  if (rule === undefined) return [];
  return typeof rule === 'string' ? [rule] : Object.values(rule);
}

function levelsOf(thinking: ModelFacts['thinking']): string {
  return typeof thinking === 'string' ? 'none' : thinking.join(', ');
}
