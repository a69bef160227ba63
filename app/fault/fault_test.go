package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func TestWrap_keepsKindMessageAndChain(t *testing.T) {
	base := Caused(NotFound, "This work is not here.", io.ErrUnexpectedEOF)
	inner := func() (err error) {
		defer Wrap(&err, "store.ByID(%d)", 7)
		return base
	}
	outer := func() (err error) {
		defer Wrap(&err, "works.Show")
		return inner()
	}
	err := outer()
	if KindOf(err) != NotFound || MessageOf(err) != "This work is not here." {
		t.Fatalf("kind %v, message %q", KindOf(err), MessageOf(err))
	}
	if !errors.Is(err, io.ErrUnexpectedEOF) || !errors.Is(err, base) {
		t.Error("the cause is lost")
	}
	for _, part := range []string{"works.Show", "store.ByID(7)", "unexpected EOF"} {
		if strings.Count(err.Error(), part) != 1 {
			t.Errorf("%q should say %q once", err, part)
		}
	}
}

func TestWrap_plainErrorStaysInternal(t *testing.T) {
	err := io.EOF
	Wrap(&err, "op")
	if KindOf(err) != Internal || !errors.Is(err, io.EOF) {
		t.Errorf("got %v", err)
	}
	var none error
	Wrap(&none, "op")
	if none != nil {
		t.Error("nil must stay nil")
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range []struct {
		err  error
		want Kind
	}{
		{nil, Internal},
		{Field("email", "Enter an address."), Invalid},
		{fmt.Errorf("x: %w", New(Conflict, "Taken.")), Conflict},
		{context.DeadlineExceeded, Unavailable},
		{Later(TooMany, "Wait.", time.Minute), TooMany},
	} {
		if got := KindOf(c.err); got != c.want {
			t.Errorf("KindOf(%v) = %v, want %v", c.err, got, c.want)
		}
	}
	if Is(nil, Internal) {
		t.Error("no error is of no kind")
	}
	if RetryAfterOf(Later(TooMany, "Wait.", time.Minute)) != time.Minute {
		t.Error("the wait is lost")
	}
}

func TestFields_emptyIsNil(t *testing.T) {
	if err := Fields(map[string]string{}); err != nil {
		t.Errorf("got %v", err)
	}
	if got := FieldsOf(Fields(map[string]string{"title": "Give it a title."}))["title"]; got != "Give it a title." {
		t.Errorf("got %q", got)
	}
}
