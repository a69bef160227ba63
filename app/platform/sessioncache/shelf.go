package sessioncache

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"time"

	"github.com/google/uuid"

	"vitrine/app/platform/telemetry"
)

// Name is what a copy is kept under.
type Name string

func (n Name) key() string { return "who:" + string(n) }

func personKey(person uuid.UUID) string { return personPrefix + person.String() }

const (
	personPrefix  = "who:person:"
	generationKey = "who:generation"
)

// Shelf is where values of one type are kept. A version of the program whose type
// has other fields does not take its values for its own.
type Shelf[T any] struct{ word, shape string }

// NewShelf makes the shelf of a word, such as "session".
func NewShelf[T any](word string) Shelf[T] {
	var shape strings.Builder
	describe(&shape, reflect.TypeFor[T]())
	return Shelf[T]{word, shape.String()}
}

// Name is what the value of an id is kept under.
func (s Shelf[T]) Name(id string) Name { return Name(s.word + ":" + id) }

// describe writes down a type, with the fields of its own structs.
func describe(out *strings.Builder, t reflect.Type) {
	out.WriteString(t.String())
	switch {
	case t.Kind() == reflect.Slice || t.Kind() == reflect.Pointer:
		describe(out, t.Elem())
	case t.Kind() == reflect.Struct && t != reflect.TypeFor[time.Time]():
		for i := range t.NumField() {
			out.WriteString("," + t.Field(i).Name + " ")
			describe(out, t.Field(i).Type)
		}
	}
}

// Blank is leave to keep what is read from now on. The zero value keeps nothing.
type Blank[T any] struct {
	cache      *Cache
	shelf      Shelf[T]
	id         string
	generation string
	began      time.Time
}

// Recall reads what is kept of an id. When there is nothing, it gives leave to
// keep what the caller reads instead; without Redis that is the leave to keep
// nothing.
func (s Shelf[T]) Recall(ctx context.Context, c *Cache, id string) (value T, blank Blank[T], found bool) {
	if c == nil || !c.keeps || ctx.Value(rows{}) != nil {
		return value, blank, false
	}
	outcome, age := away, time.Duration(0)
	defer func() {
		c.meters.recalled.WithLabelValues(s.word, outcome).Inc()
		telemetry.Tell(ctx, telemetry.Layer{Of: s.word, From: outcome, Age: age})
	}()
	name, began := s.Name(id), c.clock()
	generation, entry, err := c.ask(ctx, name)
	if err != nil {
		return value, blank, false
	}
	blank = Blank[T]{cache: c, shelf: s, id: id, generation: generation, began: began}
	outcome = miss
	raw, old, ok := c.seal.open(s.shape, name, entry, began)
	if !ok {
		return value, blank, false
	}
	if !c.gives {
		outcome = unused
		return value, Blank[T]{}, false // it is there: no need to keep it again
	}
	if err := json.Unmarshal(raw, &value); err != nil {
		var nothing T
		return nothing, blank, false
	}
	outcome, age = hit, old
	return value, Blank[T]{}, true
}

// Keep keeps what its caller has read since, for the person it belongs to. That
// it could not be kept is nobody's concern.
func (b Blank[T]) Keep(ctx context.Context, person uuid.UUID, value T) {
	if b.cache == nil {
		return
	}
	raw, err := json.Marshal(value)
	left := Life - b.cache.clock().Sub(b.began)
	if err != nil || left < shortest || left > Life {
		return
	}
	name := b.shelf.Name(b.id)
	entry := b.cache.seal.close(b.shelf.shape, name, person, b.began, raw)
	_ = keep.Run(ctx, b.cache.redis, []string{name.key(), generationKey, personKey(person)},
		b.generation, word(), person.String(), entry, left.Milliseconds(), (2 * Life).Milliseconds()).Err()
}
