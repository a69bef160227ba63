package accounts

import (
	"bytes"
	"context"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
)

// SetupState tells what the setup page can do.
type SetupState int

// The states of the first-run setup.
const (
	SetupDone  SetupState = iota // the installation has its administrator
	SetupOpen                    // and the token is right
	SetupWrong                   // the token is missing, mistyped or replaced by a later start
)

// PrepareSetup makes the one-time token when the installation has no
// administrator yet, in place of any earlier one. Each start calls it and
// prints the token; an empty one means that setup is done. People who signed up
// meanwhile, or came with demo data, do not close it.
func (s *Service) PrepareSetup(ctx context.Context) (token string, err error) {
	defer fault.Wrap(&err, "accounts.PrepareSetup")
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		done, err := adminExists(ctx, tx.Reader())
		if err != nil || done {
			return err
		}
		plain, hash := id.Token()
		token = plain
		return replaceSetup(tx, hash)
	})
	return token, err
}

// FindSetup tells what a setup link can do.
func (s *Service) FindSetup(ctx context.Context, token string) (state SetupState, err error) {
	defer fault.Wrap(&err, "accounts.FindSetup")
	r := s.db.Read(ctx)
	done, err := adminExists(ctx, r)
	if err != nil || done {
		return SetupDone, err
	}
	row, err := setupOf(ctx, r)
	if err != nil && !db.NotFound(err) {
		return SetupWrong, err
	}
	return row.state(token), nil
}

func (r setupRow) state(token string) SetupState {
	switch {
	case r.UsedAt != nil:
		return SetupDone
	case token == "" || !bytes.Equal(r.Hash, id.HashToken(token)):
		return SetupWrong
	}
	return SetupOpen
}

// SetupForm is the form of the first run.
type SetupForm struct {
	Key      string
	Token    string
	Email    string
	Password string
	Studio   string // the name of the studio, and of the person until they change it
	Demo     bool   // fill with demo data
	Device   string // the browser's own words
	Browser  string // its cookie of known browsers
}

// Setup makes the administrator, their studio and a session, once, for whoever
// has the token that the start printed. Forbidden when the token is not right,
// Conflict when setup is done. Invalid names the fields email, password, studio.
func (s *Service) Setup(ctx context.Context, form SetupForm) (opened Opened, err error) {
	defer fault.Wrap(&err, "accounts.Setup")
	bad := map[string]string{}
	a, problem := parseEmail(form.Email)
	note(bad, "email", problem)
	note(bad, "password", hashing.Problem(form.Password, a.typed, a.key))
	name, problem := parseName(form.Studio)
	if problem != "" && name == "" {
		problem = "Name your studio. You can change it later."
	}
	note(bad, "studio", problem)
	if err := fault.Fields(bad); err != nil {
		return opened, err
	}
	hash, err := s.hasher.Hash(ctx, form.Password)
	if err != nil {
		return opened, err
	}
	prior, again := "", false
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		scope := "accounts.setup:" + digest(form.Token)
		prior, again, err = idem.Claim(ctx, tx, scope, form.Key)
		if err != nil || again {
			return err
		}
		user := userRow{ID: id.New(), Email: a.typed, EmailKey: a.key, Name: name, PasswordHash: hash, PasswordSetAt: tx.Now(), Admin: true}
		if opened, err = s.install(ctx, tx, form, user); err != nil {
			return err
		}
		return idem.Finish(ctx, tx, scope, form.Key, opened.Studio)
	})
	if constraint, ok := db.Unique(err); ok && constraint == "users_email_key" {
		return Opened{}, fault.Field("email", "This address has an account here already. Use another one for the setup.")
	}
	if err == nil && again {
		opened, err = s.Login(ctx, Login{Email: form.Email, Password: form.Password, Device: form.Device, Browser: form.Browser})
		opened.Studio = prior
	}
	return opened, err
}

func (s *Service) install(ctx context.Context, tx db.Tx, form SetupForm, user userRow) (opened Opened, err error) {
	row, err := holdSetup(tx)
	if err != nil && !db.NotFound(err) {
		return opened, err
	}
	done, err := adminExists(ctx, tx.Reader())
	if err != nil {
		return opened, err
	}
	switch state := row.state(form.Token); {
	case done || state == SetupDone:
		return opened, fault.New(fault.Conflict, "This installation is set up already. Sign in with the account that was made then.")
	case state == SetupWrong:
		return opened, fault.New(fault.Forbidden, "This setup link is not the newest one. Each start prints its own; open that one.")
	}
	if err := insertUser(tx, user); err != nil {
		return opened, err
	}
	if err := useSetup(tx); err != nil {
		return opened, err
	}
	// Open sign-ups of this address would otherwise ask to be completed.
	if err := closeSignups(tx, user.EmailKey); err != nil {
		return opened, err
	}
	studioID, slug, err := s.studios.FoundPersonal(ctx, tx, user.ID, user.Name)
	if err != nil {
		return opened, err
	}
	if opened, err = s.open(ctx, tx, user, visit{device: form.Device, browser: form.Browser}, true); err != nil {
		return opened, err
	}
	opened.Studio = slug
	return opened, s.outbox.Publish(ctx, tx, SetupCompleted{UserID: user.ID, StudioID: studioID, Demo: form.Demo})
}
