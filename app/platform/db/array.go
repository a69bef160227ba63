package db

import (
	"strings"

	"github.com/google/uuid"
)

// Array writes ids as PostgreSQL reads an array, for cast(? as uuid[]): one
// parameter however many they are, where a list may hold 65,535 at most.
func Array(ids []uuid.UUID) string {
	return "{" + strings.Join(uuid.UUIDs(ids).Strings(), ",") + "}"
}
