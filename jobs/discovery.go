package jobs

import "time"

// RankingFellDue fires every few minutes: what is popular is counted anew.
type RankingFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.ranking_fell_due.v1.
func (RankingFellDue) EventName() string { return "jobs.ranking_fell_due.v1" }

// RecountFellDue fires each day: the words that a search knows are counted.
type RecountFellDue struct {
	Slot time.Time `json:"slot"`
}

// EventName is jobs.recount_fell_due.v1.
func (RecountFellDue) EventName() string { return "jobs.recount_fell_due.v1" }

// EventPriority lets everything else of the queue go first.
func (RecountFellDue) EventPriority() int { return -10 }
