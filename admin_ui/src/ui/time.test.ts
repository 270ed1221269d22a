import { expect, it } from 'vitest';

import { ago, day, dayAndTime, localeOf, momentOf, wallTime } from './time';

it.each([
  ['2026-11-22T09:30', 'Asia/Jakarta', '2026-11-22T02:30:00.000Z'],
  ['2026-07-01T09:30', 'Europe/Berlin', '2026-07-01T07:30:00.000Z'],
  ['0002-06-15T09:30', 'UTC', '0002-06-15T09:30:00.000Z'],
  ['2026-12-31T23:59', 'America/St_Johns', '2027-01-01T03:29:00.000Z'],
  ['2026-03-29T03:00', 'Europe/Berlin', '2026-03-29T01:00:00.000Z'],
])('%s in %s is %s', (wall, zone, moment) => {
  expect(momentOf(wall, zone)?.toISOString()).toBe(moment);
  expect(wallTime(new Date(moment), zone)).toBe(wall);
});

it('says when it can not read a time', () => {
  expect(momentOf('tomorrow', 'UTC')).toBeNull();
  expect(momentOf('122031-06-15T09:30', 'UTC')).toBeNull();
  expect(momentOf('9999-12-31T23:59', 'Asia/Jakarta')).toBeNull();
});

it("shows a day on the site's clock, as the time of that day", () => {
  const late = '2026-03-01T22:30:00.000Z';
  expect(day(late, 'id', 'Asia/Jakarta')).toBe('2 Mar 2026');
  expect(day(late, 'id', 'America/New_York')).toBe('1 Mar 2026');
  expect(dayAndTime(late, 'id', 'Asia/Jakarta')).toContain('2 Mar 2026');
  expect(ago(late, 'id', 'Asia/Jakarta', Date.parse('2027-01-01'))).toBe('2 Mar 2026');
});

it("writes dates in the reader's own English", () => {
  expect(localeOf('en', ['id-ID', 'en-GB', 'en-US'])).toBe('en-GB');
  expect(localeOf('en', ['id-ID', 'en'])).toBe('en');
  expect(localeOf('id', ['en-GB'])).toBe('id');
});
