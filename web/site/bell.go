package site

import (
	"context"
	"log/slog"
	"time"

	"github.com/google/uuid"

	"vitrine/app/notifications/notices"
)

// Bell counts what a member has not read.
type Bell interface {
	Unread(ctx context.Context, userID uuid.UUID) (notices.Unread, error)
}

// bellPatience is how long a page waits for the number in its bell: the page is
// good without it.
const bellPatience = time.Second

// Unread is what the viewer has not read; nothing for a visitor, and while it
// cannot be counted. Routes behind Apart do not ask: they answer when the
// connections that this needs are gone. One query, once per request.
func (c *Context) Unread() notices.Unread {
	c.unreadOnce.Do(func() {
		v, bell := c.Viewer(), c.site.conf.Bell
		if v == nil || bell == nil || c.apart {
			return
		}
		ctx, cancel := context.WithTimeout(c.Ctx(), bellPatience)
		defer cancel()
		unread, err := bell.Unread(ctx, v.UserID)
		if err != nil {
			c.site.Log().LogAttrs(ctx, slog.LevelWarn, "The bell of a page could not be counted", slog.Any("error", err))
			return
		}
		c.unread = unread
	})
	return c.unread
}
