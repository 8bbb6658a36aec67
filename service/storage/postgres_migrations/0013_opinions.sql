-- Second opinions on deltas, and how many were asked for on each day. A question that was settled is never asked again, so
-- the table is the cache as well.

CREATE TABLE opinions (
    delta text COLLATE "C" NOT NULL,
    model text COLLATE "C" NOT NULL,
    outcome text NOT NULL, -- 'waiting', 'given', 'invalid' or 'failed'
    verdict jsonb, -- object, where it was given
    error text,
    attempts bigint NOT NULL,
    next_attempt_at timestamptz, -- while it waits
    asked_at timestamptz NOT NULL,
    PRIMARY KEY (delta, model)
);

CREATE TABLE opinion_days (
    day text COLLATE "C" PRIMARY KEY, -- UTC, 2025-02-01
    requests bigint NOT NULL
);
