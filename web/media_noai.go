package web

import (
	"context"
	"sync"
	"time"

	"github.com/google/uuid"

	"vitrine/app/studios"
)

// noAI remembers which studios ask machines not to train on what they show, for
// the header of every picture: pictures are asked for by the dozen, and a page
// would otherwise cost a query for each. It may be behind by as long as it
// remembers, as a CDN is.
type noAI struct {
	studios *studios.Service
	mu      sync.Mutex
	known   map[uuid.UUID]asked
}

type asked struct {
	yes bool
	at  time.Time
}

const (
	rememberNoAI = 10 * time.Second
	mostNoAI     = 4096 // studios; then it begins anew
)

// asked tells what a studio asks for. While that cannot be found out, it is said
// to ask: the picture comes all the same.
func (n *noAI) asked(ctx context.Context, studioID uuid.UUID) bool {
	now := time.Now()
	n.mu.Lock()
	known, ok := n.known[studioID]
	n.mu.Unlock()
	if ok && now.Sub(known.at) < rememberNoAI {
		return known.yes
	}
	found, err := n.studios.ByIDs(ctx, []uuid.UUID{studioID})
	if err != nil {
		return true
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.known == nil || len(n.known) >= mostNoAI {
		n.known = map[uuid.UUID]asked{}
	}
	n.known[studioID] = asked{yes: found[studioID].NoAI, at: now}
	return found[studioID].NoAI
}
