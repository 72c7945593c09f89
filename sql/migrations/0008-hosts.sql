-- Workers on several machines: two of a kind on one host, what they compute with, and which paths each of them sees.

ALTER TABLE worker
  ADD COLUMN backend text,                              -- what computes the networks; NULL: it looks for no faces, or has not yet
  ADD COLUMN roots   integer[] NOT NULL DEFAULT '{}',   -- numbers of the import and storage paths that it can read
  DROP CONSTRAINT worker_pkey,
  ADD PRIMARY KEY (host, name, pid);
