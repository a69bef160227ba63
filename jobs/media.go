package jobs

import (
	"context"
	"time"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
)

// UploadsFellDue fires every two minutes: what a dead process left between two
// steps is finished.
type UploadsFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.uploads_fell_due.v1.
func (UploadsFellDue) EventName() string { return "jobs.uploads_fell_due.v1" }

// ExpiryFellDue fires each hour: what waited too long for a person goes.
type ExpiryFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.expiry_fell_due.v1.
func (ExpiryFellDue) EventName() string { return "jobs.expiry_fell_due.v1" }

// StorageFellDue fires each night: the storage accounts are compared with what
// is there.
type StorageFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.storage_fell_due.v1.
func (StorageFellDue) EventName() string { return "jobs.storage_fell_due.v1" }

// EventPriority lets everything else of the queue go first.
func (StorageFellDue) EventPriority() int { return -10 }

// Media reacts for media, whose service here has the worker's handle. All of it
// bears repetition by itself.
type Media struct {
	*media.Service
}

// OnUploadsFellDue finishes what was left between two steps.
func (m Media) OnUploadsFellDue(ctx context.Context, _ bus.Envelope) error { return m.Tidy(ctx) }

// OnExpiryFellDue removes what nobody came back for.
func (m Media) OnExpiryFellDue(ctx context.Context, _ bus.Envelope) error { return m.Expire(ctx) }

// OnStorageFellDue corrects the accounts and removes objects that no row knows.
func (m Media) OnStorageFellDue(ctx context.Context, _ bus.Envelope) error { return m.Reconcile(ctx) }
