package web

import (
	"vitrine/app/platform/telemetry"
)

// Services are what handlers call. The composition root builds them.
type Services struct {
	Identify Identify
	Metrics  *telemetry.Metrics
	Health   *telemetry.Health
}
