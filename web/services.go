package web

import (
	"vitrine/app/accounts"
	"vitrine/app/media"
	"vitrine/app/notifications"
	"vitrine/app/platform/telemetry"
	"vitrine/app/search"
	"vitrine/app/studios"
	"vitrine/app/works"
)

// Services are what handlers call. The composition root builds them on the
// app's database handle, except Mails, which only the mailbox page uses and the
// app's role may not read.
type Services struct {
	Accounts *accounts.Service
	Studios  *studios.Service
	Media    *media.Service
	Works    *works.Service
	Search   *search.Service
	Mails    *notifications.Service
	Metrics  *telemetry.Metrics
	Health   *telemetry.Health
}
