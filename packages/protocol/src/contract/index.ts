/** The whole contract: 25 schemas and five services. */
import type { ServiceContract } from '../notation/index.ts';
import { authoritySchema } from './authority.ts';
import { authorityMessagesSchema } from './authority-messages.ts';
import { commonSchema } from './common.ts';
import { commonV2Schema } from './common-v2.ts';
import { commonV3Schema } from './common-v3.ts';
import { currencyCodeSchema } from './currency-code.ts';
import { dispatcherSchema } from './dispatcher.ts';
import { invoiceSchema } from './invoice.ts';
import { messageSchema } from './message.ts';
import { messageV2Schema } from './message-v2.ts';
import { messageV3Schema } from './message-v3.ts';
import { notificationSchema } from './notification.ts';
import { notificationV2Schema } from './notification-v2.ts';
import { notificationV3Schema } from './notification-v3.ts';
import { officialMatterV3Schema } from './official-matter-v3.ts';
import { receiptSchema } from './receipt.ts';
import { recipientSchema } from './recipient.ts';
import { recipientV2Schema } from './recipient-v2.ts';
import { recipientV3Schema } from './recipient-v3.ts';
import { replySchema } from './reply.ts';
import { senderSchema } from './sender.ts';
import { authorityService } from './service/authority.ts';
import { messageService } from './service/message.ts';
import { notificationService } from './service/notification.ts';
import { recipientService } from './service/recipient.ts';
import { serviceService } from './service/service.ts';
import { serviceSchema } from './service.ts';
import { serviceV2Schema } from './service-v2.ts';
import { serviceV3Schema } from './service-v3.ts';
import { xmldsigSchema } from './xmldsig.ts';

export const CONTRACT_SCHEMAS = [
  commonSchema,
  commonV2Schema,
  commonV3Schema,
  senderSchema,
  dispatcherSchema,
  recipientSchema,
  recipientV2Schema,
  recipientV3Schema,
  authoritySchema,
  authorityMessagesSchema,
  receiptSchema,
  replySchema,
  messageSchema,
  messageV2Schema,
  messageV3Schema,
  officialMatterV3Schema,
  notificationSchema,
  notificationV2Schema,
  notificationV3Schema,
  serviceSchema,
  serviceV2Schema,
  serviceV3Schema,
  invoiceSchema,
  currencyCodeSchema,
  xmldsigSchema,
] as const;

export const CONTRACT_SERVICES: readonly ServiceContract[] = [
  recipientService,
  serviceService,
  messageService,
  notificationService,
  authorityService,
];
