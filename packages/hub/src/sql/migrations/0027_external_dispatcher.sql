-- Somebody else's dispatchers, whom the organisation hands letters to.
alter table organisation add column dispatchers jsonb not null default '[]';
-- Code of one of them, or 'own'; null: the one for all flows, if there is one.
alter table flow add column dispatcher text;
-- What the external dispatcher calls the letter.
alter table letter add column distribution_id text;
