-- Which jobs wait for the machine, and why; what is told to people elsewhere; how long workers were busy with each activity.

CREATE TABLE job_wait (
  host    text NOT NULL,
  worker  text NOT NULL,
  job     text NOT NULL,                 -- workflow id
  why     text NOT NULL,
  since   timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),  -- said again every few seconds: a worker that died waits for nothing
  PRIMARY KEY (host, worker, job)
);

-- Rows wait here until they were sent. One that was sent stays for a while, lest the same be told twice.
CREATE TABLE notification (
  key      text PRIMARY KEY,             -- what it tells of: the same thing is told once
  event    text NOT NULL CHECK (event IN ('job failed', 'approval needed', 'import done', 'test')),
  job      text NOT NULL,
  message  text NOT NULL,
  at       timestamptz NOT NULL DEFAULT now(),
  tries    integer NOT NULL DEFAULT 0,
  next_try timestamptz DEFAULT now(),    -- NULL: nothing more is done with it
  sent_at  timestamptz,
  trouble  text                          -- why it could not be sent, the last time
);
CREATE INDEX notification_due ON notification (next_try) WHERE next_try IS NOT NULL;

-- What a worker's activities have added up to since it was started.
ALTER TABLE worker ADD COLUMN activities jsonb NOT NULL DEFAULT '[]';
