package moderation

import (
	"context"
	"crypto/sha256"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/text"
)

// Ground is why something is reported.
type Ground string

// The grounds.
const (
	Spam       Ground = "spam"
	Rights     Ground = "rights"
	Sexual     Ground = "sexual"
	Violence   Ground = "violence"
	Hate       Ground = "hate"
	Harassment Ground = "harassment"
	Private    Ground = "private"
	Illegal    Ground = "illegal"
	Other      Ground = "other"
)

// Grounds lists them in the order of a form.
var Grounds = [...]Ground{Spam, Sexual, Violence, Hate, Harassment, Private, Rights, Illegal, Other}

var groundWords = map[Ground]string{
	Spam: "It is an advertisement, or spam", Sexual: "Sexual content without a cover", Violence: "Violence or cruelty", Hate: "It incites hatred",
	Harassment: "It harasses or threatens somebody", Private: "It shows somebody who did not agree", Rights: "It infringes somebody’s rights", Illegal: "It is against the law", Other: "Something else",
}

// Words is the ground as a form says it.
func (g Ground) Words() string { return groundWords[g] }

// Limits of what people type, in characters.
const (
	WordsLimit   = 2000 // of a report, a statement, an answer
	NameLimit    = 200
	ContactLimit = 500
	// KeepReports is how long it is remembered who reported what.
	KeepReports = 400 * 24 * time.Hour
)

// Report is the form of whoever reports something.
type Report struct {
	Subject  Subject
	MemberID uuid.UUID // uuid.Nil for a visitor, who gives an address of mail
	Email    string
	Ground   Ground
	Words    string
}

// Report notes what somebody reports for the moderators. Anybody may; the same
// person about the same thing counts once until it is decided. Nobody but the
// moderators learns who it was.
//
// Invalid names the fields ground, words and email.
func (s *Service) Report(ctx context.Context, form Report) (err error) {
	defer fault.Wrap(&err, "moderation.Report(%s %s)", form.Subject.Kind, form.Subject.SubjectID)
	bad := map[string]string{}
	form.Words = text.Block(form.Words)
	if form.Ground.Words() == "" {
		bad["ground"] = "Choose what is wrong with it."
	}
	if form.Ground == Other && text.Blank(form.Words) {
		bad["words"] = "Say in a sentence what it is."
	}
	if n := text.Length(form.Words); n > WordsLimit {
		bad["words"] = fmt.Sprintf("%d characters at most; these are %d.", WordsLimit, n)
	}
	who, problem := reporterOf(form.MemberID, form.Email)
	if problem != "" {
		bad["email"] = problem
	}
	if err := fault.Fields(bad); err != nil {
		return err
	}
	return s.db.Tenant(ctx, form.Subject.StudioID, func(tx db.Tx) error {
		complaintID, err := openComplaint(tx, form.Subject)
		if err != nil {
			return err
		}
		return report(tx, form.Subject.StudioID, complaintID, who, form.Ground, form.Words)
	})
}

// reporter is who reports: a member or an address.
type reporter struct {
	memberID uuid.UUID
	email    string
	key      []byte
}

func reporterOf(memberID uuid.UUID, email string) (r reporter, problem string) {
	if memberID != uuid.Nil {
		sum := sha256.Sum256(memberID[:])
		return reporter{memberID: memberID, key: sum[:]}, ""
	}
	typed, key, problem := accounts.NormalAddress(email)
	sum := sha256.Sum256([]byte(key))
	return reporter{email: typed, key: sum[:]}, problem
}

func report(tx db.Tx, studioID, complaintID uuid.UUID, who reporter, ground Ground, words string) error {
	first, err := insertReport(tx, id.New(), studioID, complaintID, who, ground, words)
	if err != nil || !first {
		return err
	}
	return countReport(tx, complaintID)
}

// Told is one report as moderators read it.
type Told struct {
	ReporterID *uuid.UUID
	Email      string
	Ground     Ground
	Words      string
	At         time.Time
}
