package jobs

import (
	"context"
	"time"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/works"
	"vitrine/app/works/sitemap"
)

// WorksFellDue fires each minute: scheduled works open.
type WorksFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.works_fell_due.v1.
func (WorksFellDue) EventName() string { return "jobs.works_fell_due.v1" }

// Works reacts for works; the service has the worker's handle.
type Works struct {
	Service *works.Service
	Sitemap *sitemap.Service
}

// SitemapFellDue fires each hour: where its pages begin is found anew.
type SitemapFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.sitemap_fell_due.v1.
func (SitemapFellDue) EventName() string { return "jobs.sitemap_fell_due.v1" }

// OnSitemapFellDue finds where the pages of the sitemap begin.
func (w Works) OnSitemapFellDue(ctx context.Context, _ bus.Envelope) error {
	return w.Sitemap.Rebuild(ctx)
}

// OnFellDue opens the scheduled works whose time has come.
func (w Works) OnFellDue(ctx context.Context, _ bus.Envelope) error {
	_, err := w.Service.PublishDue(ctx)
	return err
}

// OnMediaUsable lets a file that can be shown now join its works.
func (w Works) OnMediaUsable(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[media.Usable](env)
	if err != nil {
		return err
	}
	return w.Service.MediaUsable(ctx, ev.StudioID, ev.MediaID)
}

// OnMediaDeleted takes a file that is gone out of its works.
func (w Works) OnMediaDeleted(ctx context.Context, env bus.Envelope) error {
	ev, err := bus.Decode[media.Deleted](env)
	if err != nil {
		return err
	}
	return w.Service.MediaGone(ctx, ev.StudioID, ev.MediaID)
}
