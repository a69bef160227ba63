package archive

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/blob"
	"vitrine/app/platform/db"
)

func manifestName(volume int) string { return fmt.Sprintf("manifest-%d.json", volume) }

// expireBatch bounds one round; what is left comes with the next.
const expireBatch = 100

// Expire removes archives that can be fetched no longer and says how many. The
// objects go before the row, so that an interrupted removal goes on.
func (s *Service) Expire(ctx context.Context) (n int, err error) {
	defer fault.Wrap(&err, "archive.Expire")
	for {
		ids, err := expiredExports(ctx, s.DB.Read(ctx), s.Clock(), expireBatch)
		if err != nil {
			return n, err
		}
		for _, exportID := range ids {
			if err := s.drop(ctx, exportID); err != nil {
				return n, err
			}
			n++
		}
		if len(ids) < expireBatch {
			return n, s.sweep(ctx)
		}
	}
}

// drop removes an archive.
func (s *Service) drop(ctx context.Context, exportID uuid.UUID) error {
	var keys []string
	err := s.Blobs.List(ctx, "export/"+exportID.String()+"/", func(e blob.Entry) error {
		keys = append(keys, e.Key)
		return nil
	})
	for _, key := range keys {
		err = errors.Join(err, s.Blobs.Delete(ctx, key))
	}
	if err != nil {
		return err
	}
	return s.DB.Transact(ctx, func(tx db.Tx) error { return deleteExport(tx, exportID) })
}

// dropOthers removes what was made for the subject before.
func (s *Service) dropOthers(ctx context.Context, e Export) error {
	ids, err := exportsOf(ctx, s.DB.Read(ctx), Subject{e.Kind, e.SubjectID})
	if err != nil {
		return err
	}
	for _, other := range ids {
		if other == e.ID {
			continue
		}
		if err := s.drop(ctx, other); err != nil {
			return err
		}
	}
	return nil
}

// sweep removes objects that no export knows: a task that had not noticed yet
// that its archive is gone may have put one there. Those younger than a day may
// be on their way.
func (s *Service) sweep(ctx context.Context) error {
	var keys []string
	err := s.Blobs.List(ctx, "export/", func(e blob.Entry) error {
		name, _, _ := strings.Cut(strings.TrimPrefix(e.Key, "export/"), "/")
		exportID, err := uuid.Parse(name)
		if err != nil || s.Clock().Sub(e.ModTime) < 24*time.Hour {
			return nil //nolint:nilerr // not ours to judge, or too early
		}
		_, known, err := exportByID(ctx, s.DB.Read(ctx), exportID)
		if err == nil && !known {
			keys = append(keys, e.Key)
		}
		return err
	})
	for _, key := range keys {
		err = errors.Join(err, s.Blobs.Delete(ctx, key))
	}
	return err
}
