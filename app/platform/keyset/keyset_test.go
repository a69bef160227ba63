package keyset

import (
	"math"
	"strings"
	"testing"

	"github.com/google/uuid"
)

func TestEncode_comesBack(t *testing.T) {
	for _, order := range []uint64{0, 1, math.MaxUint64, 1 << 63} {
		id := uuid.New()
		gotOrder, gotID, ok := Decode(Encode(order, id))
		if !ok || gotOrder != order || gotID != id {
			t.Errorf("%d, %s came back as %d, %s, %t", order, id, gotOrder, gotID, ok)
		}
	}
	if s := Encode(7, uuid.Nil); s != "" {
		t.Errorf("the beginning is %q", s)
	}
}

func TestDecode_hostile(t *testing.T) {
	for _, s := range []string{"", "x", strings.Repeat("A", 31), strings.Repeat("A", 33), strings.Repeat("!", 32), strings.Repeat("\x00", 32), strings.Repeat("é", 16)} {
		if _, _, ok := Decode(s); ok {
			t.Errorf("%q was read", s)
		}
	}
}
