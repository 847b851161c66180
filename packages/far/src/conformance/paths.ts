/** On the listener with mutual TLS: each party sees its own checklist there, and nobody else's. */
export const CONFORMANCE_PATH = '/webservice/conformance';
