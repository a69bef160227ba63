package studios

import (
	"context"
	"fmt"
	"strconv"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/db"
	"vitrine/app/platform/id"
	"vitrine/app/platform/idem"
	"vitrine/app/platform/text"
	"vitrine/app/platform/zone"
)

// Found makes a studio with its owner in a transaction of the caller, whose
// scope is that of the new studio afterwards. The slug is made from the name,
// with a suffix when it is taken. Invalid names the field name.
func (s *Service) Found(ctx context.Context, tx db.Tx, owner uuid.UUID, name string) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.Found")
	return s.found(ctx, tx, Studio{ID: id.New(), Name: name}, owner)
}

// FoundDemo is Found for a studio of the demo data, which its pages say.
func (s *Service) FoundDemo(ctx context.Context, tx db.Tx, owner uuid.UUID, name string) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.FoundDemo")
	if out, err = s.found(ctx, tx, Studio{ID: id.New(), Name: name}, owner); err != nil {
		return out, err
	}
	out.Demo = true
	return out, markDemo(tx, out.ID)
}

// FoundPersonal is Found for a person's own studio. It is what accounts needs.
func (s *Service) FoundPersonal(ctx context.Context, tx db.Tx, owner uuid.UUID, name string) (studioID uuid.UUID, slug string, err error) {
	defer fault.Wrap(&err, "studios.FoundPersonal(%s)", owner)
	out, err := s.found(ctx, tx, Studio{ID: id.New(), Name: name, PersonalOf: &owner}, owner)
	return out.ID, out.Slug, err
}

func (s *Service) found(ctx context.Context, tx db.Tx, st Studio, owner uuid.UUID) (Studio, error) {
	name, problem := parseName(st.Name)
	if problem != "" {
		return st, fault.Field("name", problem)
	}
	st.Name, st.Placement, st.CreatedAt, st.Version = name, "main", tx.Now(), 1
	if st.TimeZone == "" {
		st.TimeZone = zone.Default
	}
	if err := tx.Scope(st.ID); err != nil {
		return st, err
	}
	if err := findSlug(tx, &st); err != nil {
		return st, err
	}
	if err := insertStudio(tx, st); err != nil {
		return st, err
	}
	s.recent.DropWith(tx, owner)
	if err := insertMember(tx, st.ID, owner, Owner); err != nil {
		return st, err
	}
	return st, s.outbox.Publish(ctx, tx, Created{StudioID: st.ID, OwnerID: owner},
		MemberJoined{StudioID: st.ID, UserID: owner, Role: Owner})
}

// findSlug takes the plain slug, or one with a number, as people would, or one
// with a random end, which is free.
func findSlug(tx db.Tx, st *Studio) error {
	base := Slugify(st.Name)
	if checkSlug(st.Slug) == "" { // from an archive: the address that it had
		base = st.Slug
	}
	for i := 1; i <= 7; i++ {
		st.Slug = base
		switch {
		case i >= 5:
			st.Slug = withSuffix(base, randomEnd())
		case i > 1:
			st.Slug = withSuffix(base, strconv.Itoa(i))
		}
		if Reserved(st.Slug) {
			continue
		}
		free, err := takeSlug(tx, st.ID, st.Slug)
		if err != nil || free {
			return err
		}
	}
	return fmt.Errorf("no free slug was found for %q", base)
}

// randomEnd is six letters and digits of a UUID's random part.
func randomEnd() string {
	s := id.New().String()
	return s[len(s)-6:]
}

// ownedLimit keeps one person from taking all the good addresses.
const ownedLimit = 20

// Opening is the form that opens another studio.
type Opening struct {
	Key  string // idempotency key
	Name string
}

// Open makes another studio for a person, who owns it. A form that was sent
// twice gives the same studio. Invalid names the field name; Forbidden beyond
// twenty studios.
func (s *Service) Open(ctx context.Context, owner uuid.UUID, form Opening) (slug string, err error) {
	defer fault.Wrap(&err, "studios.Open(%s)", owner)
	if _, problem := parseName(form.Name); problem != "" {
		return "", fault.Field("name", problem)
	}
	err = s.db.Transact(ctx, func(tx db.Tx) error {
		scope := "studios.open:" + owner.String()
		s.recent.DropWith(tx, owner)
		prior, repeated, err := idem.Claim(ctx, tx, scope, form.Key)
		if err != nil || repeated {
			slug = prior
			return err
		}
		if err := tx.ScopeUser(owner); err != nil {
			return err
		}
		if n, err := countOwned(ctx, tx.Reader(), owner); err != nil {
			return err
		} else if n >= ownedLimit {
			return fault.Newf(fault.Forbidden, "You own %d studios already, and that is as many as one person can open.", n)
		}
		st, err := s.found(ctx, tx, Studio{ID: id.New(), Name: form.Name}, owner)
		if err != nil {
			return err
		}
		slug = st.Slug
		return idem.Finish(ctx, tx, scope, form.Key, slug)
	})
	return slug, err
}

// parseName cleans a studio's name; problem is the sentence for the field.
func parseName(s string) (name, problem string) {
	name = text.Line(s)
	switch {
	case text.Blank(name):
		return name, "Name your studio. You can change it later."
	case text.Length(name) > NameLimit:
		return name, fmt.Sprintf("%d characters at most.", NameLimit)
	}
	return name, ""
}
