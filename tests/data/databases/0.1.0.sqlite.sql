-- A database as version 0.1.0 leaves it, on invented feeds. Made by `make release-database`; never edited.
-- reader: {"cursor": "AanCl1ic6Z5A30vTZB_iXkcAAAAAAAAAAg2f-c8", "deltas": ["d-1c03deb807cc2158", "d-9b48ced22b6dcb0a", "d-53baf4cb37a2425b", "d-a7b965263f79afa5", "d-35e6b7dc9d022366", "d-f74202ef466900c6"], "read": 2, "guids": ["tag:127.0.0.1,2025-01-20:harbour/d-f74202ef466900c6", "tag:127.0.0.1,2025-01-20:harbour/d-35e6b7dc9d022366", "tag:127.0.0.1,2025-01-20:harbour/d-a7b965263f79afa5", "tag:127.0.0.1,2025-01-20:harbour/d-53baf4cb37a2425b", "tag:127.0.0.1,2025-01-20:harbour/d-9b48ced22b6dcb0a", "tag:127.0.0.1,2025-01-20:harbour/d-1c03deb807cc2158"]}
BEGIN TRANSACTION;
CREATE TABLE "_sqlite_migrations" (
   "id" INTEGER PRIMARY KEY,
   "migration_set" TEXT,
   "name" TEXT,
   "applied_at" TEXT
);
INSERT INTO "_sqlite_migrations" VALUES(1,'aftermath','m0001_feeds_and_entries','2026-11-23 12:49:04.457370+00:00');
INSERT INTO "_sqlite_migrations" VALUES(2,'aftermath','m0002_judgements','2026-11-23 12:49:04.471480+00:00');
INSERT INTO "_sqlite_migrations" VALUES(3,'aftermath','m0003_epoch','2026-11-23 12:49:04.475221+00:00');
INSERT INTO "_sqlite_migrations" VALUES(4,'aftermath','m0004_feedback','2026-11-23 12:49:04.480555+00:00');
INSERT INTO "_sqlite_migrations" VALUES(5,'aftermath','m0005_compared','2026-11-23 12:49:04.483426+00:00');
INSERT INTO "_sqlite_migrations" VALUES(6,'aftermath','m0006_retention','2026-11-23 12:49:04.487514+00:00');
INSERT INTO "_sqlite_migrations" VALUES(7,'aftermath','m0007_subscribers','2026-11-23 12:49:04.494298+00:00');
INSERT INTO "_sqlite_migrations" VALUES(8,'aftermath','m0009_polling','2026-11-23 12:49:04.501528+00:00');
INSERT INTO "_sqlite_migrations" VALUES(9,'aftermath','m0011_stories','2026-11-23 12:49:04.507670+00:00');
INSERT INTO "_sqlite_migrations" VALUES(10,'aftermath','m0012_regroupings','2026-11-23 12:49:04.512709+00:00');
INSERT INTO "_sqlite_migrations" VALUES(11,'aftermath','m0013_opinions','2026-11-23 12:49:04.516495+00:00');
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
INSERT INTO "decisions" VALUES('harbour','e-b6223d2f0af1fd3e',1,1,1,0.9978,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]','status_change','d-1c03deb807cc2158','v-b0217bf673fb',NULL,'outlet-1',1.0,'2026-11-23T12:49:05.184470Z','3220555c964a','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:49:00+00:00","delta":"d-1c03deb807cc2158","denies":false,"development":"v-b0217bf673fb","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-b6223d2f0af1fd3e","frames":["withdraw|navy|strelsau"],"lang":"en","numbers":[0],"on_record":false,"origin":"outlet-1","outlet":"Outlet 1","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',1);
INSERT INTO "decisions" VALUES('harbour','e-34b771ec26c8503f',1,2,0,0.475,'rejected','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57},{"feature":"editor","span":null,"text":"«not» ours","weight":-6.21}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}]','retraction','d-35e6b7dc9d022366',NULL,NULL,NULL,NULL,'2026-11-23T12:49:05.293954Z','3220555c964a',NULL,2);
INSERT INTO "decisions" VALUES('harbour','e-ac63aceed2629d2f',1,3,1,0.9858,'delta','["command"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"command: Admiral Hentzau + arrested","weight":6.55},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Admiral Hentzau","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24}]','[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}]','status_change','d-53baf4cb37a2425b','v-964e1acfbec9',NULL,'outlet-0',1.0,'2026-11-23T12:49:05.190913Z','3220555c964a','{"core":["admiral"],"dated_at":"2026-11-23T04:49:00+00:00","delta":"d-53baf4cb37a2425b","denies":false,"development":"v-964e1acfbec9","duplicate_of":null,"entities":["admiral"],"entry":"e-ac63aceed2629d2f","frames":["arrest||admiral"],"lang":"en","numbers":[],"on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,336155449,376393225,1739626643,1916724902,2406259871,3226320421,3736205466,4237569031],"threads":["command"],"title_words":[336155449,1739626643,1916724902,2406259871,3226320421]}',3);
INSERT INTO "decisions" VALUES('harbour','e-fd5cc347a150fe9a',1,4,1,0.9978,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]',NULL,NULL,'v-b0217bf673fb','e-b6223d2f0af1fd3e','outlet-1',0.0,'2026-11-23T12:49:05.191995Z','3220555c964a','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:49:00+00:00","delta":null,"denies":false,"development":"v-b0217bf673fb","duplicate_of":"e-b6223d2f0af1fd3e","entities":["navy","strelsau"],"entry":"e-fd5cc347a150fe9a","frames":["withdraw|navy|strelsau"],"lang":"en","numbers":[0],"on_record":false,"origin":"outlet-1","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',4);
INSERT INTO "decisions" VALUES('harbour-again','e-b6223d2f0af1fd3e',1,1,1,0.9978,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]','status_change','d-3b501b05ec1f5eda','v-f211dc45ee2a',NULL,'outlet-1',1.0,'2026-11-23T12:49:05.327545Z','9847ab904736','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:49:00+00:00","delta":"d-3b501b05ec1f5eda","denies":false,"development":"v-f211dc45ee2a","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-b6223d2f0af1fd3e","frames":["withdraw|navy|strelsau"],"lang":"en","numbers":[0],"on_record":false,"origin":"outlet-1","outlet":"Outlet 1","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',1);
INSERT INTO "decisions" VALUES('harbour-again','e-34b771ec26c8503f',1,2,1,0.9978,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}]','new_development','d-3a6d4d619479b31c','v-36781b68e0da',NULL,'outlet-0',1.0,'2026-11-23T12:49:05.328749Z','9847ab904736','{"core":["navy","strelsau"],"dated_at":"2026-11-23T05:49:00+00:00","delta":"d-3a6d4d619479b31c","denies":false,"development":"v-36781b68e0da","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-34b771ec26c8503f","frames":["deploy|navy|strelsau"],"lang":"en","numbers":[2],"on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":1,"text_words":[186403405,213641090,376393225,692410125,2160305219,2306361696,3693835373,3736205466,4140271635],"threads":["crews"],"title_words":[186403405,692410125,2160305219,2306361696,3693835373]}',2);
INSERT INTO "decisions" VALUES('harbour-again','e-ac63aceed2629d2f',1,3,1,0.9858,'delta','["command"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"command: Admiral Hentzau + arrested","weight":6.55},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Admiral Hentzau","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24}]','[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}]','status_change','d-77f78b35e33e8127','v-4f494846d127',NULL,'outlet-0',1.0,'2026-11-23T12:49:05.330069Z','9847ab904736','{"core":["admiral"],"dated_at":"2026-11-23T04:49:00+00:00","delta":"d-77f78b35e33e8127","denies":false,"development":"v-4f494846d127","duplicate_of":null,"entities":["admiral"],"entry":"e-ac63aceed2629d2f","frames":["arrest||admiral"],"lang":"en","numbers":[],"on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,336155449,376393225,1739626643,1916724902,2406259871,3226320421,3736205466,4237569031],"threads":["command"],"title_words":[336155449,1739626643,1916724902,2406259871,3226320421]}',3);
INSERT INTO "decisions" VALUES('harbour-again','e-fd5cc347a150fe9a',1,4,1,0.9978,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":15,"field":"title","start":0},"text":"crews: Ruritanian navy + withdraws","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":15,"field":"title","start":0},"text":"Ruritanian navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":15,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}]',NULL,NULL,'v-f211dc45ee2a','e-b6223d2f0af1fd3e','outlet-1',0.0,'2026-11-23T12:49:05.331209Z','9847ab904736','{"core":["navy","strelsau"],"dated_at":"2026-11-23T03:49:00+00:00","delta":null,"denies":false,"development":"v-f211dc45ee2a","duplicate_of":"e-b6223d2f0af1fd3e","entities":["navy","strelsau"],"entry":"e-fd5cc347a150fe9a","frames":["withdraw|navy|strelsau"],"lang":"en","numbers":[0],"on_record":false,"origin":"outlet-1","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,650907493,872845860,2160305219,2306361696,2481403601,2655051595,3736205466],"threads":["crews"],"title_words":[213641090,650907493,2160305219,2306361696,2481403601,2655051595]}',4);
INSERT INTO "decisions" VALUES('harbour','e-66c8e4f018ac9454',1,5,1,0.9517,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}]','new_development','d-f74202ef466900c6','v-bebace368d1d',NULL,'navy',1.0,'2026-11-23T12:49:06.604686Z','3220555c964a','{"core":["navy","strelsau"],"dated_at":"2026-11-23T07:49:05+00:00","delta":"d-f74202ef466900c6","denies":false,"development":"v-bebace368d1d","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-66c8e4f018ac9454","frames":["keep|navy|strelsau"],"lang":"en","numbers":[4],"on_record":true,"origin":"navy","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,1093123725,2160305219,2260198942,2306361696,3361801103,3736205466,3772597179],"threads":["crews"],"title_words":[1093123725,2160305219,2260198942,2306361696,3361801103]}',6);
INSERT INTO "decisions" VALUES('harbour-again','e-66c8e4f018ac9454',1,5,1,0.9517,'delta','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":4,"field":"title","start":0},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"core_in_title","span":{"end":4,"field":"title","start":0},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":4,"field":"title","start":0},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}]','confirmation','d-e8eb323035f6e6b9','v-36781b68e0da',NULL,'navy',0.53,'2026-11-23T12:49:06.584554Z','9847ab904736','{"core":["navy","strelsau"],"dated_at":"2026-11-23T07:49:05+00:00","delta":"d-e8eb323035f6e6b9","denies":false,"development":"v-36781b68e0da","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-66c8e4f018ac9454","frames":["keep|navy|strelsau"],"lang":"en","numbers":[4],"on_record":true,"origin":"navy","outlet":"Outlet 0","polarity":["+"],"quantities":{},"retracted":false,"revision":1,"text_words":[213641090,376393225,1093123725,2160305219,2260198942,2306361696,3361801103,3736205466,3772597179],"threads":["crews"],"title_words":[1093123725,2160305219,2260198942,2306361696,3361801103]}',5);
INSERT INTO "decisions" VALUES('harbour','e-34b771ec26c8503f',2,7,0,0.475,'rejected','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":12,"field":"title","start":8},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":12,"field":"title","start":8},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":12,"field":"title","start":8},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57},{"feature":"editor","span":null,"text":"«not» ours","weight":-6.21}]','[{"entity":"navy","span":{"end":12,"field":"title","start":8},"surface":"Navy"},{"entity":"strelsau","span":{"end":42,"field":"title","start":34},"surface":"Strelsau"}]',NULL,NULL,NULL,NULL,NULL,NULL,'2026-11-23T12:49:06.591827Z','3220555c964a',NULL,5);
INSERT INTO "decisions" VALUES('harbour-again','e-34b771ec26c8503f',2,7,1,0.9978,'repeat','["crews"]','[{"feature":"base","span":null,"text":null,"weight":-3.92},{"feature":"pattern_title","span":{"end":12,"field":"title","start":8},"text":"crews: Navy + Strelsau","weight":6.55},{"feature":"several_patterns","span":null,"text":null,"weight":2.44},{"feature":"pattern_with_action","span":null,"text":null,"weight":0.69},{"feature":"core_in_title","span":{"end":12,"field":"title","start":8},"text":"Navy","weight":0.49},{"feature":"core_and_action_in_title","span":null,"text":null,"weight":0.67},{"feature":"core_opens_title","span":{"end":12,"field":"title","start":8},"text":null,"weight":-0.24},{"feature":"several_core","span":null,"text":null,"weight":-0.57}]','[{"entity":"navy","span":{"end":12,"field":"title","start":8},"surface":"Navy"},{"entity":"strelsau","span":{"end":42,"field":"title","start":34},"surface":"Strelsau"}]',NULL,NULL,'v-36781b68e0da',NULL,'outlet-0',0.07,'2026-11-23T12:49:06.586255Z','9847ab904736','{"core":["navy","strelsau"],"dated_at":"2026-11-23T12:49:05.044749+00:00","delta":"d-3a6d4d619479b31c","denies":false,"development":"v-36781b68e0da","duplicate_of":null,"entities":["navy","strelsau"],"entry":"e-34b771ec26c8503f","frames":["deploy|navy|strelsau"],"lang":"en","numbers":[2],"on_record":false,"origin":"outlet-0","outlet":"Outlet 0","polarity":["+"],"quantities":{"ships":2},"retracted":false,"revision":2,"text_words":[73602871,186403405,692410125,718272343,2160305219,2306361696,3693835373],"threads":["crews"],"title_words":[73602871,186403405,692410125,2160305219,2306361696,3693835373]}',6);
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
INSERT INTO "deliveries" VALUES(1,'w-1d0dd3a4d979e40a','d-a7b965263f79afa5',4,'waiting',1,NULL,'no connection: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]','2026-11-23T12:49:10.872793Z','2026-11-23T12:49:05.872793Z');
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
INSERT INTO "deltas" VALUES(1,'d-1c03deb807cc2158','harbour','status_change','en',0.9978,'2026-11-23T12:49:05.184470Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Ruritanian navy withdraws from Strelsau harbour","span":{"end":47,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The navy leaves.","before":"The navy stays in Strelsau.","fact":"navy-stays","stance":"contradicts"}],"created_at":"2026-11-23T12:49:05.184470Z","development":"v-b0217bf673fb","development_title":"Ruritanian navy withdraws from Strelsau harbour","entities":[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}],"entry":"e-b6223d2f0af1fd3e","event":{"action":"withdraw","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":null,"span":{"end":47,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-992860042794","first_report":true,"first_seen_at":"2026-11-23T12:49:05.005157Z","headline":"Ruritanian navy withdraws from Strelsau harbour","id":"d-1c03deb807cc2158","lang":"en","line":"Ruritanian navy withdraws from Strelsau harbour (reported) — against what was known: The navy stays in Strelsau","novelty":1.0,"origin":"outlet-1","outlet":"Outlet 1","plover":"RETREAT","pole":null,"published_at":"2026-11-23T03:49:00.000000Z","reason":"Against what was known: The navy stays in Strelsau. Outlet 1 reports it. Found by crews: Ruritanian navy + withdraws (pattern title).","revision":1,"rules_version":"3220555c964a","score":0.9978,"story":"harbour","supersedes":null,"threads":["crews"],"type":"status_change","url":"https://outlet.test/0"}');
INSERT INTO "deltas" VALUES(2,'d-9b48ced22b6dcb0a','harbour','new_development','en',0.9978,'2026-11-23T12:49:05.189479Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy deploys two ships to Strelsau","span":{"end":34,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:49:05.189479Z","development":"v-3813d10203c1","development_title":"Ruritanian navy deploys ships to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-34b771ec26c8503f","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-d74b7112aa5e","first_report":true,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Navy deploys two ships to Strelsau","id":"d-9b48ced22b6dcb0a","lang":"en","line":"Ruritanian navy deploys ships to Strelsau harbour, 2 ships (reported)","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:49:00.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"3220555c964a","score":0.9978,"story":"harbour","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(3,'d-53baf4cb37a2425b','harbour','status_change','en',0.9858,'2026-11-23T12:49:05.190913Z','["command"]','["admiral"]','{"added":[{"quote":"Admiral Hentzau arrested in the capital","span":{"end":39,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The admiral is held.","before":"The admiral is at large.","fact":"admiral-free","stance":"contradicts"}],"created_at":"2026-11-23T12:49:05.190913Z","development":"v-964e1acfbec9","development_title":"Admiral Hentzau is arrested","entities":[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}],"entry":"e-ac63aceed2629d2f","event":{"action":"arrest","actor":null,"date":null,"modality":"reported","negated":false,"on_record":false,"place":null,"quantity":null,"span":{"end":39,"field":"title","start":0},"speaker":null,"target":"admiral"},"feed":"f-d74b7112aa5e","first_report":true,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Admiral Hentzau arrested in the capital","id":"d-53baf4cb37a2425b","lang":"en","line":"Admiral Hentzau is arrested (reported) — against what was known: The admiral is at large","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"COERCE","pole":null,"published_at":"2026-11-23T04:49:00.000000Z","reason":"Against what was known: The admiral is at large. Outlet 0 reports it. Found by command: Admiral Hentzau + arrested (pattern title).","revision":1,"rules_version":"3220555c964a","score":0.9858,"story":"harbour","supersedes":null,"threads":["command"],"type":"status_change","url":"https://outlet.test/1"}');
INSERT INTO "deltas" VALUES(4,'d-a7b965263f79afa5','harbour','correction','en',0.9978,'2026-11-23T12:49:05.253321Z','["crews"]','["navy","strelsau"]','{"added":[],"by":"editor","changes":[],"created_at":"2026-11-23T12:49:05.253321Z","development":"v-964e1acfbec9","development_title":"Admiral Hentzau is arrested","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-34b771ec26c8503f","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-d74b7112aa5e","first_report":false,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Navy deploys two ships to Strelsau","id":"d-a7b965263f79afa5","lang":"en","line":"One happening: Admiral Hentzau is arrested","novelty":0.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:49:00.000000Z","reason":"One happening, says an editor: the same.","revision":1,"rules_version":"3220555c964a","score":0.9978,"story":"harbour","supersedes":"d-9b48ced22b6dcb0a","threads":["crews"],"type":"correction","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(5,'d-35e6b7dc9d022366','harbour','retraction','en',0.9978,'2026-11-23T12:49:05.293954Z','["crews"]','["navy","strelsau"]','{"added":[],"by":"editor","changes":[],"created_at":"2026-11-23T12:49:05.293954Z","development":"v-964e1acfbec9","development_title":"Admiral Hentzau is arrested","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-34b771ec26c8503f","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-d74b7112aa5e","first_report":false,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Navy deploys two ships to Strelsau","id":"d-35e6b7dc9d022366","lang":"en","line":"Withdrawn by an editor: Ruritanian navy deploys forces to Strelsau harbour, 2 ships (reported)","novelty":0.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:49:00.000000Z","reason":"Withdrawn by an editor: «not» ours.","revision":1,"rules_version":"3220555c964a","score":0.9978,"story":"harbour","supersedes":"d-a7b965263f79afa5","threads":["crews"],"type":"retraction","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(6,'d-3b501b05ec1f5eda','harbour-again','status_change','en',0.9978,'2026-11-23T12:49:05.327545Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Ruritanian navy withdraws from Strelsau harbour","span":{"end":47,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The navy leaves.","before":"The navy stays in Strelsau.","fact":"navy-stays","stance":"contradicts"}],"created_at":"2026-11-23T12:49:05.327545Z","development":"v-f211dc45ee2a","development_title":"Ruritanian navy withdraws from Strelsau harbour","entities":[{"entity":"navy","span":{"end":15,"field":"title","start":0},"surface":"Ruritanian navy"},{"entity":"strelsau","span":{"end":47,"field":"title","start":31},"surface":"Strelsau harbour"}],"entry":"e-b6223d2f0af1fd3e","event":{"action":"withdraw","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":null,"span":{"end":47,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-992860042794","first_report":true,"first_seen_at":"2026-11-23T12:49:05.005157Z","headline":"Ruritanian navy withdraws from Strelsau harbour","id":"d-3b501b05ec1f5eda","lang":"en","line":"Ruritanian navy withdraws from Strelsau harbour (reported) — against what was known: The navy stays in Strelsau","novelty":1.0,"origin":"outlet-1","outlet":"Outlet 1","plover":"RETREAT","pole":null,"published_at":"2026-11-23T03:49:00.000000Z","reason":"Against what was known: The navy stays in Strelsau. Outlet 1 reports it. Found by crews: Ruritanian navy + withdraws (pattern title).","revision":1,"rules_version":"9847ab904736","score":0.9978,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"status_change","url":"https://outlet.test/0"}');
INSERT INTO "deltas" VALUES(7,'d-3a6d4d619479b31c','harbour-again','new_development','en',0.9978,'2026-11-23T12:49:05.328749Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy deploys two ships to Strelsau","span":{"end":34,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:49:05.328749Z","development":"v-36781b68e0da","development_title":"Ruritanian navy deploys ships to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":34,"field":"title","start":26},"surface":"Strelsau"}],"entry":"e-34b771ec26c8503f","event":{"action":"deploy","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":false,"place":"strelsau","quantity":"2 ships","span":{"end":34,"field":"title","start":0},"speaker":null,"target":"strelsau"},"feed":"f-d74b7112aa5e","first_report":true,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Navy deploys two ships to Strelsau","id":"d-3a6d4d619479b31c","lang":"en","line":"Ruritanian navy deploys ships to Strelsau harbour, 2 ships (reported)","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"MOBILIZE","pole":null,"published_at":"2026-11-23T05:49:00.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"9847ab904736","score":0.9978,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/2"}');
INSERT INTO "deltas" VALUES(8,'d-77f78b35e33e8127','harbour-again','status_change','en',0.9858,'2026-11-23T12:49:05.330069Z','["command"]','["admiral"]','{"added":[{"quote":"Admiral Hentzau arrested in the capital","span":{"end":39,"field":"title","start":0}}],"by":"publisher","changes":[{"after":"The admiral is held.","before":"The admiral is at large.","fact":"admiral-free","stance":"contradicts"}],"created_at":"2026-11-23T12:49:05.330069Z","development":"v-4f494846d127","development_title":"Admiral Hentzau is arrested","entities":[{"entity":"admiral","span":{"end":15,"field":"title","start":0},"surface":"Admiral Hentzau"}],"entry":"e-ac63aceed2629d2f","event":{"action":"arrest","actor":null,"date":null,"modality":"reported","negated":false,"on_record":false,"place":null,"quantity":null,"span":{"end":39,"field":"title","start":0},"speaker":null,"target":"admiral"},"feed":"f-d74b7112aa5e","first_report":true,"first_seen_at":"2026-11-23T12:49:05.044749Z","headline":"Admiral Hentzau arrested in the capital","id":"d-77f78b35e33e8127","lang":"en","line":"Admiral Hentzau is arrested (reported) — against what was known: The admiral is at large","novelty":1.0,"origin":"outlet-0","outlet":"Outlet 0","plover":"COERCE","pole":null,"published_at":"2026-11-23T04:49:00.000000Z","reason":"Against what was known: The admiral is at large. Outlet 0 reports it. Found by command: Admiral Hentzau + arrested (pattern title).","revision":1,"rules_version":"9847ab904736","score":0.9858,"story":"harbour-again","supersedes":null,"threads":["command"],"type":"status_change","url":"https://outlet.test/1"}');
INSERT INTO "deltas" VALUES(9,'d-e8eb323035f6e6b9','harbour-again','confirmation','en',0.9517,'2026-11-23T12:49:06.584554Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy stays in Strelsau, minister confirms","span":{"end":41,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:49:06.584554Z","development":"v-36781b68e0da","development_title":"Ruritanian navy deploys ships to Strelsau harbour","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}],"entry":"e-66c8e4f018ac9454","event":{"action":"confirm","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":true,"place":"strelsau","quantity":null,"span":{"end":41,"field":"title","start":0},"speaker":"navy","target":null},"feed":"f-d74b7112aa5e","first_report":false,"first_seen_at":"2026-11-23T12:49:06.567931Z","headline":"Navy stays in Strelsau, minister confirms","id":"d-e8eb323035f6e6b9","lang":"en","line":"Ruritanian navy gives confirmation on The harbour","novelty":0.53,"origin":"navy","outlet":"Outlet 0","plover":"SUPPORT","pole":null,"published_at":"2026-11-23T07:49:05.000000Z","reason":"On the record now: navy. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"9847ab904736","score":0.9517,"story":"harbour-again","supersedes":null,"threads":["crews"],"type":"confirmation","url":"https://outlet.test/4"}');
INSERT INTO "deltas" VALUES(10,'d-f74202ef466900c6','harbour','new_development','en',0.9517,'2026-11-23T12:49:06.604686Z','["crews"]','["navy","strelsau"]','{"added":[{"quote":"Navy stays in Strelsau, minister confirms","span":{"end":41,"field":"title","start":0}}],"by":"publisher","changes":[],"created_at":"2026-11-23T12:49:06.604686Z","development":"v-bebace368d1d","development_title":"Ruritanian navy gives confirmation","entities":[{"entity":"navy","span":{"end":4,"field":"title","start":0},"surface":"Navy"},{"entity":"strelsau","span":{"end":22,"field":"title","start":14},"surface":"Strelsau"}],"entry":"e-66c8e4f018ac9454","event":{"action":"confirm","actor":"navy","date":null,"modality":"reported","negated":false,"on_record":true,"place":"strelsau","quantity":null,"span":{"end":41,"field":"title","start":0},"speaker":"navy","target":null},"feed":"f-d74b7112aa5e","first_report":true,"first_seen_at":"2026-11-23T12:49:06.567931Z","headline":"Navy stays in Strelsau, minister confirms","id":"d-f74202ef466900c6","lang":"en","line":"Ruritanian navy gives confirmation on The harbour","novelty":1.0,"origin":"navy","outlet":"Outlet 0","plover":"SUPPORT","pole":null,"published_at":"2026-11-23T07:49:05.000000Z","reason":"First report of a new development. Outlet 0 reports it. Found by crews: Navy + Strelsau (pattern title).","revision":1,"rules_version":"3220555c964a","score":0.9517,"story":"harbour","supersedes":null,"threads":["crews"],"type":"new_development","url":"https://outlet.test/4"}');
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
INSERT INTO "developments" VALUES('v-b0217bf673fb','harbour','["crews"]','Ruritanian navy withdraws from Strelsau harbour','en','Ruritanian navy withdraws from Strelsau harbour','e-b6223d2f0af1fd3e','2026-11-23T03:49:00.000000Z','2026-11-23T03:49:00.000000Z',2,'["Outlet 1","Outlet 0"]','["outlet-1"]');
INSERT INTO "developments" VALUES('v-3813d10203c1','harbour','["crews"]','Navy deploys two ships to Strelsau','en','Ruritanian navy deploys ships to Strelsau harbour','e-34b771ec26c8503f','2026-11-23T05:49:00.000000Z','2026-11-23T05:49:00.000000Z',0,'[]','[]');
INSERT INTO "developments" VALUES('v-964e1acfbec9','harbour','["crews","command"]','Admiral Hentzau arrested in the capital','en','Admiral Hentzau is arrested','e-ac63aceed2629d2f','2026-11-23T04:49:00.000000Z','2026-11-23T04:49:00.000000Z',1,'["Outlet 0"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-f211dc45ee2a','harbour-again','["crews"]','Ruritanian navy withdraws from Strelsau harbour','en','Ruritanian navy withdraws from Strelsau harbour','e-b6223d2f0af1fd3e','2026-11-23T03:49:00.000000Z','2026-11-23T03:49:00.000000Z',2,'["Outlet 1","Outlet 0"]','["outlet-1"]');
INSERT INTO "developments" VALUES('v-36781b68e0da','harbour-again','["crews"]','Navy deploys two ships to Strelsau','en','Ruritanian navy deploys ships to Strelsau harbour','e-34b771ec26c8503f','2026-11-23T05:49:00.000000Z','2026-11-23T12:49:05.044749Z',2,'["Outlet 0"]','["outlet-0","navy"]');
INSERT INTO "developments" VALUES('v-4f494846d127','harbour-again','["command"]','Admiral Hentzau arrested in the capital','en','Admiral Hentzau is arrested','e-ac63aceed2629d2f','2026-11-23T04:49:00.000000Z','2026-11-23T04:49:00.000000Z',1,'["Outlet 0"]','["outlet-0"]');
INSERT INTO "developments" VALUES('v-bebace368d1d','harbour','["crews"]','Navy stays in Strelsau, minister confirms','en','Ruritanian navy gives confirmation','e-66c8e4f018ac9454','2026-11-23T07:49:05.000000Z','2026-11-23T07:49:05.000000Z',1,'["Outlet 0"]','["navy"]');
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
INSERT INTO "entries" VALUES(1,'e-b6223d2f0af1fd3e',1,'f-992860042794','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 1','en',NULL,'2026-11-23T03:49:00.000000Z',0,0,'2026-11-23T12:49:05.005157Z','2026-11-23T12:49:05.005157Z',1);
INSERT INTO "entries" VALUES(2,'e-34b771ec26c8503f',1,'f-d74b7112aa5e','Navy deploys two ships to Strelsau','Report 2 from «Стрелсау».','https://outlet.test/2','Outlet 0','en',NULL,'2026-11-23T05:49:00.000000Z',0,0,'2026-11-23T12:49:05.044749Z','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entries" VALUES(3,'e-ac63aceed2629d2f',1,'f-d74b7112aa5e','Admiral Hentzau arrested in the capital','Report 1 from «Стрелсау».','https://outlet.test/1','Outlet 0','en',NULL,'2026-11-23T04:49:00.000000Z',0,0,'2026-11-23T12:49:05.044749Z','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entries" VALUES(4,'e-fd5cc347a150fe9a',1,'f-d74b7112aa5e','Ruritanian navy withdraws from Strelsau harbour','Report 0 from «Стрелсау».','https://outlet.test/0','Outlet 0','en',NULL,'2026-11-23T03:49:00.000000Z',0,0,'2026-11-23T12:49:05.044749Z','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entries" VALUES(5,'e-66c8e4f018ac9454',1,'f-d74b7112aa5e','Navy stays in Strelsau, minister confirms','Report 4 from «Стрелсау».','https://outlet.test/4','Outlet 0','en',NULL,'2026-11-23T07:49:05.000000Z',0,0,'2026-11-23T12:49:06.567931Z','2026-11-23T12:49:06.567931Z',0);
INSERT INTO "entries" VALUES(6,'e-afb8b9c847115a7f',1,'f-d74b7112aa5e','Harbour festival opens in Gdynia','Report 3 from «Стрелсау».','https://outlet.test/3','Outlet 0','en',NULL,'2026-11-23T06:49:05.000000Z',0,0,'2026-11-23T12:49:06.567931Z','2026-11-23T12:49:06.567931Z',0);
INSERT INTO "entries" VALUES(7,'e-34b771ec26c8503f',2,'f-d74b7112aa5e','UPDATE: Navy deploys two ships to Strelsau','As corrected.','https://outlet.test/2','Outlet 0','en',NULL,NULL,0,0,'2026-11-23T12:49:05.044749Z','2026-11-23T12:49:06.567931Z',1);
CREATE TABLE entry_heads (
            entry_id TEXT PRIMARY KEY,
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            revision INTEGER NOT NULL, -- the newest
            content_hash TEXT NOT NULL,
            search_text TEXT NOT NULL, -- title and summary of the newest revision, case folded
            first_seen_at TEXT NOT NULL,
            backlog INTEGER NOT NULL
        ) STRICT;
INSERT INTO "entry_heads" VALUES('e-b6223d2f0af1fd3e','f-992860042794',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:49:05.005157Z',1);
INSERT INTO "entry_heads" VALUES('e-34b771ec26c8503f','f-d74b7112aa5e',2,'f8b4d68298f8fe2410d3bf3fe4381357','update: navy deploys two ships to strelsauas corrected.','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entry_heads" VALUES('e-ac63aceed2629d2f','f-d74b7112aa5e',1,'738e096650024014c1426a5ec04f514b','admiral hentzau arrested in the capitalreport 1 from «стрелсау».','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entry_heads" VALUES('e-fd5cc347a150fe9a','f-d74b7112aa5e',1,'d9d89c9f524f435712c267d43e1c2b83','ruritanian navy withdraws from strelsau harbourreport 0 from «стрелсау».','2026-11-23T12:49:05.044749Z',1);
INSERT INTO "entry_heads" VALUES('e-66c8e4f018ac9454','f-d74b7112aa5e',1,'712f073491ed36cdea25e9e27bdd36ba','navy stays in strelsau, minister confirmsreport 4 from «стрелсау».','2026-11-23T12:49:06.567931Z',0);
INSERT INTO "entry_heads" VALUES('e-afb8b9c847115a7f','f-d74b7112aa5e',1,'facb1d3fcfb856f8309072e5c7813777','harbour festival opens in gdyniareport 3 from «стрелсау».','2026-11-23T12:49:06.567931Z',0);
CREATE TABLE entry_keys (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            key TEXT NOT NULL,
            entry_id TEXT NOT NULL REFERENCES entry_heads (entry_id),
            PRIMARY KEY (feed_id, key)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "entry_keys" VALUES('f-992860042794','d:483cd45ae1aced206ed3e6754b6d8d9d','e-b6223d2f0af1fd3e');
INSERT INTO "entry_keys" VALUES('f-992860042794','g:0','e-b6223d2f0af1fd3e');
INSERT INTO "entry_keys" VALUES('f-992860042794','h:4f04ac3554407a9fd1278aced888c963','e-b6223d2f0af1fd3e');
INSERT INTO "entry_keys" VALUES('f-992860042794','l:outlet.test/0','e-b6223d2f0af1fd3e');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:24c15e7e9e2a06105c1d35023e41fae9','e-66c8e4f018ac9454');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:483cd45ae1aced206ed3e6754b6d8d9d','e-fd5cc347a150fe9a');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:685a92554ed143f4c543aabc9e8e0f05','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:916738e353c686bdd8f27e056a2b5e62','e-ac63aceed2629d2f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:9d9c86269eecb927680973c7da7b6d00','e-afb8b9c847115a7f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','d:eec09d79906b8a43578198fd8432fe54','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','g:0','e-fd5cc347a150fe9a');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','g:1','e-ac63aceed2629d2f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','g:2','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','g:3','e-afb8b9c847115a7f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','g:4','e-66c8e4f018ac9454');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:1d9e4aeebc13cbe7705b762e61c12475','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:33f52ad723b69dd6e90b8b54cc3b9e44','e-ac63aceed2629d2f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:4f04ac3554407a9fd1278aced888c963','e-fd5cc347a150fe9a');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:55c761c89a1302d248eca83798c2b02c','e-afb8b9c847115a7f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:5f8cc8a34bf4790a062c5cebc1f4a310','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','h:99b72f5d1fe14d07aaaa459ce2a9ffed','e-66c8e4f018ac9454');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','l:outlet.test/0','e-fd5cc347a150fe9a');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','l:outlet.test/1','e-ac63aceed2629d2f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','l:outlet.test/2','e-34b771ec26c8503f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','l:outlet.test/3','e-afb8b9c847115a7f');
INSERT INTO "entry_keys" VALUES('f-d74b7112aa5e','l:outlet.test/4','e-66c8e4f018ac9454');
CREATE TABLE facts (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            story TEXT NOT NULL,
            delta TEXT NOT NULL, -- '' when none is named
            payload TEXT NOT NULL, -- JSON
            UNIQUE (story, id, delta)
        ) STRICT;
INSERT INTO "facts" VALUES(1,'v-b0217bf673fb','harbour','d-1c03deb807cc2158','{"action":"withdraw","actor":"navy","as_of":"2026-11-23T12:49:05.184470Z","attribution":{"on_record":false,"origin":"outlet-1","text":"Outlet 1"},"changed_by":[],"delta":"d-1c03deb807cc2158","id":"v-b0217bf673fb","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy withdraws from Strelsau harbour","thread":"crews","value":null}');
INSERT INTO "facts" VALUES(2,'v-3813d10203c1','harbour','d-9b48ced22b6dcb0a','{"action":"deploy","actor":"navy","as_of":"2026-11-23T12:49:05.189479Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-9b48ced22b6dcb0a","id":"v-3813d10203c1","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy deploys ships to Strelsau harbour","thread":"crews","value":"2 ships"}');
INSERT INTO "facts" VALUES(3,'v-964e1acfbec9','harbour','d-53baf4cb37a2425b','{"action":"arrest","actor":null,"as_of":"2026-11-23T12:49:05.190913Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-53baf4cb37a2425b","id":"v-964e1acfbec9","modality":"reported","negated":false,"object":"admiral","place":null,"statement":"Admiral Hentzau is arrested","thread":"command","value":null}');
INSERT INTO "facts" VALUES(4,'v-f211dc45ee2a','harbour-again','d-3b501b05ec1f5eda','{"action":"withdraw","actor":"navy","as_of":"2026-11-23T12:49:05.327545Z","attribution":{"on_record":false,"origin":"outlet-1","text":"Outlet 1"},"changed_by":[],"delta":"d-3b501b05ec1f5eda","id":"v-f211dc45ee2a","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy withdraws from Strelsau harbour","thread":"crews","value":null}');
INSERT INTO "facts" VALUES(5,'v-36781b68e0da','harbour-again','d-3a6d4d619479b31c','{"action":"deploy","actor":"navy","as_of":"2026-11-23T12:49:05.328749Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-3a6d4d619479b31c","id":"v-36781b68e0da","modality":"reported","negated":false,"object":"strelsau","place":"strelsau","statement":"Ruritanian navy deploys ships to Strelsau harbour","thread":"crews","value":"2 ships"}');
INSERT INTO "facts" VALUES(6,'v-4f494846d127','harbour-again','d-77f78b35e33e8127','{"action":"arrest","actor":null,"as_of":"2026-11-23T12:49:05.330069Z","attribution":{"on_record":false,"origin":"outlet-0","text":"Outlet 0"},"changed_by":[],"delta":"d-77f78b35e33e8127","id":"v-4f494846d127","modality":"reported","negated":false,"object":"admiral","place":null,"statement":"Admiral Hentzau is arrested","thread":"command","value":null}');
INSERT INTO "facts" VALUES(7,'v-bebace368d1d','harbour','d-f74202ef466900c6','{"action":"confirm","actor":"navy","as_of":"2026-11-23T12:49:06.604686Z","attribution":{"on_record":true,"origin":"navy","text":"Outlet 0"},"changed_by":[],"delta":"d-f74202ef466900c6","id":"v-bebace368d1d","modality":"reported","negated":false,"object":null,"place":"strelsau","statement":"Ruritanian navy gives confirmation","thread":"crews","value":null}');
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
INSERT INTO "feeds" VALUES('f-d74b7112aa5e','http://127.0.0.1:38845/a.xml','Outlet 0','en',NULL,'file','active','W/"35ab84b9c167"','Mon, 16 Dec 2024 10:02:00 GMT','86f9d109462571281bb1b427e5fab986','2026-11-23T12:49:06.567931Z','2026-11-23T12:49:06.567931Z','2026-11-23T12:49:05.044749Z','2026-11-23T12:49:07.567931Z','new entries: polled more often',0,NULL,NULL,5,2,'http://127.0.0.1:38845','{}',NULL,NULL,NULL,2.85713925926675493816e-01);
INSERT INTO "feeds" VALUES('f-992860042794','http://127.0.0.1:38845/b.xml','Outlet 1','en',NULL,'file','active','W/"019ab5d88160"','Mon, 16 Dec 2024 10:01:00 GMT','8f60a0e71066b5842d03ce9ba138a814','2026-11-23T12:49:06.563111Z','2026-11-23T12:49:06.563111Z','2026-11-23T12:49:05.005157Z','2026-11-23T12:49:07.783774Z','nothing new: polled less often',0,NULL,NULL,1,2,'http://127.0.0.1:38845','{}',NULL,NULL,NULL,0.0);
INSERT INTO "feeds" VALUES('f-2564fa8aff20','http://127.0.0.1:38845/status/500','Outlet 2','en',NULL,'file','active',NULL,NULL,NULL,'2026-11-23T12:49:06.560975Z',NULL,NULL,'2026-11-23T12:49:08.663411Z','failed 2 times in a row: waiting longer',2,'http','http://127.0.0.1:38845/status/500 has a server error; nothing to do but wait (status 500)',0,2,'http://127.0.0.1:38845','{}','2026-11-23T12:49:04.582834Z',NULL,NULL,0.0);
INSERT INTO "feeds" VALUES('f-080af9dca87d','http://127.0.0.1:9/later.xml','Later',NULL,NULL,'api','active',NULL,NULL,NULL,'2026-11-23T12:49:05.559529Z',NULL,NULL,'2026-11-23T12:49:06.652943Z','failed once in a way that may pass: waiting longer',1,'connection','no connection to http://127.0.0.1:9/later.xml: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]',0,1,'http://127.0.0.1:9','{}','2026-11-23T12:49:05.559529Z',NULL,NULL,0.0);
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
INSERT INTO "judgements" VALUES('harbour','e-34b771ec26c8503f',1,0,'«not» ours','2026-11-23T12:49:05.233188Z');
CREATE TABLE opinion_days (
            day TEXT PRIMARY KEY, -- UTC, 2025-02-01
            requests INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
CREATE TABLE opinions (
            delta TEXT NOT NULL,
            model TEXT NOT NULL,
            outcome TEXT NOT NULL, -- "waiting", "given", "invalid" or "failed"
            verdict TEXT, -- JSON object, where it was given
            error TEXT,
            attempts INTEGER NOT NULL,
            next_attempt_at TEXT, -- while it waits
            asked_at TEXT NOT NULL,
            PRIMARY KEY (delta, model)
        ) STRICT, WITHOUT ROWID;
CREATE TABLE outages (
            feed_id TEXT NOT NULL REFERENCES feeds (id),
            began_at TEXT NOT NULL,
            ended_at TEXT, -- NULL while it lasts
            error_class TEXT NOT NULL,
            error TEXT NOT NULL,
            PRIMARY KEY (feed_id, began_at)
        ) STRICT, WITHOUT ROWID;
INSERT INTO "outages" VALUES('f-080af9dca87d','2026-11-23T12:49:05.559529Z',NULL,'connection','no connection to http://127.0.0.1:9/later.xml: Cannot connect to host 127.0.0.1:9 ssl:default [Connect call failed (''127.0.0.1'', 9)]');
INSERT INTO "outages" VALUES('f-2564fa8aff20','2026-11-23T12:49:04.582834Z',NULL,'http','http://127.0.0.1:38845/status/500 has a server error; nothing to do but wait (status 500)');
CREATE TABLE reader_tokens (
            id TEXT PRIMARY KEY,
            digest TEXT NOT NULL UNIQUE, -- SHA-256; the token itself is nowhere
            story TEXT,
            note TEXT NOT NULL,
            created_at TEXT NOT NULL
        ) STRICT;
INSERT INTO "reader_tokens" VALUES('t-75350c3d78b9ce9f','cffea409d6c5b1efe458f1a34d92739ac46a983fb860c5d8b5d5aff904083ec7',NULL,'A reader','2026-11-23T12:49:05.220881Z');
CREATE TABLE regroupings (
            id TEXT PRIMARY KEY, -- of the delta that tells of it
            seq INTEGER NOT NULL UNIQUE,
            story TEXT NOT NULL,
            kind TEXT NOT NULL, -- "split" or "merge"
            development TEXT NOT NULL, -- whose reports move
            target TEXT NOT NULL, -- the development they move into
            entries TEXT NOT NULL, -- JSON array; empty for a merge, which moves all
            note TEXT NOT NULL,
            ordered_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO "regroupings" VALUES('d-a7b965263f79afa5',1,'harbour','merge','v-3813d10203c1','v-964e1acfbec9','[]','the same','2026-11-23T12:49:05.228897Z');
CREATE TABLE settings (
            name TEXT PRIMARY KEY,
            value TEXT NOT NULL
        ) STRICT;
INSERT INTO "settings" VALUES('epoch','11745f3c3d9b47ffbecd5c6ef91d2d87');
INSERT INTO "settings" VALUES('tag_authority','127.0.0.1');
CREATE TABLE stories (
            id TEXT PRIMARY KEY,
            source TEXT NOT NULL, -- "file" or "api"
            document TEXT NOT NULL, -- the story file as JSON
            followed INTEGER NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
INSERT INTO "stories" VALUES('harbour','file','{"id": "harbour", "title": "The navy and its harbour", "as_of": "2025-01-20T00:00:00Z", "article": {"headline": "How the navy came to stay", "outlet": "Example Post", "published": "2025-01-20T00:00:00Z"}, "entities": [{"id": "navy", "type": "organization", "role": "core", "names": {"en": ["Ruritanian navy", "navy"]}}, {"id": "strelsau", "type": "facility", "role": "core", "names": {"en": ["Strelsau harbour", "Strelsau"]}}, {"id": "admiral", "type": "person", "role": "core", "names": {"en": ["Admiral Hentzau", "Hentzau"]}}], "threads": [{"id": "crews", "title": "The harbour", "question": "Will the navy keep its harbour?", "belongs": [["navy", "withdraw"], ["navy", "strelsau"], ["navy", "attack|deploy|negotiate|return|agree|meet"]]}, {"id": "command", "title": "The admiral", "question": "What becomes of the admiral?", "belongs": [["admiral", "flee|arrest|try|extradite|return|state|deny"]]}], "facts": [{"id": "navy-stays", "thread": "crews", "statement": "The navy stays in Strelsau.", "actor": "navy", "action": "keep", "place": "strelsau", "attribution": {"text": "two officials", "origin": "officials"}, "changed_by": [{"action": "withdraw", "with": ["navy", "strelsau"], "type": "status_change", "stance": "contradicts", "after": "The navy leaves."}, {"action": "keep", "with": ["navy"], "modality": "confirmed", "type": "confirmation", "stance": "confirms", "after": "The navy stays."}]}, {"id": "admiral-free", "thread": "command", "statement": "The admiral is at large.", "actor": "admiral", "attribution": {"text": "the admiral", "origin": "admiral", "on_record": true}, "changed_by": [{"action": "arrest", "with": ["admiral"], "type": "status_change", "stance": "contradicts", "after": "The admiral is held."}]}]}',1,'2026-11-23T12:49:04.527136Z');
INSERT INTO "stories" VALUES('harbour-again','api','{"id": "harbour-again", "title": "The navy and its new harbour", "as_of": "2025-01-20T00:00:00Z", "article": {"headline": "How the navy came to stay", "outlet": "Example Post", "published": "2025-01-20T00:00:00Z"}, "entities": [{"id": "navy", "type": "organization", "role": "core", "names": {"en": ["Ruritanian navy", "navy"]}}, {"id": "strelsau", "type": "facility", "role": "core", "names": {"en": ["Strelsau harbour", "Strelsau"]}}, {"id": "admiral", "type": "person", "role": "core", "names": {"en": ["Admiral Hentzau", "Hentzau"]}}], "threads": [{"id": "crews", "title": "The harbour", "question": "Will the navy keep its new harbour?", "belongs": [["navy", "withdraw"], ["navy", "strelsau"], ["navy", "attack|deploy|negotiate|return|agree|meet"]]}, {"id": "command", "title": "The admiral", "question": "What becomes of the admiral?", "belongs": [["admiral", "flee|arrest|try|extradite|return|state|deny"]]}], "facts": [{"id": "navy-stays", "thread": "crews", "statement": "The navy stays in Strelsau.", "actor": "navy", "action": "keep", "place": "strelsau", "attribution": {"text": "two officials", "origin": "officials"}, "changed_by": [{"action": "withdraw", "with": ["navy", "strelsau"], "type": "status_change", "stance": "contradicts", "after": "The navy leaves."}, {"action": "keep", "with": ["navy"], "modality": "confirmed", "type": "confirmation", "stance": "confirms", "after": "The navy stays."}]}, {"id": "admiral-free", "thread": "command", "statement": "The admiral is at large.", "actor": "admiral", "attribution": {"text": "the admiral", "origin": "admiral", "on_record": true}, "changed_by": [{"action": "arrest", "with": ["admiral"], "type": "status_change", "stance": "contradicts", "after": "The admiral is held."}]}]}',1,'2026-11-23T12:49:05.250139Z');
CREATE TABLE story_versions (
            story TEXT PRIMARY KEY,
            version INTEGER NOT NULL
        , judged INTEGER NOT NULL DEFAULT 0, compared INTEGER NOT NULL DEFAULT 0) STRICT, WITHOUT ROWID;
INSERT INTO "story_versions" VALUES('harbour',9,4,6);
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
INSERT INTO "webhooks" VALUES('w-1d0dd3a4d979e40a','http://127.0.0.1:9/hook','harbour','{}','whsec_aW52ZW50ZWQsIGFuZCBvZiBubyB1c2UgdG8gYW55Ym9keQ==',3,NULL,NULL,'2026-11-23T12:49:05.224698Z');
CREATE UNIQUE INDEX "idx__sqlite_migrations_migration_set_name"
    ON "_sqlite_migrations" ("migration_set", "name");
CREATE INDEX feeds_due ON feeds (next_poll_at, id) WHERE state = 'active';
CREATE INDEX decisions_by_seq ON decisions (story, entry_seq);
CREATE INDEX decisions_pending ON decisions (story, entry_seq) WHERE outcome = 'pending';
CREATE INDEX decisions_compared ON decisions (story, compared_seq) WHERE compared_seq IS NOT NULL;
CREATE INDEX developments_by_last ON developments (story, last_at, id);
CREATE INDEX deltas_by_story ON deltas (story, seq);
CREATE INDEX facts_by_story ON facts (story, seq);
CREATE INDEX decisions_by_entry ON decisions (entry_id, revision);
CREATE INDEX judgements_by_entry ON judgements (entry_id, revision);
CREATE INDEX deliveries_state ON deliveries (webhook, state, number);
CREATE INDEX feeds_host ON feeds (host, next_poll_at) WHERE state = 'active';
CREATE INDEX outages_ended ON outages (ended_at);
CREATE INDEX regroupings_by_story ON regroupings (story, seq);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('entries',7);
INSERT INTO "sqlite_sequence" VALUES('deltas',10);
INSERT INTO "sqlite_sequence" VALUES('facts',7);
INSERT INTO "sqlite_sequence" VALUES('deliveries',1);
COMMIT;
