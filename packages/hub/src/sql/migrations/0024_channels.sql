-- Every way out that a letter can take; which of them it may take is the switch's to say.
alter table letter drop constraint letter_channel_check;
alter table letter add constraint letter_channel_check
  check (channel in ('digital', 'paper', 'notification', 'sms', 'email', 'eInvoice', 'dispatcher'));
