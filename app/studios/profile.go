package studios

import (
	"context"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/db"
	"vitrine/app/platform/text"
	"vitrine/app/platform/zone"
)

// Profile is the form of a studio's settings.
type Profile struct {
	Version     int64 // of the studio when the form was opened
	Name        string
	Slug        string
	Description string
	Location    string
	TimeZone    string // IANA name; empty leaves it as it is
	NoAI        bool   // asks machines not to train on anything of the studio
}

// parse cleans the profile. Invalid names the fields.
func (p Profile) parse() (Profile, error) {
	bad := map[string]string{}
	note := func(field, problem string) {
		if problem != "" {
			bad[field] = problem
		}
	}
	var problem string
	p.Name, problem = parseName(p.Name)
	note("name", problem)
	p.Slug = strings.ToLower(strings.TrimPrefix(text.Line(p.Slug), "@"))
	note("slug", checkSlug(p.Slug))
	p.Description = text.Block(p.Description)
	if n := text.Length(p.Description); n > DescriptionLimit {
		note("description", fmt.Sprintf("%d characters at most; these are %d.", DescriptionLimit, n))
	}
	p.Location = text.Line(p.Location)
	if text.Length(p.Location) > LocationLimit {
		note("location", fmt.Sprintf("%d characters at most.", LocationLimit))
	}
	if p.TimeZone != "" {
		name, known := zone.Parse(p.TimeZone)
		if p.TimeZone = name; !known {
			note("time_zone", "No time zone has this name. Choose one from the list, such as Europe/Lisbon.")
		}
	}
	return p, fault.Fields(bad)
}

// Update changes a studio's profile and slug on behalf of a member, and gives
// the studio as it is afterwards. A form that was sent twice changes nothing
// the second time. Forbidden or NotFound without the right role; Conflict when
// somebody changed the studio since the form was opened; Invalid names the
// fields name, slug, description, location, time_zone.
func (s *Service) Update(ctx context.Context, actor, studioID uuid.UUID, form Profile) (out Studio, err error) {
	defer fault.Wrap(&err, "studios.Update(%s)", studioID)
	clean, invalid := form.parse()
	err = s.db.Tenant(ctx, studioID, func(tx db.Tx) error {
		old, err := found(holdStudio(tx, studioID))
		if err != nil {
			return err
		}
		// Members change behind the same lock.
		role, err := roleOf(ctx, tx.Reader(), studioID, actor)
		if err != nil {
			return err
		}
		if err := role.Check(ChangeSettings); err != nil {
			return err
		}
		if err := Writable(tx, studioID, ChangeSettings); err != nil {
			return err
		}
		// Only a word that is new to the studio can be wrong for being reserved.
		if invalid != nil && !(clean.Slug == old.Slug && onlySlug(invalid)) {
			return invalid
		}
		out = old
		out.Name, out.Slug, out.Description, out.Location = clean.Name, clean.Slug, clean.Description, clean.Location
		out.NoAI = clean.NoAI
		if clean.TimeZone != "" {
			out.TimeZone = clean.TimeZone
		}
		if err := s.dropMembers(ctx, tx, studioID); err != nil {
			return err
		}
		if out == old {
			return nil // also the second of a form that was sent twice
		}
		if form.Version != old.Version {
			return fault.New(fault.Conflict, "Somebody changed these settings after you opened them. What you typed is still here; look at theirs first, or save again to replace them.")
		}
		return s.change(ctx, tx, actor, old, &out)
	})
	return out, err
}

// slugLimit keeps a studio from collecting addresses by renaming itself.
const slugLimit = 20

func onlySlug(err error) bool {
	fields := fault.FieldsOf(err)
	return len(fields) == 1 && fields["slug"] != ""
}

func (s *Service) change(ctx context.Context, tx db.Tx, actor uuid.UUID, old Studio, out *Studio) error {
	out.Version = old.Version + 1
	events := []bus.Event{Changed{StudioID: out.ID, Version: out.Version}}
	if out.Slug != old.Slug {
		if n, err := countSlugs(ctx, tx.Reader(), out.ID); err != nil {
			return err
		} else if n >= slugLimit {
			return fault.Field("slug", "This studio has had so many addresses that it cannot take another. A former one can be taken back.")
		}
		free, err := takeSlug(tx, out.ID, out.Slug)
		if err != nil {
			return err
		}
		if !free {
			return fault.Field("slug", "This address belongs or belonged to another studio. Choose another one.")
		}
		events = append(events, Renamed{StudioID: out.ID, From: old.Slug, To: out.Slug, Version: out.Version})
	}
	if err := updateStudio(tx, *out); err != nil {
		return err
	}
	return s.tell(ctx, tx, audit.Entry{ActorID: actor, StudioID: out.ID, Action: "studios.settings_changed", Note: noteOf(old, *out)}, events...)
}

// noteOf says what a change of the settings was about.
func noteOf(old, now Studio) string {
	if old.Slug != now.Slug {
		return "The address was " + old.Slug + " and is " + now.Slug + "."
	}
	if old.Name != now.Name {
		return "The name was " + old.Name + "."
	}
	if old.NoAI != now.NoAI {
		return "What machines may train on was changed."
	}
	if old.TimeZone != now.TimeZone {
		return "The time zone was " + old.TimeZone + " and is " + now.TimeZone + "."
	}
	return ""
}
