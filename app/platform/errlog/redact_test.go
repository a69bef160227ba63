package errlog_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"vitrine/app/fault"
	"vitrine/app/platform/errlog"
	"vitrine/app/platform/id"
)

// hostile are messages that hold what may never be kept; the needle is it.
func hostile() map[string]string {
	token, _ := id.Token()
	return map[string]string{
		"login of mara@harbour.example failed":                                "mara",
		"550 5.1.1 <Mara.O'Neill+x@mail.harbour.example>: no such user":       "Neill",
		"mara%40harbour.example is taken":                                     "mara",
		"müller@häfen.example":                                                "müller",
		"password=hunter2&x=1":                                                "hunter2",
		`{"email":"m@h.example","password":"correct horse battery staple"}`:   "horse",
		"the password is hunter2":                                             "hunter2",
		"Password: 'a short sentence works'":                                  "sentence",
		"postgres://vitrine:s3cret@10.0.0.7:5432/vitrine":                     "s3cret",
		"smtp://post:pa:ss@word@mail.example:587 refused":                     "pa:ss",
		"https://vitrine.example/verify/" + token + " was opened":             token,
		"GET /reset/" + token[:12] + " took long":                             token[:12],
		"no link for " + token:                                                token,
		"Authorization: Bearer abcdef123456":                                  "abcdef123456",
		"Authorization: Basic dXNlcjpwYXNz":                                   "dXNlcjpwYXNz",
		"Cookie: vitrine_session=" + token + "; studio=harbour":               token,
		"hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a": "9f86d081884c7d659a2feaa0c55ad015",
		"api_key=AKIA123 was refused":                                         "AKIA123",
		"recovery code: 7HX2-99QP":                                            "7HX2",
		"https://errors.example/api/1/envelope/?sentry_key=deadbeef12345678":  "deadbeef",
		"write tcp 10.0.0.1:8080->203.0.113.9:4711: broken pipe":              "203.0.113.9",
		(&pgconn.PgError{Severity: "ERROR", Code: "22P02", Message: `invalid input syntax for type uuid: "hunter2"`}).Error(): "hunter2",
		`Key (email_key)=(mara at harbour) already exists.`:                                                                   "mara",
		"tok\x00en=\xff" + token: token,
	}
}

func TestRedact_hostile(t *testing.T) {
	t.Parallel()
	h := newLogOnly(t)
	for text, needle := range hostile() {
		if got := errlog.Redact(text); strings.Contains(got, needle) {
			t.Errorf("%q keeps %q:\n%s", text, needle, got)
		}
		if got := errlog.Title(text); strings.Contains(got, needle) {
			t.Errorf("the title of %q keeps %q:\n%s", text, needle, got)
		}
		for _, err := range []error{errors.New(text), fmt.Errorf("works.Publish(%s): %w", id.New(), fault.Caused(fault.Unavailable, "Later.", errors.New(text))), errlog.Recovered(text), errors.Join(errors.New("first"), errors.New(text))} {
			h.Record(errlog.Internal, "POST /login", err)
		}
	}
	for _, g := range h.Waiting() {
		for text, needle := range hostile() {
			if all := g.Title + g.Message + g.Stack; strings.Contains(all, needle) {
				t.Errorf("%q came through: %s", text, all)
			}
		}
	}
}

// What helps is kept.
func TestRedact_keeps(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"works.Publish(01890a5d-ac96-774b-bcce-b302099a8057): conflict: This work was changed meanwhile.",
		`ERROR: duplicate key value violates unique constraint "users_email_key" (SQLSTATE 23505)`,
		"dial tcp 10.0.0.7:5432: connect: connection refused",
		"open /var/lib/vitrine/blobs/rendition: no space left on device",
		"vitrine/web/site.(*Site).RecoverPanic.func1",
		"github.com/labstack/echo/v4/middleware.GzipWithConfig",
		"net/http.serverHandler.ServeHTTP",
		"vitrine/app/notifications.(*Service).OnPasswordChangedAndAnnounced",
	} {
		if got := errlog.Redact(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestRedactJSON(t *testing.T) {
	t.Parallel()
	token, _ := id.Token()
	got := errlog.RedactJSON(`{"media_id": "01890a5d-ac96-774b-bcce-b302099a8057", "email": "mara@harbour.example", "token": "` + token + `", "key": "` + token + `", "n": 7}`)
	if want := `{"media_id": "01890a5d-ac96-774b-bcce-b302099a8057", "email": "[address]", "token": [removed], "key": "[removed]", "n": 7}`; got != want {
		t.Error(got)
	}
}

func TestTitle(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"works.Publish(01890a5d-ac96-774b-bcce-b302099a8057): reading: EOF":                    "works.Publish(…): reading: EOF",
		`ERROR: duplicate key value violates unique constraint "users_2_key" (SQLSTATE 23505)`: `ERROR: duplicate key value violates unique constraint "users_2_key" (SQLSTATE 23505)`,
		"invalid [email] [name]: no":                                         "invalid: no",
		"invalid [name] [email]: no":                                         "invalid: no",
		`strconv.Atoi: parsing "12x": invalid syntax`:                        `strconv.Atoi: parsing "…": invalid syntax`,
		"dial tcp 10.0.0.7:5432: connect: connection refused":                "dial tcp #:#: connect: connection refused",
		`Post "https://errors.example/api/1?x=2": context deadline exceeded`: `Post "…": context deadline exceeded`,
		"task 7 took 3.5s of\n\t12,000":                                      "task # took #s of #",
		"address 0xc000123456":                                               "address #",
	} {
		if got := errlog.Title(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
	if got := errlog.Title(strings.Repeat("wörd ", 400)); len(got) > 310 {
		t.Errorf("a title of %d bytes", len(got))
	}
}
