package admin

import (
	"net/http"

	"vitrine/app/fault"
	"vitrine/web/page"
	"vitrine/web/site"
)

// RescueFactor is POST /admin/users/{user}/second-factor/off, for somebody who
// has lost phone and recovery codes. It stands behind Proven.
func (p *Pages) RescueFactor(c *site.Context) error {
	viewer, err := c.RequireViewer()
	if err != nil {
		return err
	}
	userID, err := idOf(c, "user")
	if err != nil {
		return err
	}
	form := suspendForm{known: c.Form("known")}
	err = p.Accounts.RescueFactor(c.Ctx(), userID, viewer.UserID, form.known)
	if fault.Is(err, fault.Invalid) {
		if form.refused, _, err = c.Refused(err); err != nil {
			return err
		}
		return p.oneUser(c, http.StatusUnprocessableEntity, form)
	}
	if fault.Is(err, fault.Conflict) {
		c.Flash(page.Warn, fault.MessageOf(err))
		return c.SeeOther(usersPath + "/" + userID.String())
	}
	return done(c, err, usersPath+"/"+userID.String(), "The second factor is off, and this person was told by mail.")
}
