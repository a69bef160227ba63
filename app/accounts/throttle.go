package accounts

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// pace says how many attempts are free, and how long one waits after those: each
// further one twice as long as the one before, up to most. A bucket that was left
// alone for forget starts again.
type pace struct {
	free        int
	first, most time.Duration
	forget      time.Duration
}

// guessing is for one lock: a password, a second factor.
var guessing = pace{free: 5, first: 30 * time.Second, most: 15 * time.Minute, forget: 24 * time.Hour}

// wait is how long the attempt after the count-th has to wait.
func (p pace) wait(count int) time.Duration {
	if count < p.free {
		return 0
	}
	d := p.first
	for range count - p.free {
		if d *= 2; d >= p.most {
			return p.most
		}
	}
	return d
}

// Attempts are counted for the lock that they are made at, in a bucket of its
// own. How many come from one address of the net is the route's to bound.

// loginBucket counts passwords for an address of mail, whether it has an account
// or not. A browser that the person has signed in with before counts by itself,
// so that others' attempts do not keep it out.
func loginBucket(key string, browser uuid.UUID) string {
	switch {
	case browser != uuid.Nil:
		return "browser:" + browser.String()
	case key == "":
		return "" // no address at all: nothing can be guessed
	}
	return "account:" + digest(key)
}

// proofBucket counts passwords and codes that a session is asked for once more.
func proofBucket(session uuid.UUID) string { return "proof:" + session.String() }

// codeBucket counts codes of the second step.
func codeBucket(user, browser uuid.UUID) string {
	if browser != uuid.Nil {
		return "code:" + browser.String()
	}
	return "code:" + user.String()
}

// take counts an attempt before anything is looked at, so that a hundred at once
// are a hundred. TooMany, with the time to wait, when it comes too early; then
// nothing is counted. full tells that this one used up what was free.
func (s *Service) take(ctx context.Context, bucket string) (full bool, err error) {
	if bucket == "" {
		return false, nil
	}
	p := guessing
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		row, err := holdThrottle(tx, bucket)
		if err != nil {
			return err
		}
		now := tx.Now()
		if wait := row.NextAt.Sub(now); wait > 0 && wait <= p.most { // more: the clock was set back
			return fault.Later(fault.TooMany, fmt.Sprintf("Too many attempts have failed. Wait %s, then try again.", inWords(wait)), wait)
		}
		if now.Sub(row.At) >= p.forget {
			row.Count = 0
		}
		row.Count++
		full = row.Count == p.free
		return setThrottle(tx, bucket, row.Count, now, now.Add(p.wait(row.Count)))
	})
	return full, err
}

// won ends the count of a lock that was opened.
func won(tx db.Tx, bucket string) error {
	return tx.SQL().Exec(`delete from throttles where bucket = ?`, bucket).Error
}

// untried takes back an attempt that was not looked at after all.
func (s *Service) untried(ctx context.Context, bucket string) {
	_ = s.db.Transact(ctx, func(tx db.Tx) error { // what fails here costs one of five attempts
		return tx.SQL().Exec(`update throttles set count = greatest(count - 1, 0), next_at = at where bucket = ?`, bucket).Error
	})
}

// inWords is a time to wait, rounded up.
func inWords(d time.Duration) string {
	switch seconds := int((d + time.Second - 1) / time.Second); {
	case seconds <= 1:
		return "a second"
	case seconds <= 60:
		return fmt.Sprintf("%d seconds", seconds)
	default:
		return fmt.Sprintf("%d minutes", (seconds+59)/60)
	}
}

// throttleRow is a row of throttles.
type throttleRow struct {
	Count      int
	At, NextAt time.Time
}

// holdThrottle reads a bucket, made if need be, and keeps others waiting until
// the end of the transaction.
func holdThrottle(tx db.Tx, bucket string) (throttleRow, error) {
	return one[throttleRow](tx.SQL().Raw(`insert into throttles as t (bucket, count, at, next_at) values (?, 0, ?, ?)
		on conflict (bucket) do update set count = t.count returning count, at, next_at`, bucket, tx.Now(), tx.Now()))
}

func setThrottle(tx db.Tx, bucket string, count int, at, next time.Time) error {
	return tx.SQL().Exec(`update throttles set count = ?, at = ?, next_at = ? where bucket = ?`, count, at, next, bucket).Error
}
