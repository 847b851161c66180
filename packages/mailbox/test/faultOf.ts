import assert from 'node:assert/strict';

interface Refusal {
  kind: string;
  fault: { errorCode: number; description: string; callId: string };
}

/** For `assert.rejects`: the call was answered with the contract's fault of that code (or one of those), which says so. */
export function faultOf(errorCodes: number | readonly number[], text = /./): (err: Refusal) => true {
  return (err) => {
    assert.equal(err.kind, 'fault', String(err));
    const { errorCode, description, callId } = err.fault;
    assert.ok([errorCodes].flat().includes(errorCode), `${errorCode}, not ${errorCodes}: ${description}`);
    assert.match(description, text);
    assert.match(callId, /^.{20,50}$/);
    return true;
  };
}
