import { BlockList, isIPv4, isIPv6 } from 'node:net';

/** Our own networks: let through where the configuration says so. */
const INTERNAL = blockList([
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['::1', 128],
  ['fc00::', 7],
]);
/** Nobody's address on the internet besides: this network, link-local (where clouds keep their keys), documentation, multicast, and so on. */
const NOBODY = blockList([
  ['0.0.0.0', 8],
  ['169.254.0.0', 16],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
  // Tunnels, in which an IPv4 address of any kind can hide.
  ['2001::', 32],
  ['2002::', 16],
  ['2001:db8::', 32],
]);
const GLOBAL_IPV6 = blockList([['2000::', 3]]);
const MAPPED = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

/** May a form be sent to the address? `internal` lets our own networks in too; what belongs to nobody is never let in. */
export function isAllowedAddress(address: string, network: 'public' | 'internal'): boolean {
  const plain = MAPPED.exec(address)?.[1] ?? address;
  const family = isIPv4(plain) ? 'ipv4' : isIPv6(plain) ? 'ipv6' : undefined;
  if (family === undefined || NOBODY.check(plain, family)) return false;
  if (INTERNAL.check(plain, family)) return network === 'internal';
  return family === 'ipv4' || GLOBAL_IPV6.check(plain, family);
}

function blockList(subnets: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [net, prefix] of subnets) list.addSubnet(net, prefix, net.includes(':') ? 'ipv6' : 'ipv4');
  return list;
}
