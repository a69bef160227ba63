package errlog

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/platform/audit"
	"vitrine/app/platform/db"
	"vitrine/app/platform/keyset"
)

// State is what people have made of a group.
type State string

// The states.
const (
	Open     State = "open"
	Resolved State = "resolved" // until it comes again
)

// Keep is how long a group is kept after it was seen last.
const Keep = 90 * 24 * time.Hour

// maxGroups bounds the table: a flood of failures that differ in their texts
// fills it and no more. The rest is counted as dropped.
const maxGroups = 2000

// upsert adds the batch to what is known, and tells how many occurrences had no
// room. A group that somebody resolved before it was seen again is open again.
func upsert(tx db.Tx, batch []Group) (refused int64, err error) {
	// In one order in every process, so that two never wait for each other.
	batch = slices.Clone(batch)
	slices.SortFunc(batch, func(a, b Group) int { return strings.Compare(a.Fingerprint.String(), b.Fingerprint.String()) })
	var sql strings.Builder
	args := make([]any, 0, 10*len(batch))
	for i, g := range batch {
		if i > 0 {
			sql.WriteString(", ")
		}
		sql.WriteString("(?::uuid, ?, ?, ?, ?, ?, ?, ?::bigint, ?::timestamptz, ?::timestamptz)")
		args = append(args, g.Fingerprint, g.Kind, g.Place, g.Title, g.Message, g.Stack, g.Version, g.Count, g.FirstSeen, g.LastSeen)
	}
	var written []uuid.UUID
	err = tx.SQL().Raw(`with room as (select count(*) as n from error_groups)
		insert into error_groups as g (fingerprint, kind, place, title, message, stack, version, count, first_seen, last_seen)
		select v.* from (values `+sql.String()+`) v (fingerprint, kind, place, title, message, stack, version, count, first_seen, last_seen)
		where (select n from room) < ? or exists (select from error_groups e where e.fingerprint = v.fingerprint)
		on conflict (fingerprint) do update set
			count = g.count + excluded.count, message = excluded.message, version = excluded.version,
			stack = case when excluded.stack = '' then g.stack else excluded.stack end,
			first_seen = least(g.first_seen, excluded.first_seen), last_seen = greatest(g.last_seen, excluded.last_seen),
			reopened = g.reopened + (case when g.state = 'resolved' and excluded.last_seen > g.resolved_at then 1 else 0 end),
			state = case when g.state = 'resolved' and excluded.last_seen > g.resolved_at then 'open' else g.state end
		returning fingerprint`, append(args, maxGroups)...).Scan(&written).Error
	if err != nil {
		return 0, fmt.Errorf("writing %d groups of errors: %w", len(batch), err)
	}
	for _, g := range batch {
		if !slices.Contains(written, g.Fingerprint) {
			refused += g.Count
		}
	}
	return refused, nil
}

const columns = `fingerprint, kind, place, title, message, stack, version, count, first_seen, last_seen, state, reopened, resolved_at, resolved_by`

// Groups lists groups of a state, those seen last first, limit of them; after is
// the place that an earlier page gave, or empty. next is empty at the end.
func (l *Log) Groups(ctx context.Context, state State, after string, limit int) (out []Group, next string, err error) {
	defer fault.Wrap(&err, "errlog.Groups")
	query, args := `select `+columns+` from error_groups where state = ?`, []any{state}
	if order, last, ok := keyset.Decode(after); ok && order <= math.MaxInt64 {
		query += ` and (last_seen, fingerprint) < (?::timestamptz, ?::uuid)`
		args = append(args, time.UnixMicro(int64(order)).UTC(), last)
	}
	err = l.db.Read(ctx).SQL(ctx).Raw(query+` order by last_seen desc, fingerprint desc limit ?`, append(args, limit+1)...).Scan(&out).Error
	if len(out) > limit {
		out = out[:limit]
		g := out[limit-1]
		next = keyset.Encode(uint64(max(0, g.LastSeen.UnixMicro())), g.Fingerprint)
	}
	return out, next, err
}

// Counts tells how many groups are open and how many resolved.
func (l *Log) Counts(ctx context.Context) (open, resolved int64, err error) {
	defer fault.Wrap(&err, "errlog.Counts")
	err = l.db.Read(ctx).SQL(ctx).Raw(`select count(*) filter (where state = 'open'), count(*) filter (where state = 'resolved') from error_groups`).
		Row().Scan(&open, &resolved)
	return open, resolved, err
}

// noGroup says that a group is not there.
const noGroup = "This error is not known here. It may be older than 90 days, or not written yet."

// Group finds one group. NotFound when there is none.
func (l *Log) Group(ctx context.Context, f uuid.UUID) (g Group, err error) {
	defer fault.Wrap(&err, "errlog.Group(%s)", f)
	res := l.db.Read(ctx).SQL(ctx).Raw(`select `+columns+` from error_groups where fingerprint = ?`, f).Scan(&g)
	if res.Error == nil && res.RowsAffected == 0 {
		return g, fault.New(fault.NotFound, noGroup)
	}
	return g, res.Error
}

// Resolve notes that somebody has mended it; the group opens again by itself
// when it comes again. Doing it twice does nothing more. NotFound when there is
// no such group. The act is audited.
func (l *Log) Resolve(ctx context.Context, actor, f uuid.UUID) error {
	return l.turn(ctx, actor, f, Resolved, "errors.resolved")
}

// Reopen takes Resolve back.
func (l *Log) Reopen(ctx context.Context, actor, f uuid.UUID) error {
	return l.turn(ctx, actor, f, Open, "errors.reopened")
}

func (l *Log) turn(ctx context.Context, actor, f uuid.UUID, to State, action string) (err error) {
	defer fault.Wrap(&err, "errlog.turn(%s, %s)", f, to)
	return l.db.Transact(ctx, func(tx db.Tx) error {
		var was State
		var title string
		err := tx.SQL().Raw(`select state, title from error_groups where fingerprint = ? for update`, f).Row().Scan(&was, &title)
		switch {
		case db.NotFound(err):
			return fault.New(fault.NotFound, noGroup)
		case err != nil || was == to:
			return err
		}
		var at *time.Time
		var by *uuid.UUID
		if to == Resolved {
			now := tx.Now()
			at, by = &now, &actor
		}
		if err := tx.SQL().Exec(`update error_groups set state = ?, resolved_at = ?, resolved_by = ? where fingerprint = ?`, to, at, by, f).Error; err != nil {
			return err
		}
		return audit.Write(ctx, tx, audit.Entry{ActorID: actor, Action: action, Subject: audit.Subject("error", f), Note: title})
	})
}

// forgetBatch is how many groups one call of Forget removes at most.
const forgetBatch = 5000

// Forget removes groups that were not seen for Keep, at most 5,000, and says
// how many.
func (*Log) Forget(_ context.Context, tx db.Tx) (int64, error) {
	res := tx.SQL().Exec(`delete from error_groups where fingerprint in (
		select fingerprint from error_groups where last_seen < ? limit ?)`, tx.Now().Add(-Keep), forgetBatch)
	return res.RowsAffected, res.Error
}
