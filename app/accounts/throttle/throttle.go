// Package throttle counts attempts at a lock, such as a password or a code: a few
// are free, then each waits longer than the one before. Counts stand in
// PostgreSQL, because a limit that a restart or a second process forgets is none.
package throttle

import (
	"context"
	"fmt"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// free attempts come one after the other. Each further one waits: the first of
// them for shortest, the next twice as long, up to longest. A bucket that was left
// alone for forget starts again.
const (
	free     = 5
	shortest = 30 * time.Second
	longest  = 15 * time.Minute
	forget   = 24 * time.Hour
)

// after is how long the attempt after the count-th waits.
func after(count int) time.Duration {
	if count < free {
		return 0
	}
	d := shortest
	for range count - free {
		if d *= 2; d >= longest {
			return longest
		}
	}
	return d
}

// Take counts an attempt before anything is looked at, so that a hundred at once
// are a hundred. TooMany, with the time to wait, when it comes too early; then
// nothing is counted. An empty bucket counts nothing. full tells that this one
// used up what was free.
func Take(ctx context.Context, d *db.DB, bucket string) (full bool, err error) {
	if bucket == "" {
		return false, nil
	}
	err = d.Transact(ctx, func(tx db.Tx) error {
		r, err := hold(tx, bucket)
		if err != nil {
			return err
		}
		now := tx.Now()
		if wait := r.NextAt.Sub(now); wait > 0 && wait <= longest { // more: the clock was set back
			return fault.Later(fault.TooMany, fmt.Sprintf("Too many attempts have failed. Wait %s, then try again.", inWords(wait)), wait)
		}
		if now.Sub(r.At) >= forget {
			r.Count = 0
		}
		r.Count++
		full = r.Count == free
		return set(tx, bucket, r.Count, now, now.Add(after(r.Count)))
	})
	return full, err
}

// Won ends the count of a lock that was opened.
func Won(tx db.Tx, bucket string) error {
	return tx.SQL().Exec(`delete from throttles where bucket = ?`, bucket).Error
}

// Untried takes back an attempt that was not looked at after all.
func Untried(ctx context.Context, d *db.DB, bucket string) {
	_ = d.Transact(ctx, func(tx db.Tx) error { // what fails here costs one of five attempts
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

// row is a row of throttles.
type row struct {
	Count      int
	At, NextAt time.Time
}

// hold reads a bucket, made if need be, and keeps others waiting until the end of
// the transaction.
func hold(tx db.Tx, bucket string) (r row, err error) {
	err = tx.SQL().Raw(`insert into throttles as t (bucket, count, at, next_at) values (?, 0, ?, ?)
		on conflict (bucket) do update set count = t.count returning count, at, next_at`, bucket, tx.Now(), tx.Now()).Scan(&r).Error
	return r, err
}

func set(tx db.Tx, bucket string, count int, at, next time.Time) error {
	return tx.SQL().Exec(`update throttles set count = ?, at = ?, next_at = ? where bucket = ?`, count, at, next, bucket).Error
}
