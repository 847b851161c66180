-- When a person last let a form be tried again: a receiver that fetches has its time anew from then.
alter table form_message add column retried_at timestamptz;
