-- Poll state, the entry ledger, decisions, developments and the delta ledger.
--
-- Text that is sorted or compared is COLLATE "C": code point order, as in SQLite and in Python, whatever the server's
-- locale. Instants are timestamptz. What readers filter by is a column, everything else of a value is in its JSON.

CREATE TABLE settings (
    name text PRIMARY KEY,
    value text NOT NULL
);

-- Where each ledger stands. A writer locks the ledger's row before it takes a position and keeps it to the commit, so
-- positions become visible in order, a rollback gives its positions back, and none is ever given out twice.
CREATE TABLE ledger_positions (
    ledger text PRIMARY KEY,
    seq bigint NOT NULL
);

INSERT INTO ledger_positions (ledger, seq) VALUES ('entries', 0), ('deltas', 0), ('facts', 0);

CREATE TABLE feeds (
    id text COLLATE "C" PRIMARY KEY,
    url text NOT NULL,
    title text COLLATE "C" NOT NULL,
    lang text,
    pole text,
    source text NOT NULL,
    state text NOT NULL,
    etag text,
    last_modified text,
    body_hash text,
    last_attempt_at timestamptz,
    last_success_at timestamptz,
    first_success_at timestamptz,
    next_poll_at timestamptz,
    next_poll_reason text NOT NULL,
    failures integer NOT NULL,
    error_class text,
    error text,
    entries_seen integer NOT NULL,
    polls integer NOT NULL,
    host text COLLATE "C" NOT NULL, -- scheme, name and port of the address
    hints jsonb NOT NULL, -- what the feed's document asks of those who poll it
    failing_since_at timestamptz,
    moved_to text,
    moved_since_at timestamptz,
    items_per_day double precision NOT NULL
);

-- due_feeds: active feeds, most overdue first
CREATE INDEX feeds_due ON feeds (next_poll_at, id) WHERE state = 'active';

-- save_poll: the other feeds of a host that wants to be left alone
CREATE INDEX feeds_host ON feeds (host, next_poll_at) WHERE state = 'active';

CREATE TABLE outages (
    feed_id text COLLATE "C" NOT NULL REFERENCES feeds (id),
    began_at timestamptz NOT NULL,
    ended_at timestamptz, -- NULL while it lasts
    error_class text NOT NULL,
    error text NOT NULL,
    PRIMARY KEY (feed_id, began_at)
);

-- outages: those that last, and those that ended since
CREATE INDEX outages_ended ON outages (ended_at);

CREATE TABLE entries (
    seq bigint PRIMARY KEY,
    entry_id text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    feed_id text COLLATE "C" NOT NULL REFERENCES feeds (id),
    title text NOT NULL,
    summary text NOT NULL,
    url text,
    outlet text,
    lang text,
    pole text,
    published_at timestamptz,
    date_only boolean NOT NULL,
    clamped boolean NOT NULL,
    first_seen_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL,
    backlog boolean NOT NULL,
    UNIQUE (entry_id, revision)
);

CREATE TABLE entry_heads (
    entry_id text COLLATE "C" PRIMARY KEY,
    feed_id text COLLATE "C" NOT NULL REFERENCES feeds (id),
    revision integer NOT NULL, -- the newest
    content_hash text NOT NULL,
    search_text text NOT NULL, -- title and summary of the newest revision, case folded
    first_seen_at timestamptz NOT NULL,
    backlog boolean NOT NULL
);

CREATE TABLE entry_keys (
    feed_id text COLLATE "C" NOT NULL REFERENCES feeds (id),
    key text COLLATE "C" NOT NULL,
    entry_id text COLLATE "C" NOT NULL REFERENCES entry_heads (entry_id),
    PRIMARY KEY (feed_id, key)
);

CREATE TABLE cursors (
    name text PRIMARY KEY,
    seq bigint NOT NULL
);

CREATE TABLE decisions (
    story text COLLATE "C" NOT NULL,
    entry_id text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    entry_seq bigint NOT NULL,
    relevant boolean NOT NULL,
    score double precision NOT NULL,
    outcome text NOT NULL,
    threads jsonb NOT NULL, -- array of ids
    reasons jsonb NOT NULL,
    mentions jsonb NOT NULL,
    type text,
    delta text,
    development text,
    duplicate_of text,
    origin text,
    novelty double precision,
    decided_at timestamptz NOT NULL,
    rules_version text NOT NULL,
    trace text, -- byte for byte what the comparison wrote
    compared_seq bigint, -- order of comparison within the story; NULL until compared
    PRIMARY KEY (story, entry_id, revision),
    FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
);

-- decisions: one story's, ascending from a cursor
CREATE INDEX decisions_by_seq ON decisions (story, entry_seq);

-- pending: one story's, in order of arrival; the few rows that still wait
CREATE INDEX decisions_pending ON decisions (story, entry_seq) WHERE outcome = 'pending';

-- traces: one story's, in order of comparison; save_comparisons: the highest so far
CREATE INDEX decisions_compared ON decisions (story, compared_seq) WHERE compared_seq IS NOT NULL;

CREATE TABLE developments (
    id text COLLATE "C" PRIMARY KEY,
    story text COLLATE "C" NOT NULL,
    threads jsonb NOT NULL, -- array of ids
    title text NOT NULL,
    lang text,
    line text NOT NULL,
    first_entry text NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    reports integer NOT NULL,
    outlets jsonb NOT NULL, -- array
    origins jsonb NOT NULL -- array
);

-- developments: one story's, newest report first
CREATE INDEX developments_by_last ON developments (story, last_at, id);

CREATE TABLE deltas (
    seq bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL UNIQUE,
    story text COLLATE "C" NOT NULL,
    type text NOT NULL,
    lang text,
    score double precision NOT NULL,
    created_at timestamptz NOT NULL,
    threads jsonb NOT NULL, -- array of ids, for filters
    entities jsonb NOT NULL, -- array of ids, for filters
    payload jsonb NOT NULL -- the whole delta but its seq
);

-- deltas_after, ledger_state: one story's, from a cursor, either way
CREATE INDEX deltas_by_story ON deltas (story, seq);

CREATE TABLE facts (
    seq bigint PRIMARY KEY,
    id text COLLATE "C" NOT NULL,
    story text COLLATE "C" NOT NULL,
    delta text COLLATE "C" NOT NULL, -- '' when none is named
    payload jsonb NOT NULL,
    UNIQUE (story, id, delta)
);

-- facts: one story's, oldest first
CREATE INDEX facts_by_story ON facts (story, seq);

CREATE TABLE story_versions (
    story text COLLATE "C" PRIMARY KEY,
    version bigint NOT NULL, -- moves with every change that a page of the story shows
    judged bigint NOT NULL DEFAULT 0, -- moves when a judgement changes decisions made before
    compared bigint NOT NULL DEFAULT 0 -- commits of comparisons: what a memory of the story must know of
);

CREATE TABLE judgements (
    story text COLLATE "C" NOT NULL,
    entry_id text COLLATE "C" NOT NULL,
    revision integer NOT NULL, -- the newest when it was judged
    relevant boolean NOT NULL,
    note text NOT NULL,
    judged_at timestamptz NOT NULL,
    PRIMARY KEY (story, entry_id),
    FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
);

-- The name of this ledger: cursors carry it, so that one from a ledger that lost rows is told from a good one.
INSERT INTO settings (name, value) VALUES ('epoch', replace(gen_random_uuid()::text, '-', ''));
