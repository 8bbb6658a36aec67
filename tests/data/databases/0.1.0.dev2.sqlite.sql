-- A database as version 0.1.0.dev2 leaves it, on invented feeds. Made by `make release-database`; never edited.
-- reader: {"cursor": "AXal-HD4Y55A30vTZB_iXkcAAAAAAAAAAvGb_TE", "deltas": ["d-32c4b4e00475c2b5", "d-92e28b5d8ca8950e", "d-afc3ebe631b53d97", "d-9c3b671ffe5a0713", "d-bd48c3e4ea28e4b0"], "read": 2, "guids": ["tag:127.0.0.1,2025-01-20:harbour/d-bd48c3e4ea28e4b0", "tag:127.0.0.1,2025-01-20:harbour/d-9c3b671ffe5a0713", "tag:127.0.0.1,2025-01-20:harbour/d-afc3ebe631b53d97", "tag:127.0.0.1,2025-01-20:harbour/d-92e28b5d8ca8950e", "tag:127.0.0.1,2025-01-20:harbour/d-32c4b4e00475c2b5"]}
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'aftermath','m0001_feeds_and_entries','2026-11-23 12:48:45.237455+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'aftermath','m0002_judgements','2026-11-23 12:48:45.266924+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'aftermath','m0003_epoch','2026-11-23 12:48:45.274545+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'aftermath','m0004_feedback','2026-11-23 12:48:45.284551+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'aftermath','m0005_compared','2026-11-23 12:48:45.290027+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'aftermath','m0007_subscribers','2026-11-23 12:48:45.300746+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'aftermath','m0009_polling','2026-11-23 12:48:45.318358+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'aftermath','m0011_stories','2026-11-23 12:48:45.331827+00:00');
CREATE TABLE cursors (
            name TEXT PRIMARY KEY,
            seq INTEGER NOT NULL
        ) STRICT;
INSERT INTO "cursors" VALUES('match:6eea492ea3d2',4);
INSERT INTO "cursors" VALUES('match:473df484c632',7);
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
INSERT INTO "decisions" VALUES('harbour','e-7217c83e6dc74654',1,1,0,0.475,'rejected','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04},{"feature":"editor","span":null,"text":"«not» ours","weight":-5.44}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}]','retraction','d-9c3b671ffe5a0713',NULL,NULL,NULL,NULL,'2026-11-23T12:48:46.150512Z','58d510825cd0',NULL,1);
INSERT INTO "decisions" VALUES('harbour','e-fa794d5cfaa7c9b4',1,2,1,0.9601,'delta','["command"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"command: Admiral Hentzau + arrested","weight":6.56},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Admiral Hentzau","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0}]','[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}]','status_change','d-92e28b5d8ca8950e','v-689e313ab9e1',NULL,'outlet-0',1.0,'2026-11-23T12:48:46.088488Z','58d510825cd0','{"core":["admiral"],"dated_at":"2026-11-23T04:48:40+00:00","delta":"d-92e28b5d8ca8950e","denies":false,"development":"v-689e313ab9e1","duplicate_of":null,"entities":["admiral"],"entry":"e-fa794d5cfaa7c9b4","frames":["arrest||admiral"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,336155449,376393225,1739626643,1916724902,2406259871,3226320421,3736205466,4237569031],"threads":["command"],"title_words":[336155449,1739626643,1916724902,2406259871,3226320421]}',2);
INSERT INTO "decisions" VALUES('harbour','e-6eedad9673cce301',1,3,1,0.9952,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]','status_change','d-afc3ebe631b53d97','v-9f32c44d6d95',NULL,'outlet-0',1.0,'2026-11-23T12:48:46.089298Z','58d510825cd0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:40+00:00","delta":"d-afc3ebe631b53d97","denies":false,"development":"v-9f32c44d6d95","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-6eedad9673cce301","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',3);
INSERT INTO "decisions" VALUES('harbour','e-a41ae278fbd07c9e',1,4,1,0.9952,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]',NULL,NULL,'v-9f32c44d6d95','e-6eedad9673cce301','outlet-0',0.0,'2026-11-23T12:48:46.095419Z','58d510825cd0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:40+00:00","delta":null,"denies":false,"development":"v-9f32c44d6d95","duplicate_of":"e-6eedad9673cce301","entities":["navy","strelsau"],"entry":"e-a41ae278fbd07c9e","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 1","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',4);
INSERT INTO "decisions" VALUES('harbour-again','e-7217c83e6dc74654',1,1,1,0.9952,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}]','new_development','d-eb23b366c1e14fe2','v-e881e7e77456',NULL,'outlet-0',1.0,'2026-11-23T12:48:46.210136Z','8104f90c11c0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T05:48:40+00:00","delta":"d-eb23b366c1e14fe2","denies":false,"development":"v-e881e7e77456","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-7217c83e6dc74654","frames":["deploy|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":1,"text_words":[186403405,213641090,376393225,692410125,2160305219,2306361696,3693835373,3736205466,4140271635],"threads":["crews"],"title_words":[186403405,692410125,2160305219,2306361696,3693835373]}',1);
INSERT INTO "decisions" VALUES('harbour-again','e-fa794d5cfaa7c9b4',1,2,1,0.9601,'delta','["command"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"command: Admiral Hentzau + arrested","weight":6.56},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Admiral Hentzau","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0}]','[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}]','status_change','d-2a1892fe1339d05e','v-0642d645dd38',NULL,'outlet-0',1.0,'2026-11-23T12:48:46.211150Z','8104f90c11c0','{"core":["admiral"],"dated_at":"2026-11-23T04:48:40+00:00","delta":"d-2a1892fe1339d05e","denies":false,"development":"v-0642d645dd38","duplicate_of":null,"entities":["admiral"],"entry":"e-fa794d5cfaa7c9b4","frames":["arrest||admiral"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,336155449,376393225,1739626643,1916724902,2406259871,3226320421,3736205466,4237569031],"threads":["command"],"title_words":[336155449,1739626643,1916724902,2406259871,3226320421]}',2);
INSERT INTO "decisions" VALUES('harbour-again','e-6eedad9673cce301',1,3,1,0.9952,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]','status_change','d-165aec1c40e8435a','v-9a1fb8b12849',NULL,'outlet-0',1.0,'2026-11-23T12:48:46.211980Z','8104f90c11c0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:40+00:00","delta":"d-165aec1c40e8435a","denies":false,"development":"v-9a1fb8b12849","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-6eedad9673cce301","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',3);
INSERT INTO "decisions" VALUES('harbour-again','e-a41ae278fbd07c9e',1,4,1,0.9952,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]',NULL,NULL,'v-9a1fb8b12849','e-6eedad9673cce301','outlet-0',0.0,'2026-11-23T12:48:46.212736Z','8104f90c11c0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:48:40+00:00","delta":null,"denies":false,"development":"v-9a1fb8b12849","duplicate_of":"e-6eedad9673cce301","entities":["navy","strelsau"],"entry":"e-a41ae278fbd07c9e","frames":["withdraw|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 1","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',4);
INSERT INTO "decisions" VALUES('harbour','e-f09861a11c190de8',1,5,1,0.9701,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}]','new_development','d-bd48c3e4ea28e4b0','v-a119b48cac8c',NULL,'navy',1.0,'2026-11-23T12:48:47.444348Z','58d510825cd0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T07:48:46+00:00","delta":"d-bd48c3e4ea28e4b0","denies":false,"development":"v-a119b48cac8c","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-f09861a11c190de8","frames":["keep|navy|strelsau"],"lang":"en","on_record":true,"origin":"navy","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,1093123725,2160305219,2260198942,2306361696,3361801103,3736205466,3772597179],"threads":["crews"],"title_words":[1093123725,2160305219,2260198942,2306361696,3361801103]}',6);
INSERT INTO "decisions" VALUES('harbour-again','e-f09861a11c190de8',1,5,1,0.9701,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}]','confirmation','d-8ef3f12b585d8924','v-e881e7e77456',NULL,'navy',0.53,'2026-11-23T12:48:47.418284Z','8104f90c11c0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T07:48:46+00:00","delta":"d-8ef3f12b585d8924","denies":false,"development":"v-e881e7e77456","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-f09861a11c190de8","frames":["keep|navy|strelsau"],"lang":"en","on_record":true,"origin":"navy","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,1093123725,2160305219,2260198942,2306361696,3361801103,3736205466,3772597179],"threads":["crews"],"title_words":[1093123725,2160305219,2260198942,2306361696,3361801103]}',5);
INSERT INTO "decisions" VALUES('harbour','e-7217c83e6dc74654',2,7,0,0.475,'rejected','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":12,"field":"title","start":8},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":12,"field":"title","start":8},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":12,"field":"title","start":8},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04},{"feature":"editor","span":null,"text":"«not» ours","weight":-5.44}]','[{"entity":"navy","span":{"end":12,"field":"title","start":8},"surface":"Navy"},{"entity":"strelsau","span":{"end":42,"field":"title","start":34},"surface":"Strelsau"}]',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-23T12:48:47.433310Z','58d510825cd0',NULL,5);
INSERT INTO "decisions" VALUES('harbour-again','e-7217c83e6dc74654',2,7,1,0.9952,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.59},{"feature":"pattern_title","span":{"end":12,"field":"title","start":8},"text":"crews: Navy + Strelsau","weight":6.56},{"feature":"several_patterns","span":null,"text":null,"weight":2.12},{"feature":"pattern_with_action","span":null,"text":null,"weight":-0.26},{"feature":"core_in_title","span":{"end":12,"field":"title","start":8},"text":"Navy","weight":-0.02},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.49},{"feature":"core_opens_title","span":{"end":12,"field":"title","start":8},"text":null,"weight":0.0},{"feature":"several_core","span":null,"text":null,"weight":0.04}]','[{"entity":"navy","span":{"end":12,"field":"title","start":8},"surface":"Navy"},{"entity":"strelsau","span":{"end":42,"field":"title","start":34},"surface":"Strelsau"}]',NULL,NULL,'v-e881e7e77456',NULL,'outlet-0',0.07,'2026-11-23T12:48:47.419289Z','8104f90c11c0','{"core":["navy","strelsau"],"dated_at":"2026-11-23T12:48:45.969444+00:00","delta":"d-eb23b366c1e14fe2","denies":false,"development":"v-e881e7e77456","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-7217c83e6dc74654","frames":["deploy|navy|strelsau"],"lang":"en","on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":2,"text_words":[73602871,186403405,692410125,718272343,2160305219,2306361696,3693835373],"threads":["crews"],"title_words":[73602871,186403405,692410125,2160305219,2306361696,3693835373]}',6);
CREATE TABLE deliveries (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            webhook TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
            delta TEXT NOT NULL,
            seq INTEGER NOT NULL,
            state TEXT NOT NULL, -- waiting, delivered, dead
            attempts INTEGER NOT NULL,
            status INTEGER,
            error TEXT,
            next_attempt_at TEXT,
            last_attempt_at TEXT,
            UNIQUE (webhook, delta)
        ) STRICT;
INSERT INTO "deliveries" VALUES(1,'w-7b4605556e72c981','d-9c3b671ffe5a0713',4,'waiting',1,NULL,'no connection: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]','2026-11-23T12:48:51.723546Z','2026-11-23T12:48:46.723546Z');
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
INSERT INTO "deltas" VALUES(1,'d-32c4b4e00475c2b5','harbour','new_development','en',0.9952,'2026-11-23T12:48:46.087545Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy deploys two ships to Strelsau","span":{"end":34,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:46.087545Z","development":"v-1f87c09b4731","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-7217c83e6dc74654","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Navy deploys two ships to Strelsau","id":"d-32c4b4e00475c2b5","lang":"en","line":"Ruritanian navy deploys forces to Strelsau harbour, 2 ships (reported)","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:48:40.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"58d510825cd0","score":0.9952,"story":"harbour","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(2,'d-92e28b5d8ca8950e','harbour','status_change','en',0.9601,'2026-11-23T12:48:46.088488Z','["command"]','["admiral"]','{"added":[{"quote":"Admiral Hentzau arrested in the capital","span":{"end":39,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The admiral is held.","before":"The admiral is at large.","fact":"admiral-free","stance":"contradicts"}],"created_at":"2026-11-23T12:48:46.088488Z","development":"v-689e313ab9e1","development_title":"Arrest: Admiral Hentzau","entities":[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}],"entry":"e-fa794d5cfaa7c9b4","event":{"action":"arrest","actor":null,"date":null,"modality":"reported","negated":false,"on_record":false,"place":null,"quantity":null,"span":{"end":39,"field":"title","start":0},"speaker":null,"target":"admiral"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Admiral Hentzau arrested in the capital","id":"d-92e28b5d8ca8950e","lang":"en","line":"Arrest: Admiral Hentzau (reported) — against what was known: The admiral is at large","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"COERCE","pole":null,"published_at":"2026-11-23T04:48:40.000000Z","reason":"Against what was known: The admiral is at large. Outlet 0 reports it. Found by command: Admiral Hentzau + arrested (pattern title).","revision":1,"rules_version":"58d510825cd0","score":0.9601,"story":"harbour","supersedes":null,"threads":["command"],"type":"status_change","url":"https://outlet.test/1"}');
INSERT INTO "deltas" VALUES(3,'d-afc3ebe631b53d97','harbour','status_change','en',0.9952,'2026-11-23T12:48:46.089298Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Ruritanian navy withdraws from Strelsau harbour","span":{"end":47,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The navy leaves.","before":"The navy stays in Strelsau.","fact":"navy-stays","stance":"contradicts"}],"created_at":"2026-11-23T12:48:46.089298Z","development":"v-9f32c44d6d95","development_title":"Ruritanian navy withdraws from Strelsau harbour","entities":[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}],"entry":"e-6eedad9673cce301","event":{"action":"withdraw","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":null,"span":{"end":47,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Ruritanian navy withdraws from Strelsau harbour","id":"d-afc3ebe631b53d97","lang":"en","line":"Ruritanian navy withdraws from Strelsau harbour (reported) — against what was known: The navy stays in Strelsau","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"RETREAT","pole":null,"published_at":"2026-11-23T03:48:40.000000Z","reason":"Against what was known: The navy stays in Strelsau. Outlet 0 reports it. Found by crews: Ruritanian navy + withdraws (pattern title).","revision":1,"rules_version":"58d510825cd0","score":0.9952,"story":"harbour","supersedes":null,"threads":["crews"],"type":"status_change","url":"https://outlet.test/0"}');
INSERT INTO "deltas" VALUES(4,'d-9c3b671ffe5a0713','harbour','retraction','en',0.9952,'2026-11-23T12:48:46.150512Z','["crews"]','["navy","strelsau"]','{"added":[],"by":"editor","changes":[],"created_at":"2026-11-23T12:48:46.150512Z","development":"v-1f87c09b4731","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-7217c83e6dc74654","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-19e29055135f","first_report":false,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Navy deploys two ships to Strelsau","id":"d-9c3b671ffe5a0713","lang":"en","line":"Withdrawn by an editor: Ruritanian navy deploys forces to Strelsau harbour, 2 ships (reported)","novelty":0.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:48:40.000000Z","reason":"Withdrawn by an editor: «not» ours.","revision":1,"rules_version":"58d510825cd0","score":0.9952,"story":"harbour","supersedes":"d-32c4b4e00475c2b5","threads":["crews"],"type":"retraction","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(5,'d-eb23b366c1e14fe2','harbour-again','new_development','en',0.9952,'2026-11-23T12:48:46.210136Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy deploys two ships to Strelsau","span":{"end":34,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:46.210136Z","development":"v-e881e7e77456","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-7217c83e6dc74654","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Navy deploys two ships to Strelsau","id":"d-eb23b366c1e14fe2","lang":"en","line":"Ruritanian navy deploys forces to Strelsau harbour, 2 ships (reported)","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:48:40.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"8104f90c11c0","score":0.9952,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(6,'d-2a1892fe1339d05e','harbour-again','status_change','en',0.9601,'2026-11-23T12:48:46.211150Z','["command"]','["admiral"]','{"added":[{"quote":"Admiral Hentzau arrested in the capital","span":{"end":39,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The admiral is held.","before":"The admiral is at large.","fact":"admiral-free","stance":"contradicts"}],"created_at":"2026-11-23T12:48:46.211150Z","development":"v-0642d645dd38","development_title":"Arrest: Admiral Hentzau","entities":[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}],"entry":"e-fa794d5cfaa7c9b4","event":{"action":"arrest","actor":null,"date":null,"modality":"reported","negated":false,"on_record":false,"place":null,"quantity":null,"span":{"end":39,"field":"title","start":0},"speaker":null,"target":"admiral"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Admiral Hentzau arrested in the capital","id":"d-2a1892fe1339d05e","lang":"en","line":"Arrest: Admiral Hentzau (reported) — against what was known: The admiral is at large","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"COERCE","pole":null,"published_at":"2026-11-23T04:48:40.000000Z","reason":"Against what was known: The admiral is at large. Outlet 0 reports it. Found by command: Admiral Hentzau + arrested (pattern title).","revision":1,"rules_version":"8104f90c11c0","score":0.9601,"story":"harbour-again","supersedes":null,"threads":["command"],"type":"status_change","url":"https://outlet.test/1"}');
INSERT INTO "deltas" VALUES(7,'d-165aec1c40e8435a','harbour-again','status_change','en',0.9952,'2026-11-23T12:48:46.211980Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Ruritanian navy withdraws from Strelsau harbour","span":{"end":47,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The navy leaves.","before":"The navy stays in Strelsau.","fact":"navy-stays","stance":"contradicts"}],"created_at":"2026-11-23T12:48:46.211980Z","development":"v-9a1fb8b12849","development_title":"Ruritanian navy withdraws from Strelsau harbour","entities":[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}],"entry":"e-6eedad9673cce301","event":{"action":"withdraw","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":null,"span":{"end":47,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:45.969444Z","headline":"Ruritanian navy withdraws from Strelsau harbour","id":"d-165aec1c40e8435a","lang":"en","line":"Ruritanian navy withdraws from Strelsau harbour (reported) — against what was known: The navy stays in Strelsau","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"RETREAT","pole":null,"published_at":"2026-11-23T03:48:40.000000Z","reason":"Against what was known: The navy stays in Strelsau. Outlet 0 reports it. Found by crews: Ruritanian navy + withdraws (pattern title).","revision":1,"rules_version":"8104f90c11c0","score":0.9952,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"status_change","url":"https://outlet.test/0"}');
INSERT INTO "deltas" VALUES(8,'d-8ef3f12b585d8924','harbour-again','confirmation','en',0.9701,'2026-11-23T12:48:47.418284Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy stays in Strelsau, minister confirms","span":{"end":41,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:47.418284Z","development":"v-e881e7e77456","development_title":"Ruritanian navy deploys forces to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}],"entry":"e-f09861a11c190de8","event":{"action":"keep","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":true,"place":"strelsau","quantity":null,"span":{"end":41,"field":"title","start":0},"speaker":"navy","target":"strelsau"},"feed":"f-19e29055135f","first_report":false,"first_seen_at":"2026-11-23T12:48:47.397857Z","headline":"Navy stays in Strelsau, minister confirms","id":"d-8ef3f12b585d8924","lang":"en","line":"Ruritanian navy keeps Strelsau harbour","novelty":0.53,"origin":"navy","outlet":"Outlet 0","plover":"COOPERATE","pole":null,"published_at":"2026-11-23T07:48:46.000000Z","reason":"On the record now: navy. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"8104f90c11c0","score":0.9701,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"confirmation","url":"https://outlet.test/4"}');
INSERT INTO "deltas" VALUES(9,'d-bd48c3e4ea28e4b0','harbour','new_development','en',0.9701,'2026-11-23T12:48:47.444348Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy stays in Strelsau, minister confirms","span":{"end":41,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:48:47.444348Z","development":"v-a119b48cac8c","development_title":"Ruritanian navy keeps Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}],"entry":"e-f09861a11c190de8","event":{"action":"keep","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":true,"place":"strelsau","quantity":null,"span":{"end":41,"field":"title","start":0},"speaker":"navy","target":"strelsau"},"feed":"f-19e29055135f","first_report":true,"first_seen_at":"2026-11-23T12:48:47.397857Z","headline":"Navy stays in Strelsau, minister confirms","id":"d-bd48c3e4ea28e4b0","lang":"en","line":"Ruritanian navy keeps Strelsau harbour","novelty":1.0,"origin":"navy","outlet":"Outlet 0","plover":"COOPERATE","pole":null,"published_at":"2026-11-23T07:48:46.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"58d510825cd0","score":0.9701,"story":"harbour","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/4"}');
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
INSERT INTO "developments" VALUES('v-1f87c09b4731','harbour','["crews"]','Navy deploys two ships to Strelsau','en','Ruritanian navy deploys forces to Strelsau harbour','e-7217c83e6dc74654','2026-11-23T05:48:40.000000Z','2026-11-23T05:48:40.000000Z',0,'[]','[]');
INSERT INTO "developments" VALUES('v-689e313ab9e1','harbour','["command"]','Admiral Hentzau arrested in the capital','en','Arrest: Admiral Hentzau','e-fa794d5cfaa7c9b4','2026-11-23T04:48:40.000000Z','2026-11-23T04:48:40.000000Z',1,'["Outlet 0"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-9f32c44d6d95','harbour','["crews"]','Ruritanian navy withdraws from Strelsau harbour','en','Ruritanian navy withdraws from Strelsau harbour','e-6eedad9673cce301','2026-11-23T03:48:40.000000Z','2026-11-23T03:48:40.000000Z',2,'["Outlet 0","Outlet 1"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-e881e7e77456','harbour-again','["crews"]','Navy deploys two ships to Strelsau','en','Ruritanian navy deploys forces to Strelsau harbour','e-7217c83e6dc74654','2026-11-23T05:48:40.000000Z','2026-11-23T12:48:45.969444Z',2,'["Outlet 0"]','["outlet-0","navy"]');
INSERT INTO "developments" VALUES('v-0642d645dd38','harbour-again','["command"]','Admiral Hentzau arrested in the capital','en','Arrest: Admiral Hentzau','e-fa794d5cfaa7c9b4','2026-11-23T04:48:40.000000Z','2026-11-23T04:48:40.000000Z',1,'["Outlet 0"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-9a1fb8b12849','harbour-again','["crews"]','Ruritanian navy withdraws from Strelsau harbour','en','Ruritanian navy withdraws from Strelsau harbour','e-6eedad9673cce301','2026-11-23T03:48:40.000000Z','2026-11-23T03:48:40.000000Z',2,'["Outlet 0","Outlet 1"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-a119b48cac8c','harbour','["crews"]','Navy stays in Strelsau, minister confirms','en','Ruritanian navy keeps Strelsau harbour','e-f09861a11c190de8','2026-11-23T07:48:46.000000Z','2026-11-23T07:48:46.000000Z',1,'["Outlet 0"]','["navy"]');
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
INSERT INTO "entries" VALUES(1,'e-7217c83e6dc74654',1,'f-19e29055135f','Navy deploys two ships to Strelsau','Report 2 from «Стрелсау».','https://outlet.test/2','Outlet 0','en',NULL,'2026-11-23T05:48:40.000000Z',0,0,'2026-11-23T12:48:45.969444Z','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entries" VALUES(2,'e-fa794d5cfaa7c9b4',1,'f-19e29055135f','Admiral Hentzau arrested in the capital','Report 1 from «Стрелсау».','https://outlet.test/1','Outlet 0','en',NULL,'2026-11-23T04:48:40.000000Z',0,0,'2026-11-23T12:48:45.969444Z','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entries" VALUES(3,'e-6eedad9673cce301',1,'f-19e29055135f','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 0','en',NULL,'2026-11-23T03:48:40.000000Z',0,0,'2026-11-23T12:48:45.969444Z','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entries" VALUES(4,'e-a41ae278fbd07c9e',1,'f-6ea9be48270e','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 1','en',NULL,'2026-11-23T03:48:40.000000Z',0,0,'2026-11-23T12:48:45.976992Z','2026-11-23T12:48:45.976992Z',1);
INSERT INTO "entries" VALUES(5,'e-f09861a11c190de8',1,'f-19e29055135f','Navy stays in Strelsau, minister confirms','Report 4 from «Стрелсау».','https://outlet.test/4','Outlet 0','en',NULL,'2026-11-23T07:48:46.000000Z',0,0,'2026-11-23T12:48:47.397857Z','2026-11-23T12:48:47.397857Z',0);
INSERT INTO "entries" VALUES(6,'e-badfed84d5ae0a14',1,'f-19e29055135f','Harbour festival opens in Gdynia','Report 3 from «Стрелсау».','https://outlet.test/3','Outlet 0','en',NULL,'2026-11-23T06:48:46.000000Z',0,0,'2026-11-23T12:48:47.397857Z','2026-11-23T12:48:47.397857Z',0);
INSERT INTO "entries" VALUES(7,'e-7217c83e6dc74654',2,'f-19e29055135f','UPDATE: Navy deploys two ships to Strelsau','As corrected.','https://outlet.test/2','Outlet 0','en',NULL,NULL,0,0,'2026-11-23T12:48:45.969444Z','2026-11-23T12:48:47.397857Z',1);
CREATE TABLE entry_heads (
            entry_id TEXT PRIMARY KEY,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            revision INTEGER NOT NULL, -- the newest
            content_hash TEXT NOT NULL,
            search_text TEXT NOT NULL, -- title and summary of the newest revision, case folded
            first_seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL
        ) STRICT;
INSERT INTO "entry_heads" VALUES('e-7217c83e6dc74654','f-19e29055135f',2,'f8b4d68298f8fe2410d3bf3fe4381357','update: navy deploys two ships to strelsauas corrected.','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entry_heads" VALUES('e-fa794d5cfaa7c9b4','f-19e29055135f',1,'738e096650024014c1426a5ec04f514b','admiral hentzau arrested in the capitalreport 1 from «стрелсау».','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entry_heads" VALUES('e-6eedad9673cce301','f-19e29055135f',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:48:45.969444Z',1);
INSERT INTO "entry_heads" VALUES('e-a41ae278fbd07c9e','f-6ea9be48270e',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:48:45.976992Z',1);
INSERT INTO "entry_heads" VALUES('e-f09861a11c190de8','f-19e29055135f',1,'712f073491ed36cdea25e9e27bdd36ba','navy stays in strelsau, minister confirmsreport 4 from «стрелсау».','2026-11-23T12:48:47.397857Z',0);
INSERT INTO "entry_heads" VALUES('e-badfed84d5ae0a14','f-19e29055135f',1,'facb1d3fcfb856f8309072e5c7813777','harbour festival opens in gdyniareport 3 from «стрелсау».','2026-11-23T12:48:47.397857Z',0);
CREATE TABLE entry_keys (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            key TEXT NOT NULL,
            entry_id TEXT NOT NULL REFERENCES entry_heads (entry_id),
            PRIMARY KEY (feed_id, key)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:24c15e7e9e2a06105c1d35023e41fae9','e-f09861a11c190de8');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:483cd45ae1aced206ed3e6754b6d8d9d','e-6eedad9673cce301');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:685a92554ed143f4c543aabc9e8e0f05','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:916738e353c686bdd8f27e056a2b5e62','e-fa794d5cfaa7c9b4');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:9d9c86269eecb927680973c7da7b6d00','e-badfed84d5ae0a14');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','d:eec09d79906b8a43578198fd8432fe54','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','g:0','e-6eedad9673cce301');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','g:1','e-fa794d5cfaa7c9b4');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','g:2','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','g:3','e-badfed84d5ae0a14');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','g:4','e-f09861a11c190de8');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:1d9e4aeebc13cbe7705b762e61c12475','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:33f52ad723b69dd6e90b8b54cc3b9e44','e-fa794d5cfaa7c9b4');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:4f04ac3554407a9fd1278aced888c963','e-6eedad9673cce301');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:55c761c89a1302d248eca83798c2b02c','e-badfed84d5ae0a14');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:5f8cc8a34bf4790a062c5cebc1f4a310','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','h:99b72f5d1fe14d07aaaa459ce2a9ffed','e-f09861a11c190de8');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','l:outlet.test/0','e-6eedad9673cce301');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','l:outlet.test/1','e-fa794d5cfaa7c9b4');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','l:outlet.test/2','e-7217c83e6dc74654');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','l:outlet.test/3','e-badfed84d5ae0a14');
INSERT INTO "entry_keys" VALUES('f-19e29055135f','l:outlet.test/4','e-f09861a11c190de8');
INSERT INTO "entry_keys" VALUES('f-6ea9be48270e','d:483cd45ae1aced206ed3e6754b6d8d9d','e-a41ae278fbd07c9e');
INSERT INTO "entry_keys" VALUES('f-6ea9be48270e','g:0','e-a41ae278fbd07c9e');
INSERT INTO "entry_keys" VALUES('f-6ea9be48270e','h:4f04ac3554407a9fd1278aced888c963','e-a41ae278fbd07c9e');
INSERT INTO "entry_keys" VALUES('f-6ea9be48270e','l:outlet.test/0','e-a41ae278fbd07c9e');
CREATE TABLE facts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            story TEXT NOT NULL,
            delta TEXT NOT NULL, -- '' when none is named
            payload TEXT NOT NULL, -- JSON
            UNIQUE (story, id, delta)
        ) STRICT;
INSERT INTO "facts" VALUES(1,'v-1f87c09b4731','harbour','d-32c4b4e00475c2b5','{"action":"deploy","actor":"navy","as_of":"2026-11-23T12:48:46.087545Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-32c4b4e00475c2b5","id":"v-1f87c09b4731","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy deploys forces to Strelsau harbour","thread":"crews","value":"2 ships"}');
INSERT INTO "facts" VALUES(2,'v-689e313ab9e1','harbour','d-92e28b5d8ca8950e','{"action":"arrest","actor":null,"as_of":"2026-11-23T12:48:46.088488Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-92e28b5d8ca8950e","id":"v-689e313ab9e1","modality":"reported","negated":false,"object":"admiral","place":null,"statement":"Arrest: Admiral Hentzau","thread":"command","value":null}');
INSERT INTO "facts" VALUES(3,'v-9f32c44d6d95','harbour','d-afc3ebe631b53d97','{"action":"withdraw","actor":"navy","as_of":"2026-11-23T12:48:46.089298Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-afc3ebe631b53d97","id":"v-9f32c44d6d95","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy withdraws from Strelsau harbour","thread":"crews","value":null}');
INSERT INTO "facts" VALUES(4,'v-e881e7e77456','harbour-again','d-eb23b366c1e14fe2','{"action":"deploy","actor":"navy","as_of":"2026-11-23T12:48:46.210136Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-eb23b366c1e14fe2","id":"v-e881e7e77456","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy deploys forces to Strelsau harbour","thread":"crews","value":"2 ships"}');
INSERT INTO "facts" VALUES(5,'v-0642d645dd38','harbour-again','d-2a1892fe1339d05e','{"action":"arrest","actor":null,"as_of":"2026-11-23T12:48:46.211150Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-2a1892fe1339d05e","id":"v-0642d645dd38","modality":"reported","negated":false,"object":"admiral","place":null,"statement":"Arrest: Admiral Hentzau","thread":"command","value":null}');
INSERT INTO "facts" VALUES(6,'v-9a1fb8b12849','harbour-again','d-165aec1c40e8435a','{"action":"withdraw","actor":"navy","as_of":"2026-11-23T12:48:46.211980Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-165aec1c40e8435a","id":"v-9a1fb8b12849","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy withdraws from Strelsau harbour","thread":"crews","value":null}');
INSERT INTO "facts" VALUES(7,'v-a119b48cac8c','harbour','d-bd48c3e4ea28e4b0','{"action":"keep","actor":"navy","as_of":"2026-11-23T12:48:47.444348Z","attribution":{"on_record":true,"origin":"navy","text":"Outlet 0"},"changed_by":[],"delta":"d-bd48c3e4ea28e4b0","id":"v-a119b48cac8c","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy keeps Strelsau harbour","thread":"crews","value":null}');
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
        , host TEXT NOT NULL DEFAULT '', hints TEXT NOT NULL DEFAULT '{}', failing_since_at TEXT, moved_to TEXT, moved_since_at TEXT, items_per_day REAL NOT NULL DEFAULT 0) STRICT;
INSERT INTO "feeds" VALUES('f-19e29055135f','http://127.0.0.1:39417/a.xml','Outlet 0','en',NULL,'file','active','W/"a90cdbc04d8c"','Mon, 16 Dec 2024 10:02:00 GMT','d553520b14d6dfe62ba59643076e2451','2026-11-23T12:48:47.397857Z','2026-11-23T12:48:47.397857Z','2026-11-23T12:48:45.969444Z','2026-11-23T12:48:48.397857Z','new entries: polled more often',0,NULL,NULL,5,2,'http://127.0.0.1:39417','{}',NULL,NULL,NULL,2.85713948309046172902e-01);
INSERT INTO "feeds" VALUES('f-6ea9be48270e','http://127.0.0.1:39417/b.xml','Outlet 1','en',NULL,'file','active','W/"64211227a45b"','Mon, 16 Dec 2024 10:01:00 GMT','58754c248efa93555f4b89698ffbd278','2026-11-23T12:48:47.384723Z','2026-11-23T12:48:47.384723Z','2026-11-23T12:48:45.976992Z','2026-11-23T12:48:48.516677Z','nothing new: polled less often',0,NULL,NULL,1,2,'http://127.0.0.1:39417','{}',NULL,NULL,NULL,0.0);
INSERT INTO "feeds" VALUES('f-1a198c5b8bf8','http://127.0.0.1:39417/status/500','Outlet 2','en',NULL,'file','active',NULL,NULL,NULL,'2026-11-23T12:48:47.381163Z',NULL,NULL,'2026-11-23T12:48:49.314215Z','failed 2 times in a row: waiting longer',2,'http','http://127.0.0.1:39417/status/500 has a server error; nothing to do but wait (status 500)',0,2,'http://127.0.0.1:39417','{}','2026-11-23T12:48:45.419574Z',NULL,NULL,0.0);
INSERT INTO "feeds" VALUES('f-080af9dca87d','http://127.0.0.1:9/later.xml','Later',NULL,NULL,'api','active',NULL,NULL,NULL,'2026-11-23T12:48:46.372258Z',NULL,NULL,'2026-11-23T12:48:47.372258Z','failed once in a way that may pass: waiting longer',1,'connection','no connection to http://127.0.0.1:9/later.xml: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]',0,1,'http://127.0.0.1:9','{}','2026-11-23T12:48:46.372258Z',NULL,NULL,0.0);
CREATE TABLE judgements (
            story TEXT NOT NULL,
            entry_id TEXT NOT NULL,
            revision INTEGER NOT NULL, -- the newest when it was judged
            relevant INTEGER NOT NULL,
            note TEXT NOT NULL,
            judged_at TEXT NOT NULL,
            PRIMARY KEY (story, entry_id),
            FOREIGN KEY (entry_id, revision) REFERENCES entries (entry_id, revision)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "judgements" VALUES('harbour','e-7217c83e6dc74654',1,0,'«not» ours','2026-11-23T12:48:46.128527Z');
CREATE TABLE outages (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            began_at TEXT NOT NULL,
            ended_at TEXT, -- NULL while it lasts
            error_class TEXT NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (feed_id, began_at)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "outages" VALUES('f-080af9dca87d','2026-11-23T12:48:46.372258Z',NULL,'connection','no connection to http://127.0.0.1:9/later.xml: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]');
INSERT INTO "outages" VALUES('f-1a198c5b8bf8','2026-11-23T12:48:45.419574Z',NULL,'http','http://127.0.0.1:39417/status/500 has a server error; nothing to do but wait (status 500)');
CREATE TABLE reader_tokens (
            id TEXT PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE, -- SHA-256; the token itself is nowhere
            story TEXT,
            note TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
INSERT INTO "reader_tokens" VALUES('t-d8962f963ce3cd00','e31c717ba00751c762d754ae97e862fd2058a37da99c78fef7ce8892b7ed3ed2',NULL,'A reader','2026-11-23T12:48:46.115601Z');
CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
INSERT INTO "settings" VALUES('epoch','115769bbce104715b5dd2d2d70e8d7c4');
INSERT INTO "settings" VALUES('tag_authority','127.0.0.1');
CREATE TABLE stories (
            id TEXT PRIMARY KEY,
            source TEXT NOT NULL, -- "file" or "api"
            document TEXT NOT NULL, -- the story file as JSON
            followed INTEGER NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO "stories" VALUES('harbour','file','{"id": "harbour", "title": "The navy and its harbour", "as_of": "2025-01-20T00:00:00Z", "article": {"headline": "How the navy came to stay", "outlet": "Example Post", "published": "2025-01-20T00:00:00Z"}, "entities": [{"id": "navy", "type": "organization", "role": "core", "names": {"en": ["Ruritanian navy", "navy"]}}, {"id": "strelsau", "type": "facility", "role": "core", "names": {"en": ["Strelsau harbour", "Strelsau"]}}, {"id": "admiral", "type": "person", "role": "core", "names": {"en": ["Admiral Hentzau", "Hentzau"]}}], "threads": [{"id": "crews", "title": "The harbour", "question": "Will the navy keep its harbour?", "belongs": [["navy", "withdraw"], ["navy", "strelsau"], ["navy", "attack|deploy|negotiate|return|agree|meet"]]}, {"id": "command", "title": "The admiral", "question": "What becomes of the admiral?", "belongs": [["admiral", "flee|arrest|try|extradite|return|state|deny"]]}], "facts": [{"id": "navy-stays", "thread": "crews", "statement": "The navy stays in Strelsau.", "actor": "navy", "action": "keep", "place": "strelsau", "attribution": {"text": "two officials", "origin": "officials"}, "changed_by": [{"action": "withdraw", "with": ["navy", "strelsau"], "type": "status_change", "stance": "contradicts", "after": "The navy leaves."}, {"action": "keep", "with": ["navy"], "modality": "confirmed", "type": "confirmation", "stance": "confirms", "after": "The navy stays."}]}, {"id": "admiral-free", "thread": "command", "statement": "The admiral is at large.", "actor": "admiral", "attribution": {"text": "the admiral", "origin": "admiral", "on_record": true}, "changed_by": [{"action": "arrest", "with": ["admiral"], "type": "status_change", "stance": "contradicts", "after": "The admiral is held."}]}]}',1,'2026-11-23T12:48:45.344765Z');
INSERT INTO "stories" VALUES('harbour-again','api','{"id": "harbour-again", "title": "The navy and its new harbour", "as_of": "2025-01-20T00:00:00Z", "article": {"headline": "How the navy came to stay", "outlet": "Example Post", "published": "2025-01-20T00:00:00Z"}, "entities": [{"id": "navy", "type": "organization", "role": "core", "names": {"en": ["Ruritanian navy", "navy"]}}, {"id": "strelsau", "type": "facility", "role": "core", "names": {"en": ["Strelsau harbour", "Strelsau"]}}, {"id": "admiral", "type": "person", "role": "core", "names": {"en": ["Admiral Hentzau", "Hentzau"]}}], "threads": [{"id": "crews", "title": "The harbour", "question": "Will the navy keep its new harbour?", "belongs": [["navy", "withdraw"], ["navy", "strelsau"], ["navy", "attack|deploy|negotiate|return|agree|meet"]]}, {"id": "command", "title": "The admiral", "question": "What becomes of the admiral?", "belongs": [["admiral", "flee|arrest|try|extradite|return|state|deny"]]}], "facts": [{"id": "navy-stays", "thread": "crews", "statement": "The navy stays in Strelsau.", "actor": "navy", "action": "keep", "place": "strelsau", "attribution": {"text": "two officials", "origin": "officials"}, "changed_by": [{"action": "withdraw", "with": ["navy", "strelsau"], "type": "status_change", "stance": "contradicts", "after": "The navy leaves."}, {"action": "keep", "with": ["navy"], "modality": "confirmed", "type": "confirmation", "stance": "confirms", "after": "The navy stays."}]}, {"id": "admiral-free", "thread": "command", "statement": "The admiral is at large.", "actor": "admiral", "attribution": {"text": "the admiral", "origin": "admiral", "on_record": true}, "changed_by": [{"action": "arrest", "with": ["admiral"], "type": "status_change", "stance": "contradicts", "after": "The admiral is held."}]}]}',1,'2026-11-23T12:48:46.146366Z');
CREATE TABLE story_versions (
            story TEXT PRIMARY KEY,
            version INTEGER NOT NULL
        , judged INTEGER NOT NULL DEFAULT 0, compared INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "story_versions" VALUES('harbour',8,2,5);
INSERT INTO "story_versions" VALUES('harbour-again',4,0,2);
CREATE TABLE webhooks (
            id TEXT PRIMARY KEY,
            url TEXT NOT NULL,
            story TEXT NOT NULL,
            filters TEXT NOT NULL, -- JSON
            secret TEXT NOT NULL,
            position INTEGER NOT NULL, -- seq of the last delta that was delivered or given up
            disabled TEXT, -- why; NULL while it works
            leased_until TEXT, -- another process is at it
            created_at TEXT NOT NULL
        ) STRICT;
INSERT INTO "webhooks" VALUES('w-7b4605556e72c981','http://127.0.0.1:9/hook','harbour','{}','whsec_aW52ZW50ZWQsIGFuZCBvZiBubyB1c2UgdG8gYW55Ym9keQ==',3,NULL,NULL,'2026-11-23T12:48:46.117750Z');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_due ON feeds (next_poll_at, id) WHERE state = 'active';
CREATE INDEX decisions_by_seq ON decisions (story, entry_seq);
CREATE INDEX decisions_pending ON decisions (story, entry_seq) WHERE outcome = 'pending';
CREATE INDEX decisions_compared ON decisions (story, compared_seq) WHERE compared_seq IS NOT NULL;
CREATE INDEX developments_by_last ON developments (story, last_at, id);
CREATE INDEX deltas_by_story ON deltas (story, seq);
CREATE INDEX facts_by_story ON facts (story, seq);
CREATE INDEX deliveries_state ON deliveries (webhook, state, number);
CREATE INDEX feeds_host ON feeds (host, next_poll_at) WHERE state = 'active';
CREATE INDEX outages_ended ON outages (ended_at);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',7);
INSERT INTO "sqlite_sequence" VALUES('deltas',9);
INSERT INTO "sqlite_sequence" VALUES('facts',7);
INSERT INTO "sqlite_sequence" VALUES('deliveries',1);
COMMIT;
