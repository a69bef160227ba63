package web

import (
	"context"
	"fmt"
	"log/slog"

	"vitrine/app/demo"
	"vitrine/app/fault"
	"vitrine/app/platform/idem"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
	"vitrine/web/views"
)

// fillDemo is POST /demo/fill, of admins.
func (s *Server) fillDemo(c *Context) error {
	return s.changeDemo(c, func(ctx context.Context, v *site.Viewer, key string) error {
		return s.Demo.Fill(ctx, v.UserID, key)
	}, "Demo works are on their way. The first hang in a few seconds.")
}

// removeDemo is POST /demo/remove, of admins.
func (s *Server) removeDemo(c *Context) error {
	return s.changeDemo(c, func(ctx context.Context, v *site.Viewer, key string) error {
		return s.Demo.Remove(ctx, v.UserID, key)
	}, "The demo works are gone. Their files and studios follow in the background.")
}

func (s *Server) changeDemo(c *Context, change func(context.Context, *site.Viewer, string) error, done string) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if s.Demo == nil {
		return fault.New(fault.NotFound, "")
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	err = change(c.Ctx(), viewer, c.Form("idempotency_key"))
	switch {
	case fault.Is(err, fault.Conflict):
		c.Flash(page.Warn, fault.MessageOf(err))
	case err != nil:
		return err
	default:
		c.Flash(page.Good, done)
	}
	return c.SeeOther("/studio")
}

// demoNotice is what the admin's dashboard says of the demo data; nil for
// everybody else. One query, for admins alone. It is a hint: a dashboard does
// not fail for it.
func (s *Server) demoNotice(c *Context, viewer *site.Viewer) *views.DemoNotice {
	if !viewer.Admin || s.Demo == nil {
		return nil
	}
	at, err := s.Demo.Standing(c.Ctx())
	if err != nil {
		s.Log().LogAttrs(c.Ctx(), slog.LevelWarn, "the demo data was left out of the dashboard", slog.Any("err", err))
		return nil
	}
	n := &views.DemoNotice{Key: idem.NewKey()}
	remove := &ui.Confirm{
		Label: "Remove the demo works", Question: "Remove all demo studios with their works? They are gone from every page at once. You can fill the house again later.",
		Act: ui.Button{Label: "Remove all of them"}, Small: true,
	}
	studios := ui.NumberWord(at.Studios) + " demo studios"
	if at.Studios == 1 {
		studios = "One demo studio"
	}
	switch at.State {
	case demo.Filling:
		n.Text, n.Remove = "Demo studios are moving in.", remove
		if at.Studios > 0 {
			verb := "hang"
			if at.Studios == 1 {
				verb = "hangs"
			}
			n.Text = fmt.Sprintf("%s %s here, %s of %s works so far. They wait while you upload.", studios, verb, ui.Thousands(at.Works), ui.Thousands(at.Of))
		}
		n.Bar = &ui.Bar{Label: "Demo works", Percent: at.Works * 100 / max(1, at.Of)}
	case demo.Full:
		n.Text, n.Remove = fmt.Sprintf("%s with %s hang here, each marked as demo.", studios, ui.Count(at.Works, "work", "works")), remove
	case demo.Removing:
		n.Text = "The demo works are gone from every page. Their files and studios are being removed."
	default:
		n.Text, n.Fill = "An empty house explains little: twelve demo studios can show what a full one looks like.", true
	}
	return n
}
