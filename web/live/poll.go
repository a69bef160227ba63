package live

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"vitrine/app/fault"
	"vitrine/app/platform/live"
	"vitrine/web/site"
)

// askAgain is how long a page waits until it asks again.
const askAgain = 10 * time.Second

// answer is what a page that asks is told.
type answer struct {
	Position string         `json:"position"`
	Missed   bool           `json:"missed,omitempty"` // ask for everything
	Messages []live.Message `json:"messages"`
	Again    int            `json:"again"` // seconds until the next question
}

// Poll is GET /live/poll?after=POSITION&kinds=notice: what the connection would
// have told, for pages that have none. While nobody knows what that is, it says
// that something may have been missed.
func (p *Pages) Poll(c *site.Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	position := p.conf.Hub.Position()
	b, err := p.since(c.Ctx(), v.UserID, c.Query("after"))
	if errors.Is(err, errAway) { // the rows know what the hub does not
		b, err = p.everything(c.Ctx(), v.UserID, position)
	}
	if err != nil {
		return fault.Caused(fault.Unavailable, "What is new cannot be told at the moment.", err)
	}
	p.meters.polls.Inc()
	out := answer{Position: b.Position, Missed: b.Missed, Messages: []live.Message{}, Again: int(askAgain.Seconds())}
	for kinds := kindsOf(c.Query("kinds")); len(b.Messages) > 0; b.Messages = b.Messages[1:] {
		if m := b.Messages[0]; wants(kinds, m.Kind) {
			out.Messages = append(out.Messages, m)
		}
	}
	body, err := json.Marshal(out)
	if err != nil {
		return err
	}
	return c.Bytes(http.StatusOK, "application/json", body)
}
