// Package column has lists that are stored as one JSON array.
package column

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// List is stored as a JSON array, an empty one when there is none. gorm takes a
// plain list for a relation.
type List[T any] []T

// Value writes the list for the database.
func (l List[T]) Value() (driver.Value, error) {
	if l == nil {
		l = List[T]{}
	}
	raw, err := json.Marshal([]T(l))
	return string(raw), err
}

// Scan reads the list from the database.
func (l *List[T]) Scan(src any) error { return Scan(src, (*[]T)(l)) }

// Scan reads a JSON column.
func Scan(src, into any) error {
	switch v := src.(type) {
	case []byte:
		return json.Unmarshal(v, into)
	case string:
		return json.Unmarshal([]byte(v), into)
	case nil:
		return nil
	default:
		return fmt.Errorf("a JSON column came as %T", src)
	}
}
