package blob

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
	"github.com/sony/gobreaker/v2"

	"vitrine/app/fault"
)

// How a lost object store is noticed. A connection on which nothing moves for
// the patience is given up; joining the parts of a large object is silent for
// minutes. After so many failures in a row nobody asks any more until the rest
// is over, and then one request tries.
const (
	defaultPatience = 8 * time.Second
	defaultJoining  = 10 * time.Minute
	dialTime        = 2 * time.Second
	attempts        = 3
	failuresInARow  = 5
	breakerRest     = time.Second
	connections     = 64
)

var (
	errAway    = errors.New("it did not answer just now, and is not asked again for a second")
	errServer  = errors.New("it answered with an error of its own")
	errTooSlow = errors.New("it did not begin to answer in time")
	errLeft    = errors.New("whoever asked left before it answered")
)

// transport carries requests to the object store, none of which waits for ever.
type transport struct {
	next    http.RoundTripper
	breaker *breaker
}

// newTransport makes one for requests that may be silent for the patience.
func newTransport(patience time.Duration, b *breaker) transport {
	dialer, brisk := net.Dialer{Timeout: min(dialTime, patience)}, min(patience, defaultPatience)
	return transport{
		next: &http.Transport{
			DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := dialer.DialContext(ctx, network, addr)
				if err != nil {
					return nil, err
				}
				return moving{c, patience}, nil
			},
			Proxy:               http.ProxyFromEnvironment,
			TLSHandshakeTimeout: brisk, MaxIdleConns: connections, MaxIdleConnsPerHost: connections,
			// Shorter than the patience, which would end an idle connection as if it were stuck.
			IdleConnTimeout: brisk * 3 / 4, ExpectContinueTimeout: time.Second, DisableCompression: true,
		},
		breaker: b,
	}
}

// breaker is what all requests to a store know of it.
type breaker = gobreaker.CircuitBreaker[*http.Response]

func newBreaker() *breaker {
	return gobreaker.NewCircuitBreaker[*http.Response](gobreaker.Settings{ //nolint:bodyclose // there is no answer yet; who asks closes it
		Name: "object store", Timeout: breakerRest,
		ReadyToTrip: func(n gobreaker.Counts) bool { return n.ConsecutiveFailures >= failuresInARow },
		// Who leaves has learnt nothing: neither that it works nor that it does not.
		IsExcluded: func(err error) bool { return errors.Is(err, errLeft) },
	})
}

// isAway tells whether nobody asks the store at the moment, or only one who tries.
func isAway(b *breaker) bool { return b.State() != gobreaker.StateClosed }

// RoundTrip sends one request through the breaker.
func (t transport) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := t.breaker.Execute(func() (*http.Response, error) {
		res, err := t.next.RoundTrip(r)
		switch {
		case err != nil && errors.Is(context.Cause(r.Context()), errTooSlow):
			return nil, errTooSlow
		case err != nil && errors.Is(r.Context().Err(), context.Canceled):
			return nil, fmt.Errorf("%w: %w", errLeft, err)
		case err == nil && res.StatusCode >= http.StatusInternalServerError && res.StatusCode != http.StatusInsufficientStorage:
			return res, errServer // one that is full is there: what it has can be read
		}
		return res, err
	})
	switch {
	case errors.Is(err, errServer):
		return res, nil // what it says is in the answer
	case errors.Is(err, gobreaker.ErrOpenState), errors.Is(err, gobreaker.ErrTooManyRequests):
		return nil, errAway
	}
	return res, err
}

// moving is a connection on which something has to move within the patience.
type moving struct {
	net.Conn
	patience time.Duration
}

func (m moving) Read(p []byte) (int, error) {
	if err := m.SetReadDeadline(time.Now().Add(m.patience)); err != nil {
		return 0, err
	}
	return m.Conn.Read(p)
}

// Write also gives the answer, which somebody waits for already, more time.
func (m moving) Write(p []byte) (int, error) {
	if err := m.SetDeadline(time.Now().Add(m.patience)); err != nil {
		return 0, err
	}
	return m.Conn.Write(p)
}

// retries tries again what is likely to go well the next time, soon.
func retries() aws.Retryer {
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts, o.MaxBackoff = attempts, time.Second/2
		o.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(func(err error) aws.Ternary {
			if errors.Is(err, errAway) || errors.Is(err, errTooSlow) || errors.Is(err, errNobody) {
				return aws.FalseTernary
			}
			return aws.UnknownTernary
		})}, o.Retryables...)
	})
}

// begins bounds how long fn may take to begin to answer; what it opened lives as
// long as ctx or until end is called.
func begins[T any](ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) (out T, end func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	end = func() { cancel(nil) }
	timer := time.AfterFunc(limit, func() { cancel(errTooSlow) })
	out, err = fn(ctx)
	if !timer.Stop() && err == nil {
		err = errTooSlow
	}
	if err != nil {
		end()
	}
	return out, end, err
}

// within bounds the whole of fn.
func within[T any](ctx context.Context, limit time.Duration, fn func(context.Context) (T, error)) (T, error) {
	out, end, err := begins(ctx, limit, fn)
	end()
	return out, err
}

// code is what the object store calls an error; empty for one of the network.
func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// fault turns an error of the object store into one of ours. The cause says in a
// sentence what those who run the site should look at.
func (b *bucket) fault(ctx context.Context, err error) error {
	var known *fault.Error
	switch {
	case err == nil, errors.As(err, &known):
		return err
	case ctx.Err() != nil && errors.Is(ctx.Err(), context.Canceled):
		return ctx.Err()
	}
	why := "the object store at %s does not do what it is asked"
	switch code(err) {
	case "InvalidAccessKeyId", "SignatureDoesNotMatch", "InvalidAccessKey", "ExpiredToken", "InvalidToken":
		why = "the object store at %s does not know S3_ACCESS_KEY, or S3_SECRET_KEY is another one's"
	case "NoSuchBucket":
		why = "the object store at %s has no bucket of the name in S3_BUCKET"
	case "AccessDenied", "Forbidden", "AllAccessDisabled":
		why = "the object store at %s lets S3_ACCESS_KEY not read, write, list and delete in the bucket"
	case "InsufficientStorage", "XMinioStorageFull", "QuotaExceeded":
		why = "the object store at %s is full; it needs more room"
	case "RequestTimeTooSkewed":
		why = "the object store at %s has another time than this machine"
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
		why = "the object store at %s keeps the bucket in another region than S3_REGION"
	case "NotFound", "MethodNotAllowed", "UnknownError": // what a web server says
		why = "what answers at %s is no object store"
	case "":
		why = "the object store at %s does not answer"
	}
	switch {
	case errors.Is(err, errStrange):
		why = "what answers at %s is no object store"
	case errors.Is(err, errNobody): // whoever was asked has codes, too
		why = "the object store at %s needs S3_ACCESS_KEY and S3_SECRET_KEY, or a machine with a role"
	}
	return unusable(fmt.Errorf(why+": %w", b.where, err))
}

// errStrange is an answer that an object store would not give.
var errStrange = errors.New("the answer is not one of S3")
