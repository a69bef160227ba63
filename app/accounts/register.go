package accounts

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
)

// SignUp is the sign-up form.
type SignUp struct {
	Key      string // idempotency key
	Name     string
	Email    string
	Password string
}

// Register takes a sign-up from anybody and returns the address that the mail
// goes to. It writes the same rows whether the address is known or not, so
// nothing tells; what the mail says is decided when it is composed. A repeated
// form has no further effect. Invalid names the fields name, email, password.
func (s *Service) Register(ctx context.Context, form SignUp) (email string, err error) {
	defer fault.Wrap(&err, "accounts.Register")
	bad := map[string]string{}
	name, problem := parseName(form.Name)
	note(bad, "name", problem)
	a, problem := parseEmail(form.Email)
	note(bad, "email", problem)
	note(bad, "password", hashing.Problem(form.Password, a.typed, a.key))
	if err := fault.Fields(bad); err != nil {
		return "", err
	}
	hash, err := s.hasher.Hash(ctx, form.Password)
	if err != nil {
		return "", err
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "accounts.register:"+digest(a.key), form.Key); err != nil || repeated {
			return err
		}
		row := signupRow{ID: id.New(), Email: a.typed, EmailKey: a.key, Name: name, PasswordHash: hash}
		if err := insertSignup(tx, row); err != nil {
			return err
		}
		return s.outbox.Publish(ctx, tx, Registered{SignupID: row.ID})
	})
	return a.typed, err
}

// PendingSignup is what the page of a verification link shows.
type PendingSignup struct {
	State       LinkState
	Email       string
	Name        string
	AskPassword bool // the address has several open sign-ups, see the package's comment
}

// FindSignup tells the state of a verification link. An unknown link is no
// error: its state says so.
func (s *Service) FindSignup(ctx context.Context, token string) (p PendingSignup, err error) {
	defer fault.Wrap(&err, "accounts.FindSignup")
	p, _, _, err = s.findSignup(ctx, token)
	return p, err
}

func (s *Service) findSignup(ctx context.Context, token string) (p PendingSignup, link linkRow, signup signupRow, err error) {
	r := s.db.Read(ctx)
	if link, err = linkByToken(ctx, r, linkVerify, token); err != nil {
		if db.NotFound(err) {
			return PendingSignup{State: LinkUnknown}, link, signup, nil
		}
		return p, link, signup, err
	}
	if signup, err = signupByID(ctx, r, *link.SignupID); err != nil {
		return p, link, signup, err
	}
	p = PendingSignup{State: s.stateOf(link), Email: signup.Email, Name: signup.Name}
	if signup.ClosedAt != nil {
		p.State = LinkUsed
	}
	if p.State == LinkGood {
		p.AskPassword, err = contested(ctx, r, signup)
	}
	return p, link, signup, err
}

func (s *Service) stateOf(link linkRow) LinkState {
	switch {
	case link.UsedAt != nil:
		return LinkUsed
	case !s.clock().Before(link.ExpiresAt):
		return LinkExpired
	}
	return LinkGood
}

// linkFault turns the state of a link that does not work into an error.
func linkFault(state LinkState) error {
	switch state {
	case LinkUsed:
		return fault.New(fault.Conflict, "This link has been used already. Each link works once.")
	case LinkExpired:
		return fault.New(fault.Conflict, "This link has expired.")
	case LinkGood:
		return nil
	}
	return fault.New(fault.NotFound, "This link is not known. Check that it is complete, or ask for a new one.")
}

// SendAgain asks for another mail to the address of a link that has expired,
// and returns that address. Conflict when the sign-up was completed meanwhile,
// NotFound when the link is not known.
func (s *Service) SendAgain(ctx context.Context, key, token string) (email string, err error) {
	defer fault.Wrap(&err, "accounts.SendAgain")
	p, link, signup, err := s.findSignup(ctx, token)
	if err != nil {
		return "", err
	}
	if p.State == LinkUnknown || p.State == LinkUsed {
		return "", linkFault(p.State)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		if _, repeated, err := idem.Claim(ctx, tx, "accounts.again:"+link.ID.String(), key); err != nil || repeated {
			return err
		}
		return s.outbox.Publish(ctx, tx, Registered{SignupID: signup.ID})
	})
	return p.Email, err
}

// VerifyForm is the form behind a verification link.
type VerifyForm struct {
	Key      string
	Token    string
	Password string // only when the page asked for it
	Device   string // the browser's own words
	Browser  string // its cookie of known browsers
}

// Verify proves the address: it makes the person with the name and the
// password of the link's own sign-up, their personal studio and a session.
// Conflict when the link is used or expired, NotFound when it is not known,
// Invalid (password) when the address has several open sign-ups and the
// password is not the one of this link's form.
func (s *Service) Verify(ctx context.Context, form VerifyForm) (opened Opened, err error) {
	defer fault.Wrap(&err, "accounts.Verify")
	p, link, signup, err := s.findSignup(ctx, form.Token)
	if err != nil {
		return opened, err
	}
	proven := false
	if p.AskPassword && form.Password != "" {
		if proven, _, err = s.hasher.Check(ctx, form.Password, signup.PasswordHash); err != nil {
			return opened, err
		}
	}
	if p.State == LinkUnknown {
		return opened, linkFault(p.State)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		scope := "accounts.verify:" + link.ID.String()
		prior, repeated, err := idem.Claim(ctx, tx, scope, form.Key)
		if err != nil {
			return err
		}
		if repeated {
			opened, err = s.reopen(ctx, tx, link.ID, prior, visit{device: form.Device, browser: form.Browser})
			return err
		}
		if opened, err = s.complete(ctx, tx, link.ID, signup.ID, proven, visit{device: form.Device, browser: form.Browser}); err != nil {
			return err
		}
		return idem.Finish(ctx, tx, scope, form.Key, opened.UserID.String()+" "+opened.Studio)
	})
	if constraint, ok := db.Unique(err); ok && constraint == "users_email_key" {
		return Opened{}, linkFault(LinkUsed) // another link of the address was faster
	}
	return opened, err
}

// complete turns the sign-up into a person.
func (s *Service) complete(ctx context.Context, tx db.Tx, linkID, signupID uuid.UUID, proven bool, v visit) (opened Opened, err error) {
	link, err := holdLink(tx, linkID)
	if err != nil {
		return opened, err
	}
	signup, err := signupByID(ctx, tx.Reader(), signupID)
	if err != nil {
		return opened, err
	}
	state := s.stateOf(link)
	if signup.ClosedAt != nil {
		state = LinkUsed
	}
	if err := linkFault(state); err != nil {
		return opened, err
	}
	ask, err := contested(ctx, tx.Reader(), signup)
	if err != nil {
		return opened, err
	}
	if ask && !proven {
		return opened, fault.Field("password", "This is not the password of the form that this link belongs to. Type the one you chose there, or use the newest mail.")
	}
	user := userRow{ID: id.New(), Email: signup.Email, EmailKey: signup.EmailKey, Name: signup.Name,
		PasswordHash: signup.PasswordHash, PasswordSetAt: signup.CreatedAt}
	if err := insertUser(tx, user); err != nil {
		return opened, err
	}
	if err := useLink(tx, link.ID); err != nil {
		return opened, err
	}
	if err := closeSignups(tx, signup.EmailKey); err != nil {
		return opened, err
	}
	studioID, slug, err := s.studios.FoundPersonal(ctx, tx, user.ID, user.Name)
	if err != nil {
		return opened, err
	}
	// Whoever opens the link need not be who typed the password: no proof yet.
	if opened, err = s.open(ctx, tx, user, v, proven); err != nil {
		return opened, err
	}
	opened.Studio = slug
	return opened, s.outbox.Publish(ctx, tx, Verified{UserID: user.ID, StudioID: studioID})
}

// reopen answers a form that was sent twice: the browser shows the second
// answer and may have dropped the first one's cookie, so it gets a session too.
func (s *Service) reopen(ctx context.Context, tx db.Tx, linkID uuid.UUID, prior string, v visit) (opened Opened, err error) {
	link, err := holdLink(tx, linkID)
	if err != nil {
		return opened, err
	}
	if link.UsedAt == nil || tx.Now().Sub(*link.UsedAt) > repeatWindow {
		return opened, linkFault(LinkUsed)
	}
	var who, studio string
	if _, err := fmt.Sscan(prior, &who, &studio); err != nil {
		return opened, err
	}
	userID, err := uuid.Parse(who)
	if err != nil {
		return opened, err
	}
	user, err := userByID(ctx, tx.Reader(), userID)
	if err != nil {
		return opened, gone(err)
	}
	opened, err = s.open(ctx, tx, user, v, false)
	opened.Studio = studio
	return opened, err
}

// parseName cleans a person's name; problem is the sentence for the field.
func parseName(s string) (name, problem string) {
	name = text.Line(s)
	switch {
	case text.Blank(name):
		return name, "Type the name that people should see."
	case text.Length(name) > NameLimit:
		return name, fmt.Sprintf("%d characters at most.", NameLimit)
	}
	return name, ""
}

func note(bad map[string]string, field, problem string) {
	if problem != "" {
		bad[field] = problem
	}
}

// digest makes a part of an idempotency scope from an address: a form that is
// corrected and sent again with the same key is another form.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:12])
}
