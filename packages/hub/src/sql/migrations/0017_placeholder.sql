-- Placeholders: text with places to fill, and what each recipient has for them.
-- Null: made before there were any, and sent as it stands. See src/mailing/mailingText.ts.
alter table mailing add column placeholders jsonb;
-- The values that the text uses, encrypted and bound to the letter's id; null where the text goes as it stands. Content: erased with it.
alter table mailing_recipient add column sealed_values bytea;
alter table letter add column sealed_values bytea;
