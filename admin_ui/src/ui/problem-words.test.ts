import { expect, it } from 'vitest';

import { Problem, fieldProblem, speakWith } from '~/data/problem';

import { problemTexts } from './problem-texts';
import { problemWords } from './problem-words';

const DATE = "String should match pattern '^[12][0-9]{3}(-(0[1-9]|1[0-2]))?$'";

it.each([
  ['string_pattern_mismatch', 'experience.0.start', DATE, 'Write a year, a month or a day: 2024, 2024-05 or 2024-05-17.'],
  ['string_pattern_mismatch', 'links.0.url', "String should match pattern '^https'", 'Write a whole address that begins with https://.'],
  ['string_pattern_mismatch', 'links.0.url', "String should match pattern '^(https?://|mailto:)'", 'Write an address that begins with https:// or mailto:.'],
  ['string_pattern_mismatch', 'navigation.0.url', "String should match pattern '^(/|https?://)$'", 'Write a path such as /new-page, or an address that begins with https://.'],
  ['string_pattern_mismatch', 'started_on', DATE, 'Write a day such as 2024-05-17.'],
  ['string_pattern_mismatch', 'strange', "String should match pattern '^x'", 'This is not written the way it has to be.'],
  ['string_too_short', 'url', 'String should have at least 8 characters', 'Write a whole address that begins with https://.'],
  ['string_too_short', 'name', 'String should have at least 1 character', 'This is needed.'],
  ['string_too_short', 'words', 'String should have at least 8 characters', 'This needs at least 8 characters.'],
  ['string_too_long', 'name', 'String should have at most 120 characters', 'This may have 120 characters at most.'],
  ['less_than_equal', 'since', 'Input should be less than or equal to 2100', 'This may be 2100 at most.'],
  ['greater_than_equal', 'since', 'Input should be greater than or equal to -1', 'This has to be at least -1.'],
  ['password_length', 'password', 'Use 15 to 256 characters.', 'Use 15 to 256 characters.'],
  ['value_error', 'title', 'must not be blank', 'This can not be blank.'],
  ['value_error', 'title', 'a rule of tomorrow', 'a rule of tomorrow'],
  ['too_many_tokens', '', 'There are 50 tokens: revoke one.', 'There are 50 tokens: revoke one.'],
  ['a_code_of_tomorrow', 'title', 'said by the server', 'said by the server'],
  ['forbidden', '', 'That is for the owner alone.', 'That is for the owner alone.'],
  ['greater_than_equal', 'since', 'without a number', 'without a number'],
])('%s of %s is said to a writer', (code, field, words, said) => {
  expect(problemWords({ code, field, words }, 'en')).toBe(said);
});

it('says every code in both languages', () => {
  for (const code of Object.keys(problemTexts.en)) {
    const words = 'from 3 to 12';
    const [en, id] = [problemWords({ code, field: '', words }, 'en'), problemWords({ code, field: '', words }, 'id')];
    if (code !== 'string_too_short') expect(id, code).not.toBe(words);
    expect(id, code).not.toBe(en);
    expect(`${en}${id}`, code).not.toMatch(/\{[nm]\}/);
  }
});

it('says a problem and its fields in the language of the moment', () => {
  let lang: 'en' | 'id' = 'en';
  speakWith((said) => problemWords(said, lang));
  const errors = [fieldProblem({ field: 'name', message: 'Field required', code: 'missing' })];
  const problem = new Problem(422, 'invalid', 'Not acceptable: name.', { errors });
  expect(problem.message).toBe('name: This is needed.');
  lang = 'id';
  expect(problem.message).toBe('name: Ini harus diisi.');
  expect(problem.errors[0]?.message).toBe('Ini harus diisi.');
  expect(new Problem(409, 'trashed', 'It lies in the trash.').message).toBe('Ini ada di sampah: pulihkan dulu.');
  expect(new Problem(422, 'invalid', 'Said alone.').message).toBe('Said alone.');
});
