/**
 * Days as whole numbers: days since 1970-01-01 (UTC), so that a day is one number in data, state and arithmetic.
 */
(function (outposts) {
  "use strict";

  const MS = 86400000;

  /**
   * The day of a calendar date; months count from 1.
   * @param {number} year
   * @param {number} month
   * @param {number} date
   * @returns {number}
   */
  function of(year, month, date) {
    const time = new Date(0);
    time.setUTCFullYear(year, month - 1, date);
    return Math.round(time.getTime() / MS);
  }

  /**
   * The calendar date of a day; months count from 1.
   * @param {number} day
   * @returns {{year: number, month: number, date: number}}
   */
  function fields(day) {
    const time = new Date(day * MS);
    return {year: time.getUTCFullYear(), month: time.getUTCMonth() + 1, date: time.getUTCDate()};
  }

  /**
   * The day as `YYYY-MM-DD`.
   * @param {number} day
   * @returns {string}
   */
  function iso(day) {
    return new Date(day * MS).toISOString().slice(0, 10);
  }

  /**
   * The day that `YYYY-MM-DD` names, or null where the text is no such day.
   * @param {string} text
   * @returns {number | null}
   */
  function read(text) {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
    if (!match) return null;
    const day = of(+match[1], +match[2], +match[3]);
    return iso(day) === text ? day : null;
  }

  /**
   * The same date `count` months later; the 31st becomes a month's last day.
   * @param {number} day
   * @param {number} count may be negative
   * @returns {number}
   */
  function addMonths(day, count) {
    const {year, month, date} = fields(day);
    const last = fields(of(year, month + count + 1, 0)).date;
    return of(year, month + count, Math.min(date, last));
  }

  /**
   * The first days of all months that touch the span, both ends included.
   * @param {number} first
   * @param {number} last
   * @returns {number[]}
   */
  function months(first, last) {
    const {year, month} = fields(first);
    const starts = [];
    for (let i = 0, day = of(year, month, 1); day <= last; i += 1, day = of(year, month + i, 1)) starts.push(day);
    return starts;
  }

  outposts.day = {of, fields, iso, read, addMonths, months};
})(window.outposts = window.outposts || {});
