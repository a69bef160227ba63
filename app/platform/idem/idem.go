// Package idem makes a write that a person can repeat have one effect: the
// double click, the retry after a lost answer, the back button. The form
// carries a key; the key's row is inserted in the effect's own transaction, so
// the effect and the memory of it are committed together or not at all.
package idem

import (
	"context"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
)

// Keep is how long a key is remembered; afterwards a repeat counts as new.
const Keep = 30 * 24 * time.Hour

// NewKey makes a key for the hidden field of a form.
func NewKey() string { return id.New().String() }

// Valid tells whether a key may be used: 16 to 64 letters, digits, "-" or "_".
func Valid(key string) bool {
	if len(key) < 16 || len(key) > 64 {
		return false
	}
	for i := range len(key) {
		c := key[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// Claim takes the key for this transaction. On a repeat it gives the result of
// the first time, and the caller answers with that and does nothing else. Two
// transactions with the same key wait for one another: the second sees the
// first one's result, or takes the key if the first rolled back.
//
// The scope names the person and the action ("works.publish:<user id>"), so
// that nobody can replay another's key. An unusable key is Invalid.
func Claim(_ context.Context, tx db.Tx, scope, key string) (prior string, repeated bool, err error) {
	if !Valid(key) {
		return "", false, fault.New(fault.Invalid, "This form has lost its key. Open the page again; what you typed is kept by your browser if you go back.")
	}
	res := tx.SQL().Exec(`insert into idempotency_keys (scope, key, created_at) values (?, ?, ?) on conflict do nothing`, scope, key, tx.Now())
	if res.Error != nil {
		return "", false, res.Error
	}
	if res.RowsAffected == 1 {
		return "", false, nil
	}
	err = tx.SQL().Raw(`select result from idempotency_keys where scope = ? and key = ?`, scope, key).Row().Scan(&prior)
	return prior, true, err
}

// Finish stores what a repeat will be answered with, usually the URL of the 303.
func Finish(_ context.Context, tx db.Tx, scope, key, result string) error {
	return tx.SQL().Exec(`update idempotency_keys set result = ? where scope = ? and key = ?`, result, scope, key).Error
}

// Forget removes keys older than Keep, at most 5,000 at a time, and says how
// many; the retention job repeats it until none are left.
func Forget(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from idempotency_keys where (scope, key) in (
		select scope, key from idempotency_keys where created_at < ? order by created_at limit 5000)`, tx.Now().Add(-Keep))
	return res.RowsAffected, res.Error
}
