package blob

import (
	"context"
	"errors"
	"fmt"
	"io"

	"vitrine/app/fault"
)

// Set is every store that a process reaches: the main one takes what is new,
// and rows say of each object in which it lies. As a Store it looks in the main
// one first and then in the others, so an object is found wherever it lies, and
// while it is moved.
type Set struct {
	Store // the main one: Put, Adopt, Name and Check are its
	all   []Store
}

// NewSet puts the main store and the others together.
func NewSet(main Store, others ...Store) *Set {
	return &Set{Store: main, all: append([]Store{main}, others...)}
}

// OpenAll makes the store that the configuration names, and the other ones that
// it locates: what lies there is found until it was moved.
func OpenAll(c Config) (*Set, error) {
	main, err := Open(c)
	if err != nil {
		return nil, err
	}
	other := c
	switch {
	case c.Kind == "disk" && c.S3.Bucket != "":
		other.Kind = "s3"
	case c.Kind == "s3" && c.Dir != "":
		other.Kind = "disk"
	default:
		return NewSet(main), nil
	}
	beside, err := Open(other)
	if err != nil {
		return nil, err
	}
	return NewSet(main, beside), nil
}

// All gives every store, the main one first.
func (s *Set) All() []Store { return s.all }

// In gives the store of a name. Unavailable when this process does not reach it.
func (s *Set) In(name string) (Store, error) {
	for _, one := range s.all {
		if one.Name() == name {
			return one, nil
		}
	}
	return nil, unusable(fmt.Errorf("an object lies in the store %q, which is not configured here", name))
}

// OpenIn opens an object that a row says to lie in a store. It may have been
// moved since the row was read.
func (s *Set) OpenIn(ctx context.Context, store, key string) (Object, error) {
	o, _, err := first(s, store, func(one Store) (Object, error) { return one.Open(ctx, key) })
	return o, err
}

// LocalIn is Local of an object that a row says to lie in a store.
func (s *Set) LocalIn(ctx context.Context, store, key string) (path string, release func(), err error) {
	path, _, err = first(s, store, func(one Store) (path string, err error) {
		path, release, err = one.Local(ctx, key)
		return path, err
	})
	return path, release, err
}

// Find tells the size of an object and in which store it lies.
func (s *Set) Find(ctx context.Context, key string) (size int64, in Store, err error) {
	return first(s, s.Name(), func(one Store) (int64, error) { return one.Size(ctx, key) })
}

// first asks the named store and then, for what is not there, the others.
func first[T any](s *Set, name string, ask func(Store) (T, error)) (out T, in Store, err error) {
	if in, err = s.In(name); err != nil {
		return out, nil, err
	}
	if out, err = ask(in); !fault.Is(err, fault.NotFound) {
		return out, in, err
	}
	for _, other := range s.all {
		if other.Name() == name {
			continue
		}
		found, e := ask(other)
		if e == nil {
			return found, other, nil
		}
		if !fault.Is(e, fault.NotFound) {
			return out, nil, e // it may lie there
		}
	}
	return out, nil, err
}

// Open looks in every store.
func (s *Set) Open(ctx context.Context, key string) (Object, error) {
	return s.OpenIn(ctx, s.Name(), key)
}

// Size looks in every store.
func (s *Set) Size(ctx context.Context, key string) (int64, error) {
	size, _, err := s.Find(ctx, key)
	return size, err
}

// Local looks in every store.
func (s *Set) Local(ctx context.Context, key string) (string, func(), error) {
	return s.LocalIn(ctx, s.Name(), key)
}

// Delete removes an object wherever it lies.
func (s *Set) Delete(ctx context.Context, key string) error {
	var errs []error
	for _, one := range s.all {
		errs = append(errs, one.Delete(ctx, key))
	}
	return errors.Join(errs...)
}

// List goes through every store. An object that is being moved comes twice.
func (s *Set) List(ctx context.Context, prefix string, fn func(Entry) error) error {
	for _, one := range s.all {
		if err := one.List(ctx, prefix, fn); err != nil {
			return err
		}
	}
	return nil
}

// inOnePart gives what a part-sized reader needs, for readers that can tell their
// size and be read again.
func inOnePart(r io.Reader) (*io.SectionReader, bool) {
	s, ok := r.(*io.SectionReader)
	return s, ok && s.Size() <= partSize
}
