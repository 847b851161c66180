-- What the recipient is to pay by a letter: due date, amount in hundredths, currency, account, reference. JSON, since it is only ever
-- carried as a whole; sums are taken of (invoice->>'amountHundredths')::bigint. Null again when retention erases the content: reference and
-- account tell of a person's debt.
alter table letter add column invoice jsonb check (jsonb_typeof(invoice->'amountHundredths') = 'number');
alter table mailing_recipient add column invoice jsonb check (jsonb_typeof(invoice->'amountHundredths') = 'number');
