import type { Reading } from '../photos/reader.ts';
import type { NewContent } from '../sql/content.ts';
import type { Dated } from '../sql/described.ts';

/** What was read of a file, as the database keeps it. */
export function contentOf({ hash, decoded, metadata, place, decoder, decodeMs, motion, error }: Reading): NewContent {
  return {
    hash,
    thumb: decoded !== null,
    thumbhash: decoded?.thumbhash ?? null,
    width: decoded?.width ?? metadata?.width ?? null,
    height: decoded?.height ?? metadata?.height ?? null,
    orientation: metadata?.orientation ?? null,
    ...(metadata?.taken ?? unknownDate),
    zone: metadata?.zone ?? null,
    camera: metadata?.camera ?? null,
    latitude: metadata?.latitude ?? null,
    longitude: metadata?.longitude ?? null,
    town: place?.town ?? null,
    townMetres: place?.metres ?? null,
    region: place ? (place.region ?? '') : null,
    country: place?.country ?? null,
    format: metadata?.format ?? null,
    decoder,
    decodeMs,
    duration: decoded?.clip?.duration ?? metadata?.duration ?? null,
    codecs: decoded?.clip?.codecs ?? [],
    clip: motion,
    contentId: metadata?.contentId ?? null,
    title: metadata?.about.title ?? null,
    description: metadata?.about.description ?? null,
    rating: metadata?.about.rating ?? null,
    labels: metadata?.about.tags ?? [],
    people: metadata?.about.people ?? [],
    regions: metadata?.about.regions ?? [],
    warnings: metadata?.warnings ?? [],
    tags: metadata?.tags ?? {},
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
  };
}

const unknownDate: Dated = {
  takenAt: null,
  takenOffset: null,
  takenZone: null,
  takenSource: null,
  takenCertainty: null,
  passedDates: [],
};
