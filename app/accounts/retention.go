package accounts

import (
	"context"

	"vitrine/app/platform/db"
)

// Forget removes what is over: sessions and links that expired, sign-ups that
// nobody proved, at most 5,000 of each, and says how many rows went; the
// retention job repeats it until none do. Links are kept a week beyond their
// end, so that an old mail leads to a page that explains itself.
func (s *Service) Forget(_ context.Context, tx db.Tx) (int64, error) {
	var total int64
	for _, q := range []string{
		`delete from sessions where id in (select id from sessions where expires_at < ? limit 5000)`,
		`delete from links where id in (select id from links where expires_at < ?::timestamptz - interval '7 days' limit 5000)`,
	} {
		res := tx.SQL().Exec(q, tx.Now())
		if res.Error != nil {
			return total, res.Error
		}
		total += res.RowsAffected
	}
	// A sign-up whose link was made again may still have living links.
	res := tx.SQL().Exec(`delete from signups where id in (
		select s.id from signups s where s.created_at < ?
		and not exists (select from links l where l.signup_id = s.id) limit 5000)`, tx.Now().Add(-signupLife))
	return total + res.RowsAffected, res.Error
}
