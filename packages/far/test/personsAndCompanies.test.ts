import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { AppError } from '@brevduva/base';
import {
  type Company,
  createRegister,
  createTableCompanyRegister,
  createTablePopulationRegister,
  type Register,
} from '../src/index.ts';
import { createFarDatabase } from './database.ts';

const ANNA = '198501011004';
const BERTIL = '198501022001';
const COMPANY: Company = {
  organizationNumber: '165590000013',
  name: 'Bolaget AB',
  form: 'AB',
  rule: { kind: 'together', signatures: 2 },
  ruleText: 'Två i förening.',
  persons: [
    { id: ANNA, name: 'Anna', isSignatory: true, isBoardMember: true, role: 'Ordförande' },
    { id: BERTIL, name: 'Bertil', isSignatory: true, isBoardMember: false },
  ],
};

describe('sample data in place of the population register and Bolagsverket', () => {
  let database: Awaited<ReturnType<typeof createFarDatabase>>;
  let register: Register;
  before(async () => {
    database = await createFarDatabase();
    register = createRegister(database.pool);
  });
  after(() => database.close());

  it('gives back persons as they were given last', async () => {
    const population = createTablePopulationRegister(database.pool);
    assert.deepEqual(await population.find(ANNA), { kind: 'unknown' });
    await register.addPersons([
      { personId: ANNA, name: 'Anna', hasProtectedIdentity: true },
      { personId: BERTIL, name: 'Bertil', deceasedOn: '2026-02-28' },
      { personId: ANNA, name: 'Anna A' },
    ]);
    const person = { name: 'Anna A', isDeceased: false, hasProtectedIdentity: false };
    assert.deepEqual(await population.find(ANNA), { kind: 'found', person });
    const dead = { name: 'Bertil', isDeceased: true, hasProtectedIdentity: false };
    assert.deepEqual(await population.find(BERTIL), { kind: 'found', person: dead });
  });

  it('gives back companies with exactly the persons given last, for every kind of rule', async () => {
    const companies = createTableCompanyRegister(database.pool);
    assert.deepEqual(await companies.find(COMPANY.organizationNumber), { kind: 'unknown' });
    for (const rule of [{ kind: 'eachAlone' }, { kind: 'board' }, { kind: 'unknown' }, COMPANY.rule] as const) {
      await register.addCompanies([{ ...COMPANY, rule }]);
      assert.deepEqual(await companies.find(COMPANY.organizationNumber), {
        kind: 'found',
        company: { ...COMPANY, rule },
      });
    }
    assert.deepEqual(await companies.findByPerson(BERTIL), { kind: 'found', companies: [COMPANY] });
    const alone = { ...COMPANY, persons: COMPANY.persons.slice(0, 1) };
    await register.addCompanies([alone]);
    assert.deepEqual(await companies.findByPerson(BERTIL), { kind: 'found', companies: [] });
    assert.deepEqual(await companies.findByPerson(ANNA), { kind: 'found', companies: [alone] });
  });

  it('refuses all for one fault, and names every one without its number', async () => {
    await refused(
      register.addPersons([
        { personId: ANNA, name: 'X' },
        { personId: '198501011005', name: 'X' },
        { personId: BERTIL, name: 'X', deceasedOn: 'igår' },
      ]),
      'FAR_INVALID_IDENTITY',
      ['/persons/1/personId', '/persons/2/deceasedOn'],
    );
    const [anna] = COMPANY.persons;
    assert.ok(anna !== undefined);
    await refused(
      register.addCompanies([
        { ...COMPANY, name: 'Ändrat' },
        {
          ...COMPANY,
          organizationNumber: '5590000013',
          name: '',
          rule: { kind: 'together', signatures: 1 },
          persons: [anna, { ...anna, id: COMPANY.organizationNumber }, anna],
        },
      ]),
      'FAR_INVALID_ORGANIZATION',
      [
        '/companies/1/organizationNumber',
        '/companies/1/persons/1/id',
        '/companies/1/name',
        '/companies/1/rule/signatures',
        '/companies/1/persons',
      ],
    );
    const consent = { company: ANNA, person: COMPANY.organizationNumber, grantType: 'ConsentRead' } as const;
    const places = ['/consents/0/company', '/consents/0/person'];
    await refused(register.grantConsents([consent]), 'FAR_INVALID_IDENTITY', places);
    await assert.rejects(async () => register.cancelConsent(consent), { code: 'FAR_INVALID_IDENTITY' });
    const found = await createTableCompanyRegister(database.pool).find(COMPANY.organizationNumber);
    assert.equal(found.kind === 'found' && found.company.name, 'Bolaget AB');
  });
});

async function refused(work: Promise<unknown>, code: string, paths: readonly string[]): Promise<void> {
  await assert.rejects(work, (err: unknown) => {
    assert.ok(err instanceof AppError, String(err));
    assert.equal(err.code, code);
    assert.deepEqual(
      err.faults.map((fault) => fault.path),
      paths,
    );
    assert.doesNotMatch(JSON.stringify(err.faults), /\d{10}/);
    return true;
  });
}
