-- What a delivery of files was answered, for people: how its index was understood, its mailings, and its first rows, those with faults
-- before the others (toldRows.ts). All of it stands in the result files.
alter table file_delivery add column understood_as text not null default '';
alter table file_delivery add column mailings jsonb not null default '[]';
alter table file_delivery add column told_rows jsonb not null default '[]';
create index file_delivery_latest on file_delivery (organisation_id, claimed_at desc, id);
