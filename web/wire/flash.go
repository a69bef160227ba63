package wire

import (
	"encoding/base64"
	"encoding/json"
	"net/http"

	"vitrine/web/page"
)

const flashCookie = "flash"

// Flash keeps a message for the next page, across the 303. It is a cookie, so
// it needs no session and no store; a person who edits it shows it to nobody
// but themselves.
func (x *Exchange) Flash(kind page.Kind, message string) {
	raw, err := json.Marshal(page.Flash{Kind: kind, Message: message})
	if err != nil {
		return // two strings always marshal
	}
	http.SetCookie(x.Response(), &http.Cookie{
		Name: flashCookie, Value: base64.RawURLEncoding.EncodeToString(raw), Path: "/", MaxAge: 60,
		HttpOnly: true, Secure: x.Secure(), SameSite: http.SameSiteLaxMode,
	})
}

// HasFlash tells whether a message waits for the next page.
func (x *Exchange) HasFlash() bool {
	_, err := x.Request().Cookie(flashCookie)
	return err == nil
}

// TakeFlash reads the message and removes it.
func (x *Exchange) TakeFlash() []page.Flash {
	ck, err := x.Request().Cookie(flashCookie)
	if err != nil {
		return nil
	}
	http.SetCookie(x.Response(), &http.Cookie{Name: flashCookie, Path: "/", MaxAge: -1, HttpOnly: true, Secure: x.Secure(), SameSite: http.SameSiteLaxMode})
	raw, err := base64.RawURLEncoding.DecodeString(ck.Value)
	if err != nil || len(raw) > 1024 {
		return nil
	}
	var f page.Flash
	if json.Unmarshal(raw, &f) != nil || f.Message == "" {
		return nil
	}
	return []page.Flash{{Kind: page.ParseKind(string(f.Kind)), Message: Clean(f.Message)}}
}
