package links

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/accounts/hashing"
	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/clock"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Limits.
const (
	MaxNote     = 120 // characters
	MinPassword = 8
	MaxPassword = 128
	MaxLive     = 500 // of one studio

	// KeepEnded is how long a link that has ended stays in the list.
	KeepEnded = 30 * 24 * time.Hour
)

// Days are the terms that a link can have; 0 is until somebody revokes it.
var Days = []int{1, 7, 30, 90, 0}

// Link is a share link as its studio knows it.
type Link struct {
	ID           uuid.UUID
	StudioID     uuid.UUID
	WorkID       *uuid.UUID // or CollectionID
	CollectionID *uuid.UUID
	Note         string // for whom
	Password     string `json:"-"` // its hash; empty: none is asked
	ExpiresAt    *time.Time
	RevokedAt    *time.Time
	UsedAt       *time.Time // to within five minutes
	CreatedBy    uuid.UUID
	CreatedAt    time.Time
}

// Live tells whether the link still leads somewhere.
func (l Link) Live(now time.Time) bool {
	return l.RevokedAt == nil && (l.ExpiresAt == nil || now.Before(*l.ExpiresAt))
}

// Guarded tells whether the link asks for a password.
func (l Link) Guarded() bool { return l.Password != "" }

// Config of the service.
type Config struct {
	DB     *db.DB
	Works  *works.Service
	Media  *media.Service
	Secret string      // of the installation; addresses are made with it
	Clock  clock.Clock // clock.System when nil
}

// Service is the use cases of share links.
type Service struct {
	db     *db.DB
	works  *works.Service
	files  *media.Service
	secret []byte
	hasher *hashing.Hasher
	clock  clock.Clock
}

// New makes the service; it reaches nothing.
func New(c Config) (*Service, error) {
	if c.DB == nil || c.Works == nil || c.Media == nil || c.Secret == "" {
		return nil, errors.New("share links need a database handle, works, media and the secret")
	}
	if c.Clock == nil {
		c.Clock = clock.System
	}
	hasher, err := hashing.New(hashing.Params{})
	if err != nil {
		return nil, err
	}
	// A key of its own: the secret makes other things too.
	key := hmac.New(sha256.New, []byte(c.Secret))
	key.Write([]byte("share links"))
	return &Service{db: c.DB, works: c.Works, files: c.Media, secret: key.Sum(nil), hasher: hasher, clock: c.Clock}, nil
}

// Plain is the secret in a link's address.
func (s *Service) Plain(linkID uuid.UUID) string {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(linkID[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Wish is the form of a new link, as it was typed.
type Wish struct {
	Work       string // public id of a work, or
	Collection string // of a collection
	Note       string
	Password   string // empty: none is asked
	Days       int    // one of Days
}

func (w Wish) parse() (Wish, error) {
	bad := map[string]string{}
	w.Note = text.Line(w.Note)
	if n := text.Length(w.Note); n > MaxNote {
		bad["note"] = fmt.Sprintf("%d characters at most; these are %d.", MaxNote, n)
	}
	if n := text.Length(w.Password); w.Password != "" && n < MinPassword {
		bad["password"] = fmt.Sprintf("Take %d characters or more, or leave it empty.", MinPassword)
	} else if n > MaxPassword {
		bad["password"] = fmt.Sprintf("%d characters at most.", MaxPassword)
	}
	known := false
	for _, d := range Days {
		known = known || d == w.Days
	}
	if !known {
		bad["days"] = "Choose one of the terms."
	}
	return w, fault.Fields(bad)
}

// Make makes a link for an editor and writes it into the studio's audit.
// Idempotent by key. NotFound when the work or collection is not the studio's;
// Conflict when the studio has as many as it may have; Invalid names the fields
// note, password and days.
func (s *Service) Make(ctx context.Context, a works.Actor, w Wish, key string) (l Link, err error) {
	defer fault.Wrap(&err, "links.Make(%s)", a.StudioID)
	if err := a.Role.Check(studios.EditWorks); err != nil {
		return l, err
	}
	if w, err = w.parse(); err != nil {
		return l, err
	}
	hash := ""
	if w.Password != "" {
		if hash, err = s.hasher.Hash(ctx, w.Password); err != nil {
			return l, err
		}
	}
	err = s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := studios.Hold(ctx, tx, a.StudioID, a.UserID, studios.EditWorks); err != nil {
			return err
		}
		scope := "links.make:" + a.UserID.String()
		prior, repeated, err := idem.Claim(ctx, tx, scope, key)
		if err != nil {
			return err
		}
		if repeated {
			l, err = linkByID(tx, a.StudioID, uuid.MustParse(prior))
			return err
		}
		l = Link{ID: id.New(), StudioID: a.StudioID, Note: w.Note, Password: hash, CreatedBy: a.UserID, CreatedAt: tx.Now()}
		if l.WorkID, l.CollectionID, err = target(tx, a.StudioID, w); err != nil {
			return err
		}
		if n, err := countLive(tx, a.StudioID); err != nil {
			return err
		} else if n >= MaxLive {
			return fault.Newf(fault.Conflict, "A studio has %d links at most. Revoke some that nobody needs, then make this one.", MaxLive)
		}
		if w.Days > 0 {
			until := tx.Now().AddDate(0, 0, w.Days)
			l.ExpiresAt = &until
		}
		if err := insert(tx, l, id.HashToken(s.Plain(l.ID))); err != nil {
			return err
		}
		if err := audit.Write(ctx, tx, audit.Entry{ActorID: a.UserID, StudioID: a.StudioID, Action: "links.made", Subject: audit.Subject("link", l.ID), Note: w.words()}); err != nil {
			return err
		}
		return idem.Finish(ctx, tx, scope, key, l.ID.String())
	})
	return l, err
}

// words says what a link is for, for the audit.
func (w Wish) words() string {
	what := "A link to the work " + w.Work
	if w.Collection != "" {
		what = "A link to the collection " + w.Collection
	}
	switch w.Days {
	case 0:
		what += ", until it is revoked"
	case 1:
		what += ", for a day"
	default:
		what += fmt.Sprintf(", for %d days", w.Days)
	}
	if w.Password != "" {
		what += ", with a password"
	}
	return what + "."
}

// Revoke ends a link at once, for an editor. One that has ended stays as it is.
// NotFound when the studio has none of that id.
func (s *Service) Revoke(ctx context.Context, a works.Actor, linkID uuid.UUID) (err error) {
	defer fault.Wrap(&err, "links.Revoke(%s)", linkID)
	if err := a.Role.Check(studios.EditWorks); err != nil {
		return err
	}
	return s.db.Tenant(ctx, a.StudioID, func(tx db.Tx) error {
		if err := studios.Hold(ctx, tx, a.StudioID, a.UserID, studios.EditWorks); err != nil {
			return err
		}
		l, err := linkByID(tx, a.StudioID, linkID)
		if err != nil || l.RevokedAt != nil {
			return err
		}
		if err := revoke(tx, l); err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: a.UserID, StudioID: a.StudioID, Action: "links.revoked", Subject: audit.Subject("link", l.ID), Note: "A link was revoked."})
	})
}

// Listed is a link with what it leads to.
type Listed struct {
	Link     `gorm:"embedded"`
	PublicID string // of the work or collection
	Title    string // empty for an untitled work
	Lang     string
	State    works.State // of the work; empty for a collection
}

// List is a studio's links, the newest first, from the cursor on. The caller has
// checked that the viewer is a member.
func (s *Service) List(ctx context.Context, studioID uuid.UUID, from works.Cursor, limit int) (list []Listed, next works.Cursor, err error) {
	defer fault.Wrap(&err, "links.List(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, next, err = listed(ctx, r, studioID, from, limit)
		return err
	})
	return list, next, err
}

// OfWork are the links to a work that lead somewhere, the newest first, most of
// them at most; more tells that there are others. The caller has checked that the
// viewer is a member. One query.
func (s *Service) OfWork(ctx context.Context, studioID, workID uuid.UUID, most int) (list []Link, more bool, err error) {
	defer fault.Wrap(&err, "links.OfWork(%s)", workID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, err = liveOf(ctx, r, studioID, workID, s.clock(), most+1)
		return err
	})
	if len(list) > most {
		return list[:most], true, err
	}
	return list, false, err
}

// Target is something that a link may lead to.
type Target struct {
	PublicID string
	Title    string
	State    works.State // of a work; empty for a collection
}

// Targets are a studio's collections and, of each state, the works that changed
// last, and always the work of a public id, if it is the studio's. The caller has
// checked that the viewer is a member.
func (s *Service) Targets(ctx context.Context, studioID uuid.UUID, publicID string) (list []Target, err error) {
	defer fault.Wrap(&err, "links.Targets(%s)", studioID)
	err = s.db.TenantRead(ctx, studioID, func(r db.Reader) error {
		list, err = targets(ctx, r, studioID, publicID)
		return err
	})
	return list, err
}

// Forget removes links that ended KeepEnded ago, limit at most, for the job of
// retention with the worker's handle.
func Forget(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from share_links where id in (select id from share_links
		where (revoked_at is not null or expires_at is not null) and least(revoked_at, expires_at) < ? order by least(revoked_at, expires_at) limit 5000)`, tx.Now().Add(-KeepEnded))
	return res.RowsAffected, res.Error
}
