package accounts

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
)

// Person is somebody who is made without a sign-up, for demo and load data.
type Person struct {
	ID    uuid.UUID
	Email string
	Name  string
}

// Provision makes people who cannot sign in until they reset their password.
// An address that has an account already is left as it is. Many rows go in one
// statement. Invalid when an address or a name cannot be used.
func (s *Service) Provision(_ context.Context, tx db.Tx, people []Person) (err error) {
	defer fault.Wrap(&err, "accounts.Provision(%d)", len(people))
	const columns, perInsert = 9, 1000
	for part := range slices.Chunk(people, perInsert) {
		args := make([]any, 0, columns*len(part))
		for _, p := range part {
			a, problem := parseEmail(p.Email)
			name, unnamed := parseName(p.Name)
			if problem += unnamed; problem != "" {
				return fault.Newf(fault.Invalid, "%s, %s: %s", p.Email, p.Name, problem)
			}
			now := tx.Now()
			args = append(args, p.ID, a.typed, a.key, name, hashing.Unusable, now, now, now, now)
		}
		values := strings.TrimSuffix(strings.Repeat("(?, ?, ?, ?, ?, ?, ?, ?, ?), ", len(part)), ", ")
		if err := tx.SQL().Exec(`insert into users (id, email, email_key, name, password_hash, password_set_at, verified_at, created_at, updated_at)
			values `+values+` on conflict (email_key) do nothing`, args...).Error; err != nil {
			return err
		}
	}
	return nil
}
