// Package notices tells people what others did with what is theirs, and what
// became of their own work: on a page, by mail at once, by a daily mail.
//
// It owns notices with their parts, what each person wants to hear, and the hour
// of their daily mail.
//
// Invariants:
//   - While a notice is unread, what happens of its kind about the same subject
//     joins it: one line for twelve likes. What happens later begins a new one.
//   - A part has a natural key, so an event that comes twice has one effect, and a
//     like that is taken back and given again is told once.
//   - Nobody is told of what they did themselves, nor by whom they blocked or muted.
//     What moderators say is told all the same.
//   - What can no longer be seen is no longer told: the work's standing is kept
//     with the notice for the count in the bell, and asked again whenever a line
//     is shown.
//   - Only jobs write mails, one transaction each: a notice is in a mail once.
//
// It emits fan_out, mail_wanted and reacts to engagement's followed, unfollowed,
// liked, unliked, commented and comment_deleted, to the events of works that change
// what can be seen, to works.opened, media.failed, and, by way of jobs, to the
// decisions of moderators.
package notices
