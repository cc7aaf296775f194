-- Notes that somebody is at work in a draft, and forgets who has long gone, in whatever draft; those whom another
-- transaction forgets or notes at this moment are left to it. Index: draft_presence_pkey; the table has a row for each
-- planner at work.
WITH forgotten AS (
    DELETE FROM draft_presence
    WHERE (plan_id, account) IN (
        SELECT plan_id, account
        FROM draft_presence
        WHERE seen < now() - INTERVAL '10 minutes' AND (plan_id, account) <> (:plan_id, :account)
        FOR UPDATE SKIP LOCKED
    )
)
INSERT INTO draft_presence (plan_id, account, doing)
VALUES (:plan_id, :account, :doing)
ON CONFLICT (plan_id, account) DO UPDATE SET doing = EXCLUDED.doing, seen = now()
