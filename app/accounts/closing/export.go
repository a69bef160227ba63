package closing

import (
	"context"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
)

// Account is a person in an archive. It holds no secret.
type Account struct {
	ID              uuid.UUID  `json:"id"`
	Email           string     `json:"email"`
	Name            string     `json:"name"`
	Admin           bool       `json:"admin"`
	VerifiedAt      time.Time  `json:"verified_at"`
	CreatedAt       time.Time  `json:"created_at"`
	PasswordSetAt   time.Time  `json:"password_set_at"`
	SecondFactorAt  *time.Time `json:"second_factor_at"`
	ClosingAt       *time.Time `json:"closing_at"`
	FormerAddresses []string   `json:"former_addresses" gorm:"-"`
}

// Session is a browser in which the person is signed in.
type Session struct {
	Device    string    `json:"device"`
	CreatedAt time.Time `json:"created_at"`
	SeenAt    time.Time `json:"seen_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// Token is a key of a program, without its secret.
type Token struct {
	PublicID  string     `json:"public_id"`
	Name      string     `json:"name"`
	Scopes    string     `json:"scopes"`
	StudioID  *uuid.UUID `json:"studio_id"`
	CreatedAt time.Time  `json:"created_at"`
	ExpiresAt time.Time  `json:"expires_at"`
	UsedAt    *time.Time `json:"used_at"`
}

// Export gives everything that is known of a person, record by record, with the
// name of the list that it belongs to: account, sessions, tokens. It needs the
// worker's handle. NotFound when the person is gone.
func (s *Service) Export(ctx context.Context, userID uuid.UUID, put func(list string, record any) error) (err error) {
	defer fault.Wrap(&err, "closing.Export(%s)", userID)
	account, sessions, tokens, err := exported(ctx, s.db.Read(ctx), userID)
	if err != nil {
		return err
	}
	if err := put("account", account); err != nil {
		return err
	}
	for _, x := range sessions {
		if err := put("sessions", x); err != nil {
			return err
		}
	}
	for _, x := range tokens {
		if err := put("tokens", x); err != nil {
			return err
		}
	}
	return nil
}

// Keys gives the normalised addresses that a person has or had here.
func (s *Service) Keys(ctx context.Context, userID uuid.UUID) (keys []string, err error) {
	defer fault.Wrap(&err, "closing.Keys(%s)", userID)
	return keysOf(ctx, s.db.Read(ctx), userID)
}

// FindByKey finds a person by their normalised address; ok is false when nobody
// has it. For whoever runs the installation.
func (s *Service) FindByKey(ctx context.Context, key string) (userID uuid.UUID, ok bool, err error) {
	defer fault.Wrap(&err, "closing.FindByKey")
	var ids []uuid.UUID
	if err := s.db.Read(ctx).SQL(ctx).Raw(`select id from users where email_key = ?`, key).Scan(&ids).Error; err != nil || len(ids) == 0 {
		return userID, false, err
	}
	return ids[0], true, nil
}
