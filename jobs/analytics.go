package jobs

import (
	"context"
	"time"

	"vitrine/app/analytics"
	"vitrine/app/platform/bus"
)

// StatisticsFellDue fires every few minutes: the statistics of what was looked at
// since the last time are made.
type StatisticsFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.statistics_fell_due.v1.
func (StatisticsFellDue) EventName() string { return "jobs.statistics_fell_due.v1" }

// Analytics reacts for analytics, whose service here has the worker's handle.
type Analytics struct {
	*analytics.Service
}

// OnStatisticsFellDue adds up.
func (a Analytics) OnStatisticsFellDue(ctx context.Context, _ bus.Envelope) error {
	return a.AddUp(ctx)
}
