import { Schema } from '../notation/index.ts';
import { SealedDelivery } from './message-v2.ts';
import { SCHEMA_NAMESPACE } from './namespaces.ts';
import { NotificationDelivery } from './notification-v2.ts';

export const serviceV2Schema = new Schema({
  namespace: `${SCHEMA_NAMESPACE}/Service/v2`,
  fileName: 'Service.v2',
  prefix: 'sv2',
});

export const deliverSecure = serviceV2Schema.message('deliverSecure', { deliverSecure: SealedDelivery });
export const notify = serviceV2Schema.message('notify', { notify: NotificationDelivery });
