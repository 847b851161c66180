-- A letter whose lifetime ended before it was sent is at rest: nothing of it is sent any more.
alter table letter drop constraint letter_state_check;
alter table letter add constraint letter_state_check
  check (state in ('waiting', 'unknown', 'case', 'delivered', 'printed', 'cancelled', 'expired'));
