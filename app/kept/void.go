package kept

import (
	"vitrine/app/platform/bus"
)

// rule is one event and what it voids.
type rule struct {
	event  string
	of     func(ev bus.Event) (subjects []string, is bool)
	decode func(env bus.Envelope) ([]string, error)
}

func on[E bus.Event](of func(E) []string) rule {
	var none E
	return rule{
		event: none.EventName(),
		of: func(ev bus.Event) ([]string, bool) {
			e, is := ev.(E)
			if !is {
				return nil, false
			}
			return of(e), true
		},
		decode: func(env bus.Envelope) ([]string, error) {
			e, err := bus.Decode[E](env)
			if err != nil {
				return nil, err
			}
			return of(e), nil
		},
	}
}

// Events names the events that void something.
func Events() (names []string) {
	for _, r := range rules {
		names = append(names, r.event)
	}
	return names
}

// Voided are the subjects that events void, each once.
func Voided(events []bus.Event) (subjects []string) {
	for _, ev := range events {
		for _, r := range rules {
			if of, is := r.of(ev); is {
				subjects = append(subjects, of...)
			}
		}
	}
	return sorted(subjects)
}

// VoidedBy are the subjects that a delivered event voids.
func VoidedBy(env bus.Envelope) (subjects []string, err error) {
	for _, r := range rules {
		if r.event == env.Name {
			return r.decode(env)
		}
	}
	return nil, nil
}
