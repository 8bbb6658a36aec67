-- A database as version 0.1.0.dev1 leaves it, on invented feeds. Made by `make release-database`; never edited.
-- reader: {"cursor": "AbNeVrOUkZ5A30vTZB_iXkcAAAAAAAAAAiCwiII", "deltas": ["d-140977d2c5c13425", "d-a38ba4d4d6b4b89e", "d-34db6a9a37678224", "d-01412bf23a4eac12"], "read": 2, "guids": ["tag:127.0.0.1,2025-01-20:harbour/d-01412bf23a4eac12", "tag:127.0.0.1,2025-01-20:harbour/d-34db6a9a37678224", "tag:127.0.0.1,2025-01-20:harbour/d-a38ba4d4d6b4b89e", "tag:127.0.0.1,2025-01-20:harbour/d-140977d2c5c13425"]}
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'aftermath','m0001_feeds_and_entries','2026-11-23 12:48:33.828904+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'aftermath','m0002_judgements','2026-11-23 12:48:33.862500+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'aftermath','m0003_epoch','2026-11-23 12:48:33.875265+00:00');
CREATE TABLE cursors (
            name TEXT PRIMARY KEY,
            seq INTEGER NOT NULL
        ) STRICT;
INSERT INTO "cursors" VALUES('match:d790a2006937',7);
CREATE TABLE decisions (
            story TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            entry_seq INTEGER NOT NULL,
            relevant INTEGER NOT NULL,
            score REAL NOT NULL,
            outcome TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids
            reasons TEXT NOT NULL, -- JSON
            mentions TEXT NOT NULL, -- JSON
            type TEXT,
            delta TEXT,
            development TEXT,
            duplicate_of TEXT,
            origin TEXT,
            novelty REAL,
            decided_at TEXT NOT NULL,
            rules_version TEXT NOT NULL,
            trace TEXT,
            compared_seq INTEGER, -- order of comparison within the story; NULL until compared
            PRIMARY KEY (story, entry_id, revision),
            FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
        ) STRICT;
INSERT INTO "decisions" VALUES('harbour','e-acc9ac6142391997',1,1,1,0.9925,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: navy + withdraw","weight":5.77},{"feature":"several_patterns","span":null,"text":null,"weight":2.09},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.39},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.15},{"feature":"several_core","span":null,"text":null,"weight":0.42}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]','status_change','d-140977d2c5c13425','v-53e979d6786a',NULL,'outlet-1',1.0,'2026-11-23T12:48:34.821266Z','6d6fd012597f','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:28+00:00","delta":"d-140977d2c5c13425","development":"v-53e979d6786a","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-acc9ac6142391997","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-1","outlet":"Outlet 1","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',1);
INSERT INTO "decisions" VALUES('harbour','e-6881e476fb7be9fb',1,2,1,0.9925,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: navy + strelsau","weight":5.77},{"feature":"several_patterns","span":null,"text":null,"weight":2.09},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.39},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.15},{"feature":"several_core","span":null,"text":null,"weight":0.42}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}]','new_development','d-a38ba4d4d6b4b89e','v-bf178f78a959',NULL,'outlet-0',1.0,'2026-11-23T12:48:34.837587Z','6d6fd012597f','{"core":["navy","strelsau"],"dated_at":"2026-11-23T05:48:28+00:00","delta":"d-a38ba4d4d6b4b89e","development":"v-bf178f78a959","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-6881e476fb7be9fb","frames":["deploy|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":1,"text_words":[186403405,213641090,376393225,692410125,2160305219,2306361696,3693835373,3736205466,4140271635],"threads":["crews"],"title_words":[186403405,692410125,2160305219,2306361696,3693835373]}',2);
INSERT INTO "decisions" VALUES('harbour','e-cc8ba1d84b8a2e85',1,3,1,0.9145,'delta','["command"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"command: admiral + flee|arrest|try|extradite|return|state|deny","weight":5.77},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.39},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Admiral Hentzau","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.15}]','[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}]','status_change','d-34db6a9a37678224','v-7cd2e4458f83',NULL,'outlet-0',1.0,'2026-11-23T12:48:34.839298Z','6d6fd012597f','{"core":["admiral"],"dated_at":"2026-11-23T04:48:28+00:00","delta":"d-34db6a9a37678224","development":"v-7cd2e4458f83","duplicate_of":null,"entities":["admiral"],"entry":"e-cc8ba1d84b8a2e85","frames":["arrest||admiral"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,336155449,376393225,1739626643,1916724902,2406259871,3226320421,3736205466,4237569031],"threads":["command"],"title_words":[336155449,1739626643,1916724902,2406259871,3226320421]}',3);
INSERT INTO "decisions" VALUES('harbour','e-4cc13749e7f1636c',1,4,1,0.9925,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: navy + withdraw","weight":5.77},{"feature":"several_patterns","span":null,"text":null,"weight":2.09},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.39},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.15},{"feature":"several_core","span":null,"text":null,"weight":0.42}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]',NULL,NULL,'v-53e979d6786a','e-acc9ac6142391997','outlet-1',0.0,'2026-11-23T12:48:34.840722Z','6d6fd012597f','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:28+00:00","delta":null,"development":"v-53e979d6786a","duplicate_of":"e-acc9ac6142391997","entities":["navy","strelsau"],"entry":"e-4cc13749e7f1636c","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-1","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',4);
INSERT INTO "decisions" VALUES('harbour','e-60f6481162f58cb2',1,5,1,0.9601,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: navy + strelsau","weight":5.77},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.15},{"feature":"several_core","span":null,"text":null,"weight":0.42}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}]','confirmation','d-01412bf23a4eac12','v-bf178f78a959',NULL,'navy',0.53,'2026-11-23T12:48:35.974041Z','6d6fd012597f','{"core":["navy","strelsau"],"dated_at":"2026-11-23T07:48:34+00:00","delta":"d-01412bf23a4eac12","development":"v-bf178f78a959","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-60f6481162f58cb2","frames":["keep|navy|strelsau"],"lang":"en","on_record":true,"origin":"navy","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,1093123725,2160305219,2260198942,2306361696,3361801103,3736205466,3772597179],"threads":["crews"],"title_words":[1093123725,2160305219,2260198942,2306361696,3361801103]}',5);
INSERT INTO "decisions" VALUES('harbour','e-6881e476fb7be9fb',2,7,1,0.9925,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.37},{"feature":"pattern_title","span":{"end":12,"field":"title","start":8},"text":"crews: navy + strelsau","weight":5.77},{"feature":"several_patterns","span":null,"text":null,"weight":2.09},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.39},{"feature":"core_in_title","span":{"end":12,"field":"title","start":8},"text":"Navy","weight":-0.06},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.27},{"feature":"core_opens_title","span":{"end":12,"field":"title","start":8},"text":null,"weight":0.15},{"feature":"several_core","span":null,"text":null,"weight":0.42}]','[{"entity":"navy","span":{"end":12,"field":"title","start":8},"surface":"Navy"},{"entity":"strelsau","span":{"end":42,"field":"title","start":34},"surface":"Strelsau"}]',NULL,NULL,'v-bf178f78a959',NULL,'outlet-0',0.07,'2026-11-23T12:48:35.984308Z','6d6fd012597f','{"core":["navy","strelsau"],"dated_at":"2026-11-23T12:48:34.777848+00:00","delta":"d-a38ba4d4d6b4b89e","development":"v-bf178f78a959","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-6881e476fb7be9fb","frames":["deploy|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":2,"text_words":[73602871,186403405,692410125,718272343,2160305219,2306361696,3693835373],"threads":["crews"],"title_words":[73602871,186403405,692410125,2160305219,2306361696,3693835373]}',6);
CREATE TABLE deltas (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL UNIQUE,
            story TEXT NOT NULL,
            type TEXT NOT NULL,
            lang TEXT,
            score REAL NOT NULL,
            created_at TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids, for filters
            entities TEXT NOT NULL, -- JSON array of ids, for filters
            payload TEXT NOT NULL -- JSON of the whole delta but its seq
        ) STRICT;
INSERT INTO "deltas" VALUES(1,'d-140977d2c5c13425','harbour','status_change','en',0.9925,'2026-11-23T12:48:34.821266Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Ruritanian navy withdraws from Strelsau harbour","span":{"end":47,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The navy leaves.","before":"The navy stays in Strelsau.","fact":"navy-stays","stance":"contradicts"}],"created_at":"2026-11-23T12:48:34.821266Z","development":"v-53e979d6786a","development_title":"Ruritanian navy withdraws from Strelsau harbour","entities":[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}],"entry":"e-acc9ac6142391997","event":{"action":"withdraw","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":null,"span":{"end":47,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-6175bed91970","first_report":true,"first_seen_at":"2026-11-23T12:48:34.756742Z","headline":"Ruritanian navy withdraws from Strelsau harbour","id":"d-140977d2c5c13425","lang":"en","line":"Ruritanian navy withdraws from Strelsau harbour (reported) — against what was known: The navy stays in Strelsau","novelty":1.0,"origin":"outlet-1","outlet":"Outlet 1","plover":"RETREAT","pole":null,"published_at":"2026-11-23T03:48:28.000000Z","reason":"Against what was known: The navy stays in Strelsau.. Outlet 1 reports it; found by pattern title (crews: navy + withdraw).","revision":1,"rules_version":"6d6fd012597f","score":0.9925,"story":"harbour","supersedes":null,"threads":["crews"],"type":"status_change","url":"https://outlet.test/0"}');
INSERT INTO "deltas" VALUES(2,'d-a38ba4d4d6b4b89e','harbour','new_development','en',0.9925,'2026-11-23T12:48:34.837587Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy deploys two ships to Strelsau","span":{"end":34,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:34.837587Z","development":"v-bf178f78a959","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-6881e476fb7be9fb","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-75baab010eee","first_report":true,"first_seen_at":"2026-11-23T12:48:34.777848Z","headline":"Navy deploys two ships to Strelsau","id":"d-a38ba4d4d6b4b89e","lang":"en","line":"Ruritanian navy deploys forces to Strelsau harbour, 2 ships (reported)","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:48:28.000000Z","reason":"First report of a new development. Outlet 0 reports it; found by pattern title (crews: navy + strelsau).","revision":1,"rules_version":"6d6fd012597f","score":0.9925,"story":"harbour","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(3,'d-34db6a9a37678224','harbour','status_change','en',0.9145,'2026-11-23T12:48:34.839298Z','["command"]','["admiral"]','{"added":[{"quote":"Admiral Hentzau arrested in the capital","span":{"end":39,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The admiral is held.","before":"The admiral is at large.","fact":"admiral-free","stance":"contradicts"}],"created_at":"2026-11-23T12:48:34.839298Z","development":"v-7cd2e4458f83","development_title":"Arrest: Admiral Hentzau","entities":[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}],"entry":"e-cc8ba1d84b8a2e85","event":{"action":"arrest","actor":null,"date":null,"modality":"reported","negated":false,"on_record":false,"place":null,"quantity":null,"span":{"end":39,"field":"title","start":0},"speaker":null,"target":"admiral"},"feed":"f-75baab010eee","first_report":true,"first_seen_at":"2026-11-23T12:48:34.777848Z","headline":"Admiral Hentzau arrested in the capital","id":"d-34db6a9a37678224","lang":"en","line":"Arrest: Admiral Hentzau (reported) — against what was known: The admiral is at large","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"COERCE","pole":null,"published_at":"2026-11-23T04:48:28.000000Z","reason":"Against what was known: The admiral is at large.. Outlet 0 reports it; found by pattern title (command: admiral + flee|arrest|try|extradite|return|state|deny).","revision":1,"rules_version":"6d6fd012597f","score":0.9145,"story":"harbour","supersedes":null,"threads":["command"],"type":"status_change","url":"https://outlet.test/1"}');
INSERT INTO "deltas" VALUES(4,'d-01412bf23a4eac12','harbour','confirmation','en',0.9601,'2026-11-23T12:48:35.974041Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy stays in Strelsau, minister confirms","span":{"end":41,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:35.974041Z","development":"v-bf178f78a959","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}],"entry":"e-60f6481162f58cb2","event":{"action":"keep","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":true,"place":"strelsau","quantity":null,"span":{"end":41,"field":"title","start":0},"speaker":"navy","target":"strelsau"},"feed":"f-75baab010eee","first_report":false,"first_seen_at":"2026-11-23T12:48:35.924983Z","headline":"Navy stays in Strelsau, minister confirms","id":"d-01412bf23a4eac12","lang":"en","line":"Ruritanian navy keeps Strelsau harbour","novelty":0.53,"origin":"navy","outlet":"Outlet 0","plover":"COOPERATE","pole":null,"published_at":"2026-11-23T07:48:34.000000Z","reason":"On the record now: navy. Outlet 0 reports it; found by pattern title (crews: navy + strelsau).","revision":1,"rules_version":"6d6fd012597f","score":0.9601,"story":"harbour","supersedes":null,"threads":["crews"],"type":"confirmation","url":"https://outlet.test/4"}');
CREATE TABLE developments (
            id TEXT PRIMARY KEY,
            story TEXT NOT NULL,
            threads TEXT NOT NULL, -- JSON array of ids
            title TEXT NOT NULL,
            lang TEXT,
            line TEXT NOT NULL,
            first_entry TEXT NOT NULL,
            first_at TEXT NOT NULL,
            last_at TEXT NOT NULL,
            reports INTEGER NOT NULL,
            outlets TEXT NOT NULL, -- JSON array
            origins TEXT NOT NULL -- JSON array
        ) STRICT;
INSERT INTO "developments" VALUES('v-53e979d6786a','harbour','["crews"]','Ruritanian navy withdraws from Strelsau harbour','en','Ruritanian navy withdraws from Strelsau harbour','e-acc9ac6142391997','2026-11-23T03:48:28.000000Z','2026-11-23T03:48:28.000000Z',2,'["Outlet 1","Outlet 0"]','["outlet-1"]');
INSERT INTO "developments" VALUES('v-bf178f78a959','harbour','["crews"]','Navy deploys two ships to Strelsau','en','Ruritanian navy deploys forces to Strelsau harbour','e-6881e476fb7be9fb','2026-11-23T05:48:28.000000Z','2026-11-23T12:48:34.777848Z',2,'["Outlet 0"]','["outlet-0","navy"]');
INSERT INTO "developments" VALUES('v-7cd2e4458f83','harbour','["command"]','Admiral Hentzau arrested in the capital','en','Arrest: Admiral Hentzau','e-cc8ba1d84b8a2e85','2026-11-23T04:48:28.000000Z','2026-11-23T04:48:28.000000Z',1,'["Outlet 0"]','["outlet-0"]');
CREATE TABLE entries (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            title TEXT NOT NULL,
            summary TEXT NOT NULL,
            url TEXT,
            outlet TEXT,
            lang TEXT,
            pole TEXT,
            published_at TEXT,
            date_only INTEGER NOT NULL,
            clamped INTEGER NOT NULL,
            first_seen_at TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL,
            UNIQUE (entry_id, revision)
        ) STRICT;
INSERT INTO "entries" VALUES(1,'e-acc9ac6142391997',1,'f-6175bed91970','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 1','en',NULL,'2026-11-23T03:48:28.000000Z',0,0,'2026-11-23T12:48:34.756742Z','2026-11-23T12:48:34.756742Z',1);
INSERT INTO "entries" VALUES(2,'e-6881e476fb7be9fb',1,'f-75baab010eee','Navy deploys two ships to Strelsau','Report 2 from «Стрелсау».','https://outlet.test/2','Outlet 0','en',NULL,'2026-11-23T05:48:28.000000Z',0,0,'2026-11-23T12:48:34.777848Z','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entries" VALUES(3,'e-cc8ba1d84b8a2e85',1,'f-75baab010eee','Admiral Hentzau arrested in the capital','Report 1 from «Стрелсау».','https://outlet.test/1','Outlet 0','en',NULL,'2026-11-23T04:48:28.000000Z',0,0,'2026-11-23T12:48:34.777848Z','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entries" VALUES(4,'e-4cc13749e7f1636c',1,'f-75baab010eee','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 0','en',NULL,'2026-11-23T03:48:28.000000Z',0,0,'2026-11-23T12:48:34.777848Z','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entries" VALUES(5,'e-60f6481162f58cb2',1,'f-75baab010eee','Navy stays in Strelsau, minister confirms','Report 4 from «Стрелсау».','https://outlet.test/4','Outlet 0','en',NULL,'2026-11-23T07:48:34.000000Z',0,0,'2026-11-23T12:48:35.924983Z','2026-11-23T12:48:35.924983Z',0);
INSERT INTO "entries" VALUES(6,'e-c2136ddf09d5a230',1,'f-75baab010eee','Harbour festival opens in Gdynia','Report 3 from «Стрелсау».','https://outlet.test/3','Outlet 0','en',NULL,'2026-11-23T06:48:34.000000Z',0,0,'2026-11-23T12:48:35.924983Z','2026-11-23T12:48:35.924983Z',0);
INSERT INTO "entries" VALUES(7,'e-6881e476fb7be9fb',2,'f-75baab010eee','UPDATE: Navy deploys two ships to Strelsau','As corrected.','https://outlet.test/2','Outlet 0','en',NULL,NULL,0,0,'2026-11-23T12:48:34.777848Z','2026-11-23T12:48:35.924983Z',1);
CREATE TABLE entry_heads (
            entry_id TEXT PRIMARY KEY,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            revision INTEGER NOT NULL, -- the newest
            content_hash TEXT NOT NULL,
            search_text TEXT NOT NULL, -- title and summary of the newest revision, case folded
            first_seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL
        ) STRICT;
INSERT INTO "entry_heads" VALUES('e-acc9ac6142391997','f-6175bed91970',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:48:34.756742Z',1);
INSERT INTO "entry_heads" VALUES('e-6881e476fb7be9fb','f-75baab010eee',2,'f8b4d68298f8fe2410d3bf3fe4381357','update: navy deploys two ships to strelsauas corrected.','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entry_heads" VALUES('e-cc8ba1d84b8a2e85','f-75baab010eee',1,'738e096650024014c1426a5ec04f514b','admiral hentzau arrested in the capitalreport 1 from «стрелсау».','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entry_heads" VALUES('e-4cc13749e7f1636c','f-75baab010eee',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:48:34.777848Z',1);
INSERT INTO "entry_heads" VALUES('e-60f6481162f58cb2','f-75baab010eee',1,'712f073491ed36cdea25e9e27bdd36ba','navy stays in strelsau, minister confirmsreport 4 from «стрелсау».','2026-11-23T12:48:35.924983Z',0);
INSERT INTO "entry_heads" VALUES('e-c2136ddf09d5a230','f-75baab010eee',1,'facb1d3fcfb856f8309072e5c7813777','harbour festival opens in gdyniareport 3 from «стрелсау».','2026-11-23T12:48:35.924983Z',0);
CREATE TABLE entry_keys (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            key TEXT NOT NULL,
            entry_id TEXT NOT NULL REFERENCES entry_heads (entry_id),
            PRIMARY KEY (feed_id, key)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "entry_keys" VALUES('f-6175bed91970','d:483cd45ae1aced206ed3e6754b6d8d9d','e-acc9ac6142391997');
INSERT INTO "entry_keys" VALUES('f-6175bed91970','g:0','e-acc9ac6142391997');
INSERT INTO "entry_keys" VALUES('f-6175bed91970','l:outlet.test/0','e-acc9ac6142391997');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:24c15e7e9e2a06105c1d35023e41fae9','e-60f6481162f58cb2');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:483cd45ae1aced206ed3e6754b6d8d9d','e-4cc13749e7f1636c');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:685a92554ed143f4c543aabc9e8e0f05','e-6881e476fb7be9fb');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:916738e353c686bdd8f27e056a2b5e62','e-cc8ba1d84b8a2e85');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:9d9c86269eecb927680973c7da7b6d00','e-c2136ddf09d5a230');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','d:eec09d79906b8a43578198fd8432fe54','e-6881e476fb7be9fb');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','g:0','e-4cc13749e7f1636c');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','g:1','e-cc8ba1d84b8a2e85');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','g:2','e-6881e476fb7be9fb');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','g:3','e-c2136ddf09d5a230');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','g:4','e-60f6481162f58cb2');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','l:outlet.test/0','e-4cc13749e7f1636c');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','l:outlet.test/1','e-cc8ba1d84b8a2e85');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','l:outlet.test/2','e-6881e476fb7be9fb');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','l:outlet.test/3','e-c2136ddf09d5a230');
INSERT INTO "entry_keys" VALUES('f-75baab010eee','l:outlet.test/4','e-60f6481162f58cb2');
CREATE TABLE facts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            story TEXT NOT NULL,
            delta TEXT NOT NULL, -- '' when none is named
            payload TEXT NOT NULL, -- JSON
            UNIQUE (story, id, delta)
        ) STRICT;
INSERT INTO "facts" VALUES(1,'v-53e979d6786a','harbour','d-140977d2c5c13425','{"action":"withdraw","actor":"navy","as_of":"2026-11-23T12:48:34.821266Z","attribution":{"on_record":false,"origin":"outlet-1","text":"Outlet 1"},"changed_by":[],"delta":"d-140977d2c5c13425","id":"v-53e979d6786a","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy withdraws from Strelsau harbour","thread":"crews","value":null}');
INSERT INTO "facts" VALUES(2,'v-bf178f78a959','harbour','d-a38ba4d4d6b4b89e','{"action":"deploy","actor":"navy","as_of":"2026-11-23T12:48:34.837587Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-a38ba4d4d6b4b89e","id":"v-bf178f78a959","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy deploys forces to Strelsau harbour","thread":"crews","value":"2 ships"}');
INSERT INTO "facts" VALUES(3,'v-7cd2e4458f83','harbour','d-34db6a9a37678224','{"action":"arrest","actor":null,"as_of":"2026-11-23T12:48:34.839298Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-34db6a9a37678224","id":"v-7cd2e4458f83","modality":"reported","negated":false,"object":"admiral","place":null,"statement":"Arrest: Admiral Hentzau","thread":"command","value":null}');
CREATE TABLE feeds (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            title TEXT NOT NULL,
            lang TEXT,
            pole TEXT,
            source TEXT NOT NULL,
            state TEXT NOT NULL,
            etag TEXT,
            last_modified TEXT,
            body_hash TEXT,
            last_attempt_at TEXT,
            last_success_at TEXT,
            first_success_at TEXT,
            next_poll_at TEXT,
            next_poll_reason TEXT NOT NULL,
            failures INTEGER NOT NULL,
            error_class TEXT,
            error TEXT,
            entries_seen INTEGER NOT NULL,
            polls INTEGER NOT NULL
        ) STRICT;
INSERT INTO "feeds" VALUES('f-75baab010eee','http://127.0.0.1:46367/a.xml','Outlet 0','en',NULL,'file','active','W/"b59a0865fe6c"','Mon, 16 Dec 2024 10:02:00 GMT','a4fa2d55b314ff207912c81c04ade712','2026-11-23T12:48:35.924983Z','2026-11-23T12:48:35.924983Z','2026-11-23T12:48:34.777848Z','2026-11-23T12:48:36.947533Z','new entries: polled more often',0,NULL,NULL,5,2);
INSERT INTO "feeds" VALUES('f-6175bed91970','http://127.0.0.1:46367/b.xml','Outlet 1','en',NULL,'file','active','W/"05a019628bc3"','Mon, 16 Dec 2024 10:01:00 GMT','fa1c8d6b6dc2b69191e69f54582badb0','2026-11-23T12:48:35.923467Z','2026-11-23T12:48:35.923467Z','2026-11-23T12:48:34.756742Z','2026-11-23T12:48:37.261928Z','nothing new: polled less often',0,NULL,NULL,1,2);
INSERT INTO "feeds" VALUES('f-b0c01180ab07','http://127.0.0.1:46367/status/500','Outlet 2','en',NULL,'file','active',NULL,NULL,NULL,'2026-11-23T12:48:35.923886Z',NULL,NULL,'2026-11-23T12:48:37.986685Z','failed 2 times in a row: waiting longer',2,'http','http://127.0.0.1:46367/status/500 has a server error; nothing to do but wait (status 500)',0,2);
CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
INSERT INTO "settings" VALUES('epoch','8d0848a62d2743028fbbaa3bfe8e2adf');
INSERT INTO "settings" VALUES('tag_authority','127.0.0.1');
CREATE TABLE story_versions (
            story TEXT PRIMARY KEY,
            version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO "story_versions" VALUES('harbour',6);
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_due ON feeds (next_poll_at, id) WHERE state = 'active';
CREATE INDEX decisions_by_seq ON decisions (story, entry_seq);
CREATE INDEX decisions_pending ON decisions (story, entry_seq) WHERE outcome = 'pending';
CREATE INDEX decisions_compared ON decisions (story, compared_seq) WHERE compared_seq IS NOT NULL;
CREATE INDEX developments_by_last ON developments (story, last_at, id);
CREATE INDEX deltas_by_story ON deltas (story, seq);
CREATE INDEX facts_by_story ON facts (story, seq);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',7);
INSERT INTO "sqlite_sequence" VALUES('deltas',4);
INSERT INTO "sqlite_sequence" VALUES('facts',3);
COMMIT;
