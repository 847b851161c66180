-- Each organisation's letters of a lane lie together, so that a claim sees who waits and takes from each, whatever the length of the others'.
create index letter_queue on letter (stage, lane, organisation_id, due_at) where stage is not null;
drop index letter_due;
