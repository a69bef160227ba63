package traffic

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"net"
	"net/url"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// ErrShed is an answer that the site refused for being full.
var ErrShed = errors.New("shed")

// Kind is what became of the visits of one kind.
type Kind struct {
	Took   []time.Duration // of those that went well, from when they were due
	Failed int
	Shed   int
	Why    map[string]int // how often each reason of a failure was met; the first 20 reasons
}

// reasons is how many different ones are kept of a kind.
const reasons = 20

// Sent is how many there were.
func (k *Kind) Sent() int { return len(k.Took) + k.Failed + k.Shed }

// At is a percentile (0 to 1) of those that went well, by nearest rank; 0 when
// none did.
func (k *Kind) At(p float64) time.Duration {
	if len(k.Took) == 0 {
		return 0
	}
	slices.Sort(k.Took)
	return k.Took[max(0, int(math.Ceil(p*float64(len(k.Took))))-1)]
}

// Report is what became of visits. It is complete when Phase, Stop, Run or Closed
// gave it.
type Report struct {
	mu     sync.Mutex
	kinds  map[string]*Kind
	late   atomic.Int64
	flying sync.WaitGroup
}

// NewReport gives an empty one.
func NewReport() *Report { return &Report{kinds: map[string]*Kind{}} }

// Add counts a visit that is back.
func (r *Report) Add(kind string, took time.Duration, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	k := r.kinds[kind]
	if k == nil {
		k = &Kind{Why: map[string]int{}}
		r.kinds[kind] = k
	}
	switch {
	case errors.Is(err, ErrShed):
		k.Shed++
	case err != nil:
		k.Failed++
		if why := reason(err); k.Why[why] > 0 || len(k.Why) < reasons {
			k.Why[why]++
		}
	default:
		k.Took = append(k.Took, took)
	}
}

// Kind is what became of one kind; an empty one when there was none.
func (r *Report) Kind(name string) *Kind {
	r.mu.Lock()
	defer r.mu.Unlock()
	if k := r.kinds[name]; k != nil {
		return k
	}
	return &Kind{}
}

// Kinds names the kinds, sorted.
func (r *Report) Kinds() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Sorted(maps.Keys(r.kinds))
}

// All adds the kinds up.
func (r *Report) All() *Kind {
	r.mu.Lock()
	defer r.mu.Unlock()
	sum := &Kind{Why: map[string]int{}}
	for _, k := range r.kinds {
		sum.Took = append(sum.Took, k.Took...)
		sum.Failed += k.Failed
		sum.Shed += k.Shed
		for why, n := range k.Why {
			sum.Why[why] += n
		}
	}
	return sum
}

// Join counts what another report has.
func (r *Report) Join(other *Report) {
	other.mu.Lock()
	defer other.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.late.Add(other.late.Load())
	for name, k := range other.kinds {
		own := r.kinds[name]
		if own == nil {
			own = &Kind{Why: map[string]int{}}
			r.kinds[name] = own
		}
		own.Took = append(own.Took, k.Took...)
		own.Failed += k.Failed
		own.Shed += k.Shed
		for why, n := range k.Why {
			own.Why[why] += n
		}
	}
}

// Late is how many visits left more than 20 ms after they were due: what they
// took is the generator's doing, or the machine's, as much as the site's.
func (r *Report) Late() int { return int(r.late.Load()) }

// String is for the log of a test.
func (r *Report) String() string {
	var b strings.Builder
	for _, name := range r.Kinds() {
		k := r.Kind(name)
		fmt.Fprintf(&b, "%s: %d sent, %d failed, %d shed, p50 %s, p99 %s %v\n", name, k.Sent(), k.Failed, k.Shed, k.At(.5), k.At(.99), k.Why)
	}
	fmt.Fprintf(&b, "%d left late", r.Late())
	return b.String()
}

// reason is an error without the address that it was met at, so that the same
// ones are counted together.
func reason(err error) string {
	var met *url.Error
	if errors.As(err, &met) {
		err = met.Err
	}
	var line *net.OpError
	if errors.As(err, &line) {
		err = line.Err
	}
	text := err.Error()
	if strings.HasPrefix(text, "/") {
		_, text, _ = strings.Cut(text, ": ")
	}
	return Clip(text, 160)
}

// Clip is the beginning of a text.
func Clip(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}
