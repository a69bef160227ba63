package notices

import (
	"net/http"
	"strconv"

	"vitrine/app/notifications/notices"
	"vitrine/app/works"
	"vitrine/web/page"
	"vitrine/web/site"
	"vitrine/web/ui"
)

// ShowSettings is GET /notifications/settings.
func (p *Pages) ShowSettings(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	chosen, err := p.Notices.Settings(c.Ctx(), v.UserID)
	if err != nil {
		return err
	}
	return p.settings(c, v, http.StatusOK, settings{Hour: strconv.Itoa(chosen.Hour), Zone: chosen.Zone}, chosen)
}

func (p *Pages) settings(c *Context, v *site.Viewer, status int, f settings, chosen notices.Settings) error {
	for _, k := range notices.Kinds {
		f.Rows = append(f.Rows, choice{Kind: k, Name: kinds[k][0], Hint: kinds[k][1], Is: chosen.Channels[k], AlwaysThere: k.Fixed()})
	}
	own := "UTC"
	if len(v.Studios) > 0 && v.Studios[0].TimeZone != "" {
		own = v.Studios[0].TimeZone
	}
	f.Hours, f.Zones = hours(), []ui.Option{{Label: "That of your studio, " + own}}
	for _, name := range works.Zones[:] {
		f.Zones = append(f.Zones, ui.Option{Value: name, Label: name})
	}
	return c.Render(status, settingsPage(p.base(c, "What you hear"), f))
}

// Settings is POST /notifications/settings. Saving twice does no harm, so it has
// no key.
func (p *Pages) Settings(c *Context) error {
	v, err := c.RequireViewer()
	if err != nil {
		return err
	}
	if err := c.ParseForm(); err != nil {
		return err
	}
	f := settings{Hour: c.Form(notices.FieldHour), Zone: c.Form(notices.FieldZone)}
	chosen := notices.Settings{Channels: map[notices.Kind]notices.Channels{}, Zone: f.Zone}
	if chosen.Hour, err = strconv.Atoi(f.Hour); err != nil {
		chosen.Hour = -1
	}
	for _, k := range notices.Kinds {
		on := func(channel string) bool { return c.Form(string(k)+"_"+channel) != "" }
		chosen.Channels[k] = notices.Channels{Page: on("page"), Mail: on("mail"), Daily: on("daily")}
	}
	if err := p.Notices.Choose(c.Ctx(), v.UserID, chosen); err != nil {
		var status int
		if f.Refusal, status, err = c.Refused(err); err != nil {
			return err
		}
		return p.settings(c, v, status, f, chosen)
	}
	c.Flash(page.Good, "Saved.")
	return c.SeeOther(path + "/settings")
}
