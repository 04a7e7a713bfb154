import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkAddress } from './address.ts';
import { COUNTRIES, normalisePostcode } from './countries.ts';

describe('postcodes', () => {
  const good: Record<string, [string, string][]> = {
    GB: [
      ['sw1a1aa', 'SW1A 1AA'],
      ['M1 1AE', 'M1 1AE'],
      ['ec1a  1bb', 'EC1A 1BB'],
    ],
    US: [
      ['10001', '10001'],
      ['10001-1234', '10001-1234'],
    ],
    BR: [
      ['01310100', '01310-100'],
      ['01310-100', '01310-100'],
    ],
    NL: [['1012ab', '1012 AB']],
    SE: [['11455', '114 55']],
    PL: [['00001', '00-001']],
    PT: [['1000-001', '1000-001']],
    IE: [['d02x285', 'D02 X285']],
    MT: [['vlt1117', 'VLT 1117']],
    IN: [['110001', '110001']],
    DE: [['10178', '10178']],
  };
  for (const [country, cases] of Object.entries(good))
    it(`of ${country}`, () => {
      for (const [given, expected] of cases) assert.equal(normalisePostcode(given, country), expected);
    });

  it('of the wrong shape are none', () => {
    for (const [country, given] of [
      ['GB', '12345'],
      ['US', '1000'],
      ['US', '10001 1234'],
      ['IN', '010001'],
      ['BR', '0131010'],
      ['DE', '1017'],
      ['NL', '1012'],
      ['DE', ''],
      ['XX', '10178'],
    ] as const)
      assert.equal(normalisePostcode(given, country), undefined, `${country} ${given}`);
  });

  it('exist for all of the union, and no country is in two regions', () => {
    assert.equal(Object.values(COUNTRIES).filter(({ region }) => region === 'eu').length, 27);
    assert.equal(Object.keys(COUNTRIES).length, 31);
  });
});

describe('an address', () => {
  const usual = {
    name: 'Ada',
    line1: '1 Main St',
    city: 'Springfield',
    state: 'IL',
    postcode: '62701',
    country: 'us',
  };
  const paths = (errors: readonly { path: string[] }[]) => errors.map(({ path }) => path.join('.'));

  it('needs a state where addresses have one', () => {
    assert.deepEqual(paths(checkAddress({ ...usual, state: ' ' }, 'us').errors), ['input.state']);
    assert.equal(checkAddress(usual, 'us').fields?.state, 'IL');
  });

  it('is of the region of its person', () => {
    assert.deepEqual(paths(checkAddress(usual, 'eu').errors), ['input.country']);
  });

  it('holds no card number, but any house and telephone number', () => {
    for (const field of ['name', 'line1', 'line2', 'city'] as const) {
      const { errors } = checkAddress({ ...usual, [field]: 'No. 4242 4242 4242 4242' }, 'us');
      assert.deepEqual(paths(errors), [`input.${field}`]);
    }
    assert.deepEqual(
      checkAddress({ ...usual, line1: '123456 Main St 42', phone: '+15550100000' }, 'us').errors,
      [],
    );
  });

  it('keeps what a change leaves out, and clears what it empties', () => {
    const base = checkAddress({ ...usual, line2: 'Flat 2', phone: '+1 (555) 010-0000' }, 'us').fields!;
    const { fields } = checkAddress({ line2: '', city: 'Chicago', state: null }, 'us', base);
    assert.deepEqual(fields, { ...base, line2: null, city: 'Chicago' });
  });

  it('reports everything that is missing', () => {
    const { errors } = checkAddress({}, 'us');
    assert.deepEqual(paths(errors).sort(), ['input.city', 'input.country', 'input.line1', 'input.name']);
  });
});
