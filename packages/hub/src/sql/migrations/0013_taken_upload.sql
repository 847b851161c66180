-- Until when one request makes the mailing of the file: a double click makes one. A node that dies meanwhile leaves it to be taken again.
alter table mailing_upload add column taken_until timestamptz;
