import { defineSignal } from '@temporalio/workflow';
import type { FacesAsk, IdentifyPersonInput, ScanOptions } from '../model/job-kinds.ts';

/** Sent to any running job. */
export const pauseSignal = defineSignal('pause');
export const resumeSignal = defineSignal('resume');

/** Sent to a job that asks a person, as its answer. */
export const approveSignal = defineSignal('approve');
export const rejectSignal = defineSignal('reject');
/** Sent to `removeMissing`: a scan saw that something else is gone now, or nothing any more. */
export const goneChangedSignal = defineSignal('goneChanged');

/** Sent to `scanPath` and `importPath`: what looks deeper than they do is done when they have come to their end. */
export const scanDeeperSignal = defineSignal<[wanted: ScanOptions]>('scanDeeper');

/** Sent to `importPath`: files came or went where it may have passed already, so it goes through the path once more. */
export const importAgainSignal = defineSignal('importAgain');

/** Sent to `facesOfPath`: pictures may have come where it has passed already, or are to be looked at again, so it does this as well. */
export const facesAgainSignal = defineSignal<[wanted: FacesAsk]>('facesAgain');

/** Sent to `planMoves`: what is wanted of the plan may have changed since it was read. */
export const planChangedSignal = defineSignal('planChanged');

/** Sent to `engine` at each start of the product, with a name for that start: a restarted worker says the same one again. */
export const bootSignal = defineSignal<[start: string]>('boot');
/** Sent to `engine`, and to what is `scheduled` and waits, when the settings were saved. */
export const settingsSavedSignal = defineSignal('settingsSaved');
/** Sent to `identifyPerson`: settings or faces may have changed since it went through the dirs, so it does this as well. */
export const identifySignal = defineSignal<[wanted: IdentifyPersonInput]>('identify');
