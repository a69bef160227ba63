package telemetry

import (
	"slices"
	"sync"
	"time"
)

// Statement is one statement of a piece of work that is watched.
type Statement struct {
	SQL     string // its shape: bounded, literals blanked, never a parameter
	Took    time.Duration
	Rows    int64 // returned or changed
	Control bool  // begins or ends a transaction
	Failed  bool
}

// mostStatements is how many a watched piece of work keeps. A page that needs
// more has another problem, and its totals are counted all the same.
const mostStatements = 60

// watch keeps the statements of work whose maker wants to see them.
type watch struct {
	mu     sync.Mutex
	kept   []Statement
	layers []Layer
	on     bool
}

// Watch keeps the statements from here on, for Statements.
func (w *Work) Watch() {
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	w.watch.on = true
}

// Statements gives what was kept so far, in the order in which they ended.
func (w *Work) Statements() []Statement {
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	return slices.Clone(w.watch.kept)
}

// note keeps a statement, if anybody wants to see it.
func (w *Work) note(sql string, took time.Duration, rows int64, err error) {
	w.watch.mu.Lock()
	defer w.watch.mu.Unlock()
	if !w.watch.on || len(w.watch.kept) == mostStatements {
		return
	}
	w.watch.kept = append(w.watch.kept, Statement{SQL: Shorten(sql), Took: took, Rows: rows, Control: control(sql), Failed: err != nil})
}
