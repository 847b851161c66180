import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { authorizeCompany } from '../src/recipient/authorization.ts';
import type { Company, SigningRule } from '../src/recipient/companyRegister.ts';

const IDS = ['1', '2', '3', '4'];
const company = (rule: SigningRule, boardMembers = 4, signatories = 4): Company => ({
  organizationNumber: '165590000013',
  name: 'Bolaget',
  form: 'AB',
  rule,
  ruleText: '',
  persons: IDS.map((id, index) => ({
    id,
    name: `Person ${id}`,
    isSignatory: index < signatories,
    isBoardMember: index < boardMembers,
  })),
});

/** Status after each number of signatures, from none to all four. */
function statuses(one: Company, boardSignatures: 'majority' | 'all' = 'majority'): string {
  const after = [0, 1, 2, 3, 4].map((count) => {
    const signers = IDS.slice(0, count).map((Id) => ({ Id, Name: Id }));
    return authorizeCompany(one, signers, { boardSignatures }).status;
  });
  return after.map((status) => status[0]).join('');
}

describe('whether a company has signed (FACTS i)', () => {
  it('each alone: with one', () => assert.equal(statuses(company({ kind: 'eachAlone' })), 'ICCCC'));

  it('two or three together: with as many', () => {
    assert.equal(statuses(company({ kind: 'together', signatures: 2 })), 'IICCC');
    assert.equal(statuses(company({ kind: 'together', signatures: 3 })), 'IIICC');
  });

  it('the board: with more than half of its members, or with all', () => {
    assert.equal(statuses(company({ kind: 'board' })), 'IIICC');
    assert.equal(statuses(company({ kind: 'board' }, 3)), 'IICCC');
    assert.equal(statuses(company({ kind: 'board' }, 1)), 'ICCCC');
    assert.equal(statuses(company({ kind: 'board' }), 'all'), 'IIIIC');
  });

  it('cannot be said where the rule is unknown, no one may sign, or fewer than must sign together', () => {
    assert.equal(statuses(company({ kind: 'unknown' })), 'RRRRR');
    assert.equal(statuses(company({ kind: 'eachAlone' }, 4, 0)), 'RRRRR');
    assert.equal(statuses(company({ kind: 'board' }, 0)), 'RRRRR');
    assert.equal(statuses(company({ kind: 'together', signatures: 2 }, 4, 1)), 'RRRRR');
  });

  it('counts no one who may not sign, and names who is missing', () => {
    const one = company({ kind: 'together', signatures: 2 }, 4, 3);
    const result = authorizeCompany(
      one,
      ['4', '2'].map((Id) => ({ Id, Name: 'x' })),
      { boardSignatures: 'majority' },
    );
    assert.deepEqual(result, {
      status: 'Incomplete',
      signedBy: [{ Id: '2', Name: 'x' }],
      possibleSigners: [
        { Id: '1', Name: 'Person 1' },
        { Id: '3', Name: 'Person 3' },
      ],
    });
  });
});
