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

// The browser that a person has signed in with before is remembered in a cookie
// that outlives the session; a login that waits for a second factor has one that
// is over in minutes. Both exist in this browser alone.
const (
	knownCookie    = "known"
	knownMaxAge    = 400 * 24 * time.Hour // the most that browsers keep
	waitingCookie  = "waiting"
	waitingMaxAge  = 10 * time.Minute
	waitingPath    = "/login"
	codesCookie    = "codes"
	codesMaxAge    = 10 * time.Minute
	codesPath      = "/me/security"
	maxCookieValue = 1000
)

// KnownBrowser is what the cookie of known browsers holds.
func (x *Exchange) KnownBrowser() string { return x.private(knownCookie) }

// SetKnownBrowser remembers this browser.
func (x *Exchange) SetKnownBrowser(value string) {
	x.setPrivate(knownCookie, value, "/", knownMaxAge)
}

// WaitingLogin is the login of this browser that waits for a second factor.
func (x *Exchange) WaitingLogin() string { return x.private(waitingCookie) }

// SetWaitingLogin lets a login wait in this browser; the empty one ends it.
func (x *Exchange) SetWaitingLogin(token string) {
	x.setPrivate(waitingCookie, token, waitingPath, waitingMaxAge)
}

// SealedCodes are recovery codes that this browser may show once more.
func (x *Exchange) SealedCodes() string { return x.private(codesCookie) }

// SetSealedCodes keeps them for a while; the empty string ends it.
func (x *Exchange) SetSealedCodes(sealed string) {
	x.setPrivate(codesCookie, sealed, codesPath, codesMaxAge)
}

func (x *Exchange) private(name string) string {
	ck, err := x.Request().Cookie(name)
	if err != nil || len(ck.Value) > maxCookieValue {
		return ""
	}
	return ck.Value
}

func (x *Exchange) setPrivate(name, value, path string, life time.Duration) {
	age := int(life.Seconds())
	if value == "" {
		age = -1
	}
	http.SetCookie(x.Response(), &http.Cookie{
		Name: name, Value: value, Path: path, MaxAge: age, HttpOnly: true, Secure: x.Secure(), SameSite: http.SameSiteLaxMode,
	})
}
