package db

import "gorm.io/gorm"

// One reads the first row of a query; gorm.ErrRecordNotFound, which NotFound
// knows, when there is none. T is a struct or a type of the language's own:
// gorm counts no row for a named one, such as a Role.
func One[T any](query *gorm.DB) (row T, err error) {
	res := query.Scan(&row)
	if res.Error == nil && res.RowsAffected == 0 {
		return row, gorm.ErrRecordNotFound
	}
	return row, res.Error
}
