-- Who is told of deltas: webhooks with what became of each delivery, and tokens of readers. What is still to be told is
-- no queue of its own: it is what the delta ledger holds after `position`.

CREATE TABLE webhooks (
    id text COLLATE "C" PRIMARY KEY,
    url text NOT NULL,
    story text COLLATE "C" NOT NULL,
    filters jsonb NOT NULL,
    secret text NOT NULL,
    position bigint NOT NULL, -- seq of the last delta that was delivered or given up
    disabled text, -- why; NULL while it works
    leased_until timestamptz, -- another process is at it
    created_at timestamptz NOT NULL
);

CREATE TABLE deliveries (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    webhook text COLLATE "C" NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    delta text COLLATE "C" NOT NULL,
    seq bigint NOT NULL,
    state text NOT NULL, -- waiting, delivered, dead
    attempts integer NOT NULL,
    status integer,
    error text,
    next_attempt_at timestamptz,
    last_attempt_at timestamptz,
    UNIQUE (webhook, delta)
);

-- deliveries: those of one state, and the oldest delivered ones to forget
CREATE INDEX deliveries_state ON deliveries (webhook, state, number);

CREATE TABLE reader_tokens (
    id text COLLATE "C" PRIMARY KEY,
    digest text COLLATE "C" NOT NULL UNIQUE, -- SHA-256; the token itself is nowhere
    story text COLLATE "C",
    note text NOT NULL,
    created_at timestamptz NOT NULL
);
