-- A flow may also remind of a letter that nobody has opened, by SMS or e-mail.
alter table flow drop constraint flow_unread_action_check;
alter table flow add constraint flow_unread_action_check check (unread_action in ('print', 'remind', 'nothing'));
