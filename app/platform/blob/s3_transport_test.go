package blob

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sony/gobreaker/v2"
)

// answering is the way to a store, as a function.
type answering func(*http.Request) (*http.Response, error)

func (a answering) RoundTrip(r *http.Request) (*http.Response, error) { return a(r) }

func works() answering {
	return func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(strings.NewReader(""))}, nil
	}
}

// TestTransport_whoeverLeavesSaysNothing lets callers leave between the failures
// of a store, and while it is tried again: they change nothing.
func TestTransport_whoeverLeavesSaysNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, whoeverLeavesSaysNothing) // a rest is not over before its time
}

func whoeverLeavesSaysNothing(t *testing.T) {
	way := newTransport(time.Second, newBreaker())
	ask := func(ctx context.Context, next answering) error {
		t.Helper()
		way.next = next
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://store.example", nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := way.RoundTrip(r)
		if res != nil {
			_ = res.Body.Close()
		}
		return err
	}
	leave := func(why error) {
		t.Helper()
		ctx, cancel := context.WithCancelCause(t.Context())
		err := ask(ctx, func(r *http.Request) (*http.Response, error) {
			cancel(why)
			return nil, context.Cause(r.Context()) // as net/http says it
		})
		if !errors.Is(err, errLeft) {
			t.Errorf("who left got %v", err)
		}
	}
	broken := errors.New("the line is dead")
	fails := answering(func(*http.Request) (*http.Response, error) { return nil, broken })
	for range failuresInARow {
		if state := way.breaker.State(); state != gobreaker.StateClosed {
			t.Fatalf("the store is given up too early: %s", state)
		}
		leave(nil)
		leave(errors.New("the lock was lost"))
		if err := ask(t.Context(), fails); !errors.Is(err, broken) {
			t.Fatal(err)
		}
	}
	if err := ask(t.Context(), works()); !errors.Is(err, errAway) {
		t.Fatalf("after %d failures, with callers that left between them, the store is still asked: %v", failuresInARow, err)
	}
	eventually(t, func() error {
		if way.breaker.State() != gobreaker.StateHalfOpen {
			return errAway
		}
		return nil
	})
	leave(nil)
	if state := way.breaker.State(); state != gobreaker.StateHalfOpen {
		t.Errorf("one who left while the store was tried again made it %s", state)
	}
	if err := ask(t.Context(), works()); err != nil || way.breaker.State() != gobreaker.StateClosed {
		t.Errorf("a store that works again is %s: %v", way.breaker.State(), err)
	}
}
