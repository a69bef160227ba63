package web

import (
	"context"

	"github.com/google/uuid"

	"vitrine/app/accounts"
	"vitrine/app/analytics"
	"vitrine/app/analytics/ranking"
	"vitrine/app/archive"
	"vitrine/app/demo"
	"vitrine/app/engagement"
	"vitrine/app/feed"
	"vitrine/app/media"
	"vitrine/app/moderation"
	"vitrine/app/notifications"
	"vitrine/app/notifications/notices"
	"vitrine/app/platform/live"
	"vitrine/app/platform/telemetry"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
	"vitrine/app/works/collections"
	"vitrine/app/works/links"
	"vitrine/app/works/sitemap"
	"vitrine/web/admin"
)

// Services are what handlers call. The composition root builds them on the
// app's database handle, except Mails, which only the mailbox page uses and the
// app's role may not read, and Demo, which belongs to no studio.
type Services struct {
	Accounts *accounts.Service
	Studios  *studios.Service
	Media    *media.Service
	Works    *works.Service
	// Collections and Links are works that belong together, and addresses for
	// those who have them.
	Collections *collections.Service
	Links       *links.Service
	Sitemap     *sitemap.Service
	// Engagement is what people do with works and studios.
	Engagement *engagement.Service
	Feed       *feed.Service
	Search     *search.Service
	Analytics  *analytics.Service
	Views      *analytics.Recorder // takes views; nil counts none
	Ranking    *ranking.Service
	Mails      *notifications.Service
	Notices    *notices.Service
	Metrics    *telemetry.Metrics
	Traces     *telemetry.Traces // nil makes no spans
	Health     *telemetry.Health
	Demo       DemoData // nil where there is none
	Archive    *archive.Service
	// Moderation tells authors how their works stand.
	Moderation *moderation.Service
	Admin      admin.Services
	Live       live.Hub // what open pages are told
}

// DemoData fills an empty house and empties it again.
type DemoData interface {
	Standing(ctx context.Context) (demo.Standing, error)
	Fill(ctx context.Context, admin uuid.UUID, key string) error
	Remove(ctx context.Context, admin uuid.UUID, key string) error
}
