// Package fault is the vocabulary of failure: a few kinds, one safe sentence
// for people, and the chain of causes for the log.
//
// A use case returns a fault when it can say what happened; everything else is
// Internal, which is logged with its chain and shown as a plain apology.
package fault

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

// Kind says what sort of failure an error is. The web layer maps each kind to
// one status and one page; nothing else may decide that.
type Kind int

// The kinds. Internal is the zero value, so that an unknown error is never
// mistaken for something a person did.
const (
	Internal        Kind = iota // 500: a bug or a broken part nobody foresaw
	NotFound                    // 404: no such thing, or not for this viewer
	Forbidden                   // 403: the viewer is known and may not
	Unauthenticated             // 401, answered as a redirect to the login page
	Invalid                     // 422: fields say what is wrong
	Conflict                    // 409: somebody was faster, or it exists already
	TooMany                     // 429: a limit, with the time to wait
	Unavailable                 // 503: a part cannot be reached; try again
)

var names = [...]string{"internal", "not found", "forbidden", "unauthenticated", "invalid", "conflict", "too many", "unavailable"}

func (k Kind) String() string {
	if k < 0 || int(k) >= len(names) {
		return names[Internal]
	}
	return names[k]
}

// Error is a failure of a known kind. Message may be shown to anybody; the
// cause and the operation are for the log alone.
type Error struct {
	Kind       Kind
	Message    string            // a sentence for people, or empty
	Fields     map[string]string // form field to sentence, for Invalid
	RetryAfter time.Duration     // for TooMany and Unavailable, zero when unknown
	op         string
	cause      error
}

func (e *Error) Error() string {
	if e.op != "" {
		return e.op + ": " + e.cause.Error() // the cause is the fault that was wrapped
	}
	s := e.Kind.String()
	if e.Message != "" {
		s += ": " + e.Message
	}
	for _, f := range e.Fields {
		s += " [" + f + "]"
	}
	if e.cause != nil {
		s += ": " + e.cause.Error()
	}
	return s
}

// Unwrap gives the cause, so that errors.Is and errors.As see through a fault.
func (e *Error) Unwrap() error { return e.cause }

// New makes a fault with a sentence that is safe to show.
func New(kind Kind, message string) error { return &Error{Kind: kind, Message: message} }

// Newf is New with formatting. Arguments end up in front of people.
func Newf(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, Message: fmt.Sprintf(format, args...)}
}

// Caused makes a fault whose cause goes to the log and is never shown.
func Caused(kind Kind, message string, cause error) error {
	return &Error{Kind: kind, Message: message, cause: cause}
}

// Later makes a TooMany or Unavailable fault that says when to come back.
func Later(kind Kind, message string, after time.Duration) error {
	return &Error{Kind: kind, Message: message, RetryAfter: after}
}

// Field makes an Invalid fault for one form field.
func Field(name, message string) error {
	return &Error{Kind: Invalid, Fields: map[string]string{name: message}}
}

// Fields makes an Invalid fault from a map of field to sentence. It returns
// nil for an empty map, so a validator can end with `return fault.Fields(bad)`.
func Fields(bad map[string]string) error {
	if len(bad) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Fields: maps.Clone(bad)}
}

// Wrap adds the operation to a returned error and keeps its kind. It is
// deferred first in an exported use case:
//
//	defer fault.Wrap(&err, "works.Publish(%s)", id)
func Wrap(err *error, format string, args ...any) {
	if *err == nil {
		return
	}
	op := fmt.Sprintf(format, args...)
	var f *Error
	if errors.As(*err, &f) {
		*err = &Error{Kind: f.Kind, Message: f.Message, Fields: f.Fields, RetryAfter: f.RetryAfter, op: op, cause: *err}
		return
	}
	*err = fmt.Errorf("%s: %w", op, *err)
}

// KindOf tells the kind of any error. A cancelled or timed-out context is
// Unavailable: nobody did anything wrong and a retry may work.
func KindOf(err error) Kind {
	var f *Error
	if errors.As(err, &f) {
		return f.Kind
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return Unavailable
	}
	return Internal
}

// Is tells whether the error is of the kind.
func Is(err error, kind Kind) bool { return err != nil && KindOf(err) == kind }

// MessageOf gives the sentence for people, or an empty string.
func MessageOf(err error) string {
	var f *Error
	if errors.As(err, &f) {
		return f.Message
	}
	return ""
}

// FieldsOf gives the messages per form field; nil when there are none.
func FieldsOf(err error) map[string]string {
	var f *Error
	if errors.As(err, &f) {
		return f.Fields
	}
	return nil
}

// RetryAfterOf tells how long to wait; zero when the error does not say.
func RetryAfterOf(err error) time.Duration {
	var f *Error
	if errors.As(err, &f) {
		return f.RetryAfter
	}
	return 0
}
