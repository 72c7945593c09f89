import { defineSignal } from '@temporalio/workflow';

/** Sent to any running job. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');

/** Sent to `engine` at each start of the product, with a name for that start: a restarted worker says the same one again. */
export const bootSignal = defineSignal<[start: string]>('boot');
/** Sent to `engine` when the settings were saved. */
export const settingsSavedSignal = defineSignal('settingsSaved');
