-- A print job goes on where it was when its node died: held by that node's name, and read by the rules it was begun with.
alter table print_job
  add column lease_node text,
  add column settings jsonb;

-- What the person who ended a case wanted to say.
alter table hand_in_case add column note text check (note <> '');
