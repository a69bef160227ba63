package moderation

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
)

// KeepTakedowns is how long what a rights holder stated is kept: a claim can be
// brought to a court for years.
const KeepTakedowns = 6 * 365 * 24 * time.Hour

// Takedown is the form of a rights holder, or of somebody who speaks for one.
type Takedown struct {
	Subject   Subject
	MemberID  uuid.UUID // uuid.Nil for a visitor
	Page      string    // which page of ours, as typed
	Name      string    // who writes
	Holder    string    // whose rights; empty means the writer's own
	Email     string
	Contact   string // postal address or telephone
	Owned     string // what is theirs, and where it can be seen
	Statement string // why its use here is not allowed
	Signature string // the name, typed once more
	Sworn     bool   // in good faith, accurate, entitled to act
	Key       string // of the form; sent twice, it is filed once
}

// TakedownFiled tells that a rights holder asks for a work to be taken down.
type TakedownFiled struct {
	TakedownID uuid.UUID `json:"takedown_id"`
	StudioID   uuid.UUID `json:"studio_id"`
}

// EventName names the event.
func (TakedownFiled) EventName() string { return "moderation.takedown_filed.v1" }

// File keeps what a rights holder states as evidence, word for word, and asks
// the moderators. The work stays until they decide. Both sides get a mail. It
// gives the number that both sides call it by. Idempotent by key.
//
// Invalid names the fields of the form; Conflict when it is about no work.
func (s *Service) File(ctx context.Context, form Takedown) (number string, err error) {
	defer fault.Wrap(&err, "moderation.File(%s)", form.Subject.PublicID)
	form, emailKey, err := form.clean()
	if err != nil {
		return "", err
	}
	who, _ := reporterOf(form.MemberID, form.Email)
	err = s.db.Tenant(ctx, form.Subject.StudioID, func(tx db.Tx) error {
		prior, repeated, err := idem.Claim(ctx, tx, "moderation.takedown:"+emailKey, form.Key)
		if err != nil || repeated {
			number = prior
			return err
		}
		number = "T-" + strings.ToUpper(id.Public()[:8])
		complaintID, err := openComplaint(tx, form.Subject)
		if err != nil {
			return err
		}
		if err := report(tx, form.Subject.StudioID, complaintID, who, Rights, form.Statement); err != nil {
			return err
		}
		if err := setClaim(tx, complaintID, form.claimant(), form.claim()); err != nil {
			return err
		}
		takedownID := id.New()
		if err := insertTakedown(tx, takedownID, number, complaintID, emailKey, form); err != nil {
			return err
		}
		entry := audit.Entry{StudioID: form.Subject.StudioID, Action: "moderation.takedown_filed", Subject: "work:" + form.Subject.PublicID, Note: "Number " + number + "."}
		if err := audit.Write(ctx, tx, entry); err != nil {
			return err
		}
		if err := s.outbox.Publish(ctx, tx, TakedownFiled{TakedownID: takedownID, StudioID: form.Subject.StudioID}); err != nil {
			return err
		}
		return idem.Finish(ctx, tx, "moderation.takedown:"+emailKey, form.Key, number)
	})
	return number, err
}

// claimant names the rights holder for the studio: a name, no address.
func (t Takedown) claimant() string {
	if t.Holder == t.Name {
		return t.Name
	}
	return t.Name + " for " + t.Holder
}

func (t Takedown) claim() string {
	whole := []rune(t.Owned + "\n\n" + t.Statement)
	return string(whole[:min(len(whole), 4000)])
}

func (t Takedown) clean() (Takedown, string, error) {
	bad := map[string]string{}
	line := func(field string, value *string, most int, missing string) {
		*value = text.Line(*value)
		check(bad, field, *value, most, missing)
	}
	block := func(field string, value *string, most int, missing string) {
		*value = text.Block(*value)
		check(bad, field, *value, most, missing)
	}
	t.Page = text.Line(t.Page)
	if runes := []rune(t.Page); len(runes) > WordsLimit {
		t.Page = string(runes[:WordsLimit])
	}
	line("name", &t.Name, NameLimit, "Say who you are.")
	if t.Holder = text.Line(t.Holder); text.Blank(t.Holder) {
		t.Holder = t.Name
	}
	check(bad, "holder", t.Holder, NameLimit, "")
	block("contact", &t.Contact, ContactLimit, "Give a postal address or a telephone number.")
	block("owned", &t.Owned, WordsLimit, "Say which work is yours, and where it can be seen.")
	block("statement", &t.Statement, WordsLimit, "Say why its use here is not allowed.")
	line("signature", &t.Signature, NameLimit, "Type your name once more, as a signature.")
	if bad["signature"] == "" && !strings.EqualFold(t.Signature, t.Name) {
		bad["signature"] = "The signature is your name, as you typed it above."
	}
	if !t.Sworn {
		bad["sworn"] = "Without this statement nobody can act on it."
	}
	typed, key, problem := accounts.NormalAddress(t.Email)
	if problem != "" {
		bad["email"] = problem
	}
	t.Email = typed
	if t.Subject.Kind != OfWork {
		bad["page"] = "This is about one work: give the address of its page."
	}
	return t, key, fault.Fields(bad)
}

// check notes what is wrong with a field; missing is empty for one that may be.
func check(bad map[string]string, field, value string, most int, missing string) {
	switch n := text.Length(value); {
	case missing != "" && text.Blank(value):
		bad[field] = missing
	case n > most:
		bad[field] = fmt.Sprintf("%d characters at most; these are %d.", most, n)
	}
}

// Claim is a takedown as it was filed.
type Claim struct {
	ID          uuid.UUID
	Number      string
	StudioID    uuid.UUID
	ComplaintID uuid.UUID
	Page        string
	Name        string
	Holder      string
	Email       string
	EmailKey    string
	Contact     string
	Owned       string
	Statement   string
	Signature   string
	At          time.Time
}

// Claim reads what was filed, for those who mail both sides and for moderators.
// NotFound when there is none. It needs the worker's handle.
func (s *Service) Claim(ctx context.Context, takedownID uuid.UUID) (c Claim, err error) {
	defer fault.Wrap(&err, "moderation.Claim(%s)", takedownID)
	c, err = claimByID(ctx, s.db.Read(ctx), takedownID)
	if db.NotFound(err) {
		return c, fault.New(fault.NotFound, "There is no such claim.")
	}
	return c, err
}

// Claims are those of a complaint, the oldest first, up to 50. It needs the
// worker's handle.
func (s *Service) Claims(ctx context.Context, complaintID uuid.UUID) (list []Claim, err error) {
	defer fault.Wrap(&err, "moderation.Claims(%s)", complaintID)
	return claimsOf(ctx, s.db.Read(ctx), complaintID)
}
