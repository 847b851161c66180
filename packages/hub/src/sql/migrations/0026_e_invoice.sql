-- E-invoices: where the registry said that one goes, why that way ended, and the invoice in UBL, as its system handed it in or as we made it.
alter table letter
  add column e_invoice_address jsonb,
  add column e_invoice_failure text
    check (e_invoice_failure in ('eInvoiceRejected', 'eInvoiceRulesBroken', 'eInvoiceDeadlinePassed')),
  add column invoice_xml_hash bytea,
  add foreign key (organisation_id, invoice_xml_hash) references content;
create index letter_invoice_xml on letter (organisation_id, invoice_xml_hash) where invoice_xml_hash is not null;
alter table mailing_recipient
  add column invoice_xml_hash bytea,
  add foreign key (organisation_id, invoice_xml_hash) references content;
create index mailing_recipient_invoice_xml on mailing_recipient (organisation_id, invoice_xml_hash) where invoice_xml_hash is not null;

-- What the organisation says of itself as the one who is to be paid; null: it has not said, and no invoices are written.
alter table organisation add column creditor jsonb;
alter table flow
  -- null: an invoice waits for the registry of e-invoices until a person has it
  add column e_invoice_wait_hours smallint,
  -- value added tax within the amounts; null: not known
  add column e_invoice_vat_percent smallint;
