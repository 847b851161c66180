import { simpleParser } from 'mailparser';
import { foreignText } from './sendOutcome.ts';
import { isAddressStatus } from './smtpOutcome.ts';

/** What a mail that came to a bounce address tells of the message it is about. */
export interface DeliveryReport {
  /**
   * `failed`: it will not arrive. `delayed`: the server goes on trying. `delivered`, `relayed`: it arrived, or went on to a
   * server that tells nothing. `autoReply`: a person's holiday answer, which says nothing. `unclear`: something came back that
   * follows no standard.
   */
  readonly action: 'failed' | 'delayed' | 'delivered' | 'relayed' | 'autoReply' | 'unclear';
  /** RFC 3463: `5.1.1`. */
  readonly status?: string;
  /** Whether it is the address that does not work; else it may be the message, the policy or the moment. */
  readonly isAddressBroken: boolean;
  /** The last server's own words, without addresses. */
  readonly text?: string;
}

const PARSE_OPTIONS = {
  keepDeliveryStatus: true,
  skipHtmlToText: true,
  skipTextToHtml: true,
  skipTextLinks: true,
  skipImageLinks: true,
  maxHtmlLengthToParse: 0,
} as const;
const REPORT_CHARACTERS_MAX = 64 * 1024;

/**
 * Reads what came back for one message: a delivery status notification (RFC 3464), an automatic answer (RFC 3834), or
 * neither. Which message it is about is told by the address it came to, not by anything in it.
 */
export async function readDeliveryReport(mail: Buffer): Promise<DeliveryReport> {
  const parsed = await simpleParser(mail, PARSE_OPTIONS);
  const status = parsed.attachments.find((each) => each.contentType === 'message/delivery-status');
  if (status !== undefined) {
    return fromFields(status.content.toString('utf8', 0, REPORT_CHARACTERS_MAX));
  }
  const auto = String(parsed.headers.get('auto-submitted') ?? '').toLowerCase();
  const isAutoReply = auto.startsWith('auto-replied') || parsed.headers.has('x-autoreply');
  return { action: isAutoReply ? 'autoReply' : 'unclear', isAddressBroken: false };
}

const ACTIONS: Readonly<Record<string, DeliveryReport['action']>> = {
  failed: 'failed',
  delayed: 'delayed',
  delivered: 'delivered',
  relayed: 'relayed',
  expanded: 'relayed',
};

/** The first recipient's group that has an action: our messages have one recipient each. */
function fromFields(text: string): DeliveryReport {
  const groups = text
    .replace(/\r\n?/g, '\n')
    .split(/\n\s*\n/)
    .map(readFields);
  const recipient = groups.find((each) => each.has('action'));
  const action = ACTIONS[recipient?.get('action')?.toLowerCase() ?? ''] ?? 'unclear';
  const status = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(recipient?.get('status') ?? '')?.[0];
  const words = recipient?.get('diagnostic-code')?.replace(/^[\w-]+\s*;\s*/, '');
  return {
    action,
    ...(status === undefined ? {} : { status }),
    isAddressBroken: action === 'failed' && status !== undefined && isAddressStatus(status),
    ...(words === undefined ? {} : { text: foreignText(words) }),
  };
}

/** RFC 822 fields with folded lines; the first of a name counts. */
function readFields(group: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of group.replace(/\n[ \t]+/g, ' ').split('\n')) {
    const [, name, value] = /^([\w-]+):\s*(.*)$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined && !fields.has(name.toLowerCase())) {
      fields.set(name.toLowerCase(), value.trim());
    }
  }
  return fields;
}
