package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"vitrine/app/demo/catalog"
	"vitrine/app/platform/db"
	"vitrine/app/works/collections"
)

// collect hangs the studios' collections. Those that are there stay as they are,
// and works that are gone are left out.
func (f *filler) collect(ctx context.Context) error {
	all, many := f.all(), map[string]int{}
	for n, c := range catalog.Collections() {
		owner, ok := f.owners[c.Studio]
		if !ok {
			continue
		}
		many[c.Studio]++
		e := collections.Exported{ID: derivedPublic(owner.ID, "collection", n), Title: c.Title, About: c.About, Shown: true}
		e.CreatedAt = f.since.Add(-time.Duration(60-17*many[c.Studio]) * 24 * time.Hour)
		err := f.DB.Tenant(ctx, owner.ID, func(tx db.Tx) error {
			if err := f.hold(tx); err != nil {
				return err
			}
			here, err := publicIDs(tx, owner.ID)
			if err != nil {
				return err
			}
			for _, place := range c.Of(all) {
				if here[key(place)] != "" {
					e.Works = append(e.Works, key(place))
				}
			}
			if len(e.Works) == 0 {
				return nil
			}
			return f.Collections.Restore(ctx, tx, owner.ID, e, here)
		})
		if err != nil {
			return fmt.Errorf("the collection %s: %w", c.Title, err)
		}
	}
	return nil
}

// publicIDs are those of a studio's published demo works by their creation keys.
func publicIDs(tx db.Tx, studioID uuid.UUID) (map[string]string, error) {
	var rows []struct{ CreationKey, PublicID string }
	err := tx.SQL().Raw("select creation_key, public_id from works where studio_id = ? and creation_key like 'demo-work-%' and state = 'published'", studioID).Scan(&rows).Error
	out := make(map[string]string, len(rows))
	for _, r := range rows {
		out[r.CreationKey] = r.PublicID
	}
	return out, err
}
