/** The page of a job. Ids hold slashes (`scan/2`), so they travel encoded. */
export const jobUrl = (id: string): string => `/jobs/job/${encodeURIComponent(id)}`;
