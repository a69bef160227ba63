package web

import (
	"net/http"

	"vitrine/web/views"
)

// devUI shows every component in every state, with fixed data.
func (s *Server) devUI(c *Context) error {
	return c.Render(http.StatusOK, views.DevUI(s.Base(c, "Components")))
}
