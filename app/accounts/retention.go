package accounts

import (
	"context"

	"vitrine/app/platform/db"
)

// Forget removes what is over: sessions, links and waiting logins that expired,
// sign-ups and second factors that nobody proved, counts of attempts, browsers
// not seen for KnownLife, changes of address after 30 days and tokens of programs 30 days after their end, at most 5,000 of each, and says how many rows went; the
// retention job repeats it until none do. Links are kept a week beyond their
// end, so that an old mail leads to a page that explains itself.
func (s *Service) Forget(_ context.Context, tx db.Tx) (int64, error) {
	var total int64
	for _, q := range []string{
		`delete from sessions where id in (select id from sessions where expires_at < ? limit 5000)`,
		`delete from pending_logins where id in (select id from pending_logins where expires_at < ? limit 5000)`,
		`delete from throttles where bucket in (select bucket from throttles where at < ?::timestamptz - interval '2 days' limit 5000)`,
		`delete from second_factors where user_id in (select user_id from second_factors where confirmed_at is null and created_at < ?::timestamptz - interval '2 days' limit 5000)`,
		`delete from known_browsers where id in (select id from known_browsers where seen_at < ?::timestamptz - interval '400 days' limit 5000)`,
		`delete from address_changes where id in (select id from address_changes where created_at < ?::timestamptz - interval '30 days' limit 5000)`,
		`delete from api_tokens where id in (select id from api_tokens where expires_at < ?::timestamptz - interval '30 days' limit 5000)`,
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
