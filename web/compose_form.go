package web

import (
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/fault"
	"vitrine/app/media"
	"vitrine/web/compose"
)

const composeTime = 6 * time.Hour // a film of 2 GB by a slow line, without scripts

// readCompose reads the form; its files go into the draft as they arrive.
func (s *Server) readCompose(c *Context, at composing, draftKey string) (compose.Form, error) {
	s.WaitFor(c, composeTime)
	f, whole, err := compose.Read(c.Response(), c.Request(), func(f compose.File) (uuid.UUID, string, error) {
		id, err := s.Media.Import(c.Ctx(), media.Begin{
			Sender: media.Sender{StudioID: at.actor.StudioID, UserID: at.actor.UserID}, DraftKey: draftKey,
			Filename: f.Name, ContentType: f.ContentType, Key: f.Key,
		}, f.Body)
		switch {
		case fault.Is(err, fault.Invalid), fault.Is(err, fault.TooMany):
			return id, sentenceOf(err), nil
		case fault.Is(err, fault.Unavailable) && c.Ctx().Err() == nil:
			// A full disk, say: the words that come after this file must not be lost.
			s.Log().WarnContext(c.Ctx(), "a file was not taken", "route", c.Route(), "err", err)
			return id, f.Name + " could not be taken, because the server takes no files at the moment. Choose it again in a while.", nil
		}
		return id, "", err
	})
	if whole {
		c.KeepForm(f.Values)
	}
	return f, err
}

// sentenceOf is what a fault tells people, in one line.
func sentenceOf(err error) string {
	if m := fault.MessageOf(err); m != "" {
		return m
	}
	var all []string
	for _, m := range fault.FieldsOf(err) {
		all = append(all, m)
	}
	return strings.Join(all, " ")
}
