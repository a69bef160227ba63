package jobs_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/google/uuid"

	"vitrine/app/media/withdrawn"
	"vitrine/app/platform/bus"
	"vitrine/jobs"
)

// network remembers what it was asked to forget.
type network struct {
	forgot []string
	says   error
}

func (n *network) Purge(_ context.Context, paths ...string) error {
	n.forgot = append(n.forgot, paths...)
	return n.says
}

// What the public loses is purged by its address, and again while the network
// does not say yes.
func TestCDN_OnWithdrawn(t *testing.T) {
	t.Parallel()
	payload, err := json.Marshal(withdrawn.Files{StudioID: uuid.New(), Renditions: []string{"1f/w320.jpg", "1f/video.mp4"}})
	if err != nil {
		t.Fatal(err)
	}
	away := errors.New("nobody answers")
	n := &network{says: away}
	env := bus.Envelope{Name: withdrawn.Files{}.EventName(), Payload: payload}
	if err := (jobs.CDN{Network: n}).OnWithdrawn(t.Context(), env); !errors.Is(err, away) {
		t.Errorf("a network that is away: %v", err)
	}
	n.says = nil
	if err := (jobs.CDN{Network: n}).OnWithdrawn(t.Context(), env); err != nil {
		t.Error(err)
	}
	if want := []string{"/m/1f/w320.jpg", "/m/1f/video.mp4", "/m/1f/w320.jpg", "/m/1f/video.mp4"}; !slices.Equal(n.forgot, want) {
		t.Errorf("it forgot %v, want %v", n.forgot, want)
	}
}
