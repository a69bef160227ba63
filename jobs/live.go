package jobs

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/google/uuid"

	"vitrine/app/media"
	"vitrine/app/platform/bus"
	"vitrine/app/platform/live"
	"vitrine/app/studios"
)

// Live tells pages that are open what became of files. It bears repetition: a
// page that is told asks for the files as they are now.
type Live struct {
	Pages   live.Publisher // nil where no page can be open
	Studios *studios.Service
	Log     *slog.Logger
}

// MediaChanged is what a message of the kind "media" says: that a file is not as
// it was. The page asks for its rows.
type MediaChanged struct {
	StudioID uuid.UUID `json:"studio"`
	MediaID  uuid.UUID `json:"media"`
}

// OnMedia tells the studio's members, of whom the one who uploads is one; those
// without the page open do not hear it. Demo data is nobody's page.
func (l Live) OnMedia(ctx context.Context, env bus.Envelope) error {
	var fact media.Fact // which all events of media are
	if err := json.Unmarshal(env.Payload, &fact); err != nil || fact.Background || l.Pages == nil {
		return err
	}
	members, err := l.Studios.Members(ctx, fact.StudioID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if err := l.Pages.Publish(ctx, m.UserID, "media", MediaChanged{fact.StudioID, fact.MediaID}); err != nil {
			l.Log.WarnContext(ctx, "open pages could not be told of a file", "err", err)
			return nil // the page asks by itself, only later
		}
	}
	return nil
}
