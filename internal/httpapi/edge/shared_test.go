package edge

import (
	"testing"

	"github.com/turnwise/turnwise/internal/account"
)

// What answers share takes memory once, from the first of them to the last.
func TestSharedMemoryCountsOnce(t *testing.T) {
	t.Parallel()
	h := &Handler{admission: newAdmission(100)}
	answer := func() *Exchange { return &Exchange{h: h, Account: account.Account{ID: "ann"}} }
	shared, other := &Shared{}, &Shared{}
	var answers []*Exchange
	for range 3 {
		x := answer()
		if err := x.AdmitShared(shared, 40); err != nil {
			t.Fatal(err)
		}
		answers = append(answers, x)
	}
	for n, x := range answers {
		if err := answer().AdmitShared(other, 40); err == nil {
			t.Errorf("another one was admitted beside %d answers", 3-n)
		}
		x.giveBack()
	}
	if err := answer().AdmitShared(other, 40); err != nil {
		t.Errorf("another one after them: %v", err)
	}
}
