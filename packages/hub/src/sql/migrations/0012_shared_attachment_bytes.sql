-- What the attachments that all get take of a letter's envelope: a letter with content of its own has them too, and is measured with them.
alter table mailing add column shared_attachment_bytes integer not null default 0;
