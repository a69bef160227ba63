// Package tokens is what programs come in with in a person's place: tokens with
// scopes and an end, of one studio or of all of the person's. The service of
// package accounts has its methods.
package tokens

import (
	"context"
	"database/sql/driver"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
)

// Limits of tokens.
const (
	TokenNameLimit  = 60  // characters
	TokenDays       = 90  // that a token lives unless its person says otherwise
	TokenDaysMost   = 365 // that it may live
	TokensPerPerson = 20  // expired ones included, until they are revoked or forgotten
)

// usedEvery throttles the write that each request would otherwise make.
const usedEvery = time.Hour

// Desk has the use cases.
type Desk struct {
	DB     *db.DB
	Outbox *bus.Outbox
	Clock  clock.Clock
}

// Scope is something that a token may do, within what its person may.
type Scope string

// The scopes. The set is closed: the table checks it.
const (
	ReadWorks  Scope = "works:read"
	WriteWorks Scope = "works:write"
	WriteMedia Scope = "media:write"
)

// Scopes in the order of forms and of the stored text.
var Scopes = [...]Scope{ReadWorks, WriteWorks, WriteMedia}

// Words says for people what the scope lets a program do.
func (s Scope) Words() string {
	switch s {
	case ReadWorks:
		return "See works of your studios that are not public: drafts, scheduled and unlisted ones"
	case WriteWorks:
		return "Make works, publish and schedule them"
	case WriteMedia:
		return "Upload photos and films"
	}
	return ""
}

// APIToken is a token as its person sees it after it was made.
type APIToken struct {
	ID        uuid.UUID
	PublicID  string // follows TokenPrefix in the token
	Name      string
	Scopes    ScopeList
	StudioID  *uuid.UUID // the only studio it opens; nil: all of the person's
	CreatedAt time.Time
	ExpiresAt time.Time
	UsedAt    *time.Time // at most an hour behind
}

// Bearer is who a request with a token comes from.
type Bearer struct {
	APIToken
	UserID uuid.UUID
}

// May tells whether the token has the scope.
func (b Bearer) May(s Scope) bool { return slices.Contains(b.Scopes, s) }

// Opens tells whether the token may be used in a studio at all; what its person
// may do there is asked on each request.
func (b Bearer) Opens(studioID uuid.UUID) bool { return b.StudioID == nil || *b.StudioID == studioID }

// NewToken is the form for a token.
type NewToken struct {
	Key      string // idempotency key
	Name     string
	Scopes   []string
	Days     int        // until it expires
	StudioID *uuid.UUID // of which the caller has checked that the person belongs to it
}

// MakeToken makes a token for a person who has just proved who they are. Plain
// is given here and never again. Invalid names the fields name, scopes and days;
// Conflict when the person has TokensPerPerson, or when the form is sent again:
// the token of the first time cannot be shown a second time.
func (s *Desk) MakeToken(ctx context.Context, userID uuid.UUID, form NewToken) (plain string, made APIToken, err error) {
	defer fault.Wrap(&err, "accounts.MakeToken(%s)", userID)
	made, err = form.check()
	if err != nil {
		return "", made, err
	}
	err = s.DB.Transact(ctx, func(tx db.Tx) error {
		_, repeated, err := idem.Claim(ctx, tx, "accounts.make_token:"+userID.String(), form.Key)
		if err != nil {
			return err
		}
		if repeated {
			return fault.New(fault.Conflict, "This token was made already, and a token is shown only once. If it is lost, revoke it and make another.")
		}
		if n, err := lockTokens(tx, userID); err != nil {
			return err
		} else if n >= TokensPerPerson {
			return fault.Newf(fault.Conflict, "You have %d tokens, which is as many as one may have. Revoke one that is not used any more.", n)
		}
		now := tx.Now()
		made.ID, made.PublicID, made.CreatedAt, made.ExpiresAt = id.New(), id.Public(), now, now.AddDate(0, 0, form.Days)
		plain = mintToken(made.PublicID)
		if err := insertToken(tx, userID, made, id.HashToken(plain)); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.token_made", Subject: "token:" + made.PublicID,
			Note: fmt.Sprintf("Scopes %s, until %s.", made.Scopes, made.ExpiresAt.Format(time.DateOnly))}); err != nil {
			return err
		}
		return s.Outbox.Publish(ctx, tx, TokenMade{UserID: userID, PublicID: made.PublicID, Name: made.Name, Scopes: made.Scopes.String(), ExpiresAt: made.ExpiresAt})
	})
	return plain, made, err
}

func (f NewToken) check() (APIToken, error) {
	bad := map[string]string{}
	out := APIToken{Name: text.Line(f.Name), StudioID: f.StudioID}
	switch {
	case text.Blank(out.Name):
		bad["name"] = "Give the token a name, so that you know later which program has it."
	case text.Length(out.Name) > TokenNameLimit:
		bad["name"] = fmt.Sprintf("A name has up to %d characters.", TokenNameLimit)
	}
	for _, s := range Scopes {
		if slices.Contains(f.Scopes, string(s)) {
			out.Scopes = append(out.Scopes, s)
		}
	}
	if len(out.Scopes) == 0 {
		bad["scopes"] = "Choose at least one thing that the program may do. Public works need no token."
	}
	if f.Days < 1 || f.Days > TokenDaysMost {
		bad["days"] = "Choose how long the token works: a year at most."
	}
	return out, fault.Fields(bad)
}

// TokensOf lists a person's tokens, the newest first, expired ones among them.
// One query.
func (s *Desk) TokensOf(ctx context.Context, userID uuid.UUID) (out []APIToken, err error) {
	defer fault.Wrap(&err, "accounts.TokensOf(%s)", userID)
	return tokensOf(ctx, s.DB.Read(ctx), userID)
}

// RevokeToken ends a token of the person at once. One that is gone already, or
// somebody else's, is NotFound.
func (s *Desk) RevokeToken(ctx context.Context, userID uuid.UUID, publicID string) (err error) {
	defer fault.Wrap(&err, "accounts.RevokeToken(%s)", userID)
	return s.DB.Transact(ctx, func(tx db.Tx) error {
		gone, err := deleteToken(tx, userID, publicID)
		if err != nil {
			return err
		}
		if !gone {
			return fault.New(fault.NotFound, "This token is not here any more. If you revoked it before, it has stopped working.")
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: userID, Action: "accounts.token_revoked", Subject: "token:" + publicID})
	})
}

// AuthenticateToken finds who a token belongs to. Unauthenticated when it is
// none, expired or revoked, or its person may not come in. That it was used is
// written at most once an hour, and a failure to write it refuses nobody. One
// query; none for what cannot be a token.
func (s *Desk) AuthenticateToken(ctx context.Context, plain string) (out Bearer, err error) {
	defer fault.Wrap(&err, "accounts.AuthenticateToken")
	const refused = "This token is unknown, expired or revoked. Make another on the page of your tokens."
	if !TokenShaped(plain) {
		return out, fault.New(fault.Unauthenticated, refused)
	}
	now := s.Clock()
	out, found, err := tokenByHash(ctx, s.DB.Read(ctx), id.HashToken(plain), now)
	if err != nil {
		return out, err
	}
	if !found {
		return out, fault.New(fault.Unauthenticated, refused)
	}
	if out.UsedAt == nil || now.Sub(*out.UsedAt) >= usedEvery {
		_ = s.DB.Transact(ctx, func(tx db.Tx) error { return touchToken(tx, out.APIToken) })
	}
	return out, nil
}

// ScopeList is scopes as they are stored: a text with spaces between them.
type ScopeList []Scope

// String writes the scopes with spaces between them.
func (l ScopeList) String() string {
	out := make([]string, len(l))
	for i, s := range l {
		out[i] = string(s)
	}
	return strings.Join(out, " ")
}

// Value writes the scopes for the database. gorm takes a list for a relation
// without it.
func (l ScopeList) Value() (driver.Value, error) { return l.String(), nil }

// Scan reads what is stored.
func (l *ScopeList) Scan(src any) error {
	stored, ok := src.(string)
	if !ok {
		return fmt.Errorf("scopes came as %T", src)
	}
	*l = nil
	for s := range strings.FieldsSeq(stored) {
		*l = append(*l, Scope(s))
	}
	return nil
}

// TokenMade tells that a person has a new token.
type TokenMade struct {
	UserID    uuid.UUID `json:"user_id"`
	PublicID  string    `json:"public_id"`
	Name      string    `json:"name"`
	Scopes    string    `json:"scopes"` // separated by spaces
	ExpiresAt time.Time `json:"expires_at"`
}

// EventName names the event.
func (TokenMade) EventName() string { return "accounts.token_made.v1" }
