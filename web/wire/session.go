package wire

import (
	"net/http"
	"time"
)

// The session cookie. The prefix makes browsers refuse it from a sibling
// domain or over http; it needs https, which development does not have.
const (
	sessionCookie       = "__Host-session"
	sessionCookiePlain  = "session"
	sessionCookieMaxAge = 30 * 24 * time.Hour
)

// SessionToken is what the session cookie holds, empty when there is none.
func (x *Exchange) SessionToken() string {
	name := sessionCookiePlain
	if x.Secure() {
		name = sessionCookie
	}
	ck, err := x.Request().Cookie(name)
	if err != nil || len(ck.Value) > 128 {
		return ""
	}
	return ck.Value
}

// SetSession gives the browser a session, or extends it.
func (x *Exchange) SetSession(token string) {
	name := sessionCookiePlain
	if x.Secure() {
		name = sessionCookie
	}
	http.SetCookie(x.Response(), &http.Cookie{
		Name: name, Value: token, Path: "/", MaxAge: int(sessionCookieMaxAge.Seconds()),
		HttpOnly: true, Secure: x.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// EndSession takes the session from the browser.
func (x *Exchange) EndSession() {
	for _, name := range []string{sessionCookie, sessionCookiePlain} {
		http.SetCookie(x.Response(), &http.Cookie{
			Name: name, Path: "/", MaxAge: -1,
			HttpOnly: true, Secure: name == sessionCookie, SameSite: http.SameSiteLaxMode,
		})
	}
}
