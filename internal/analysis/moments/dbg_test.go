package moments_test

import (
	"bufio"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/turnwise/turnwise/internal/analysis/moments"
	"github.com/turnwise/turnwise/internal/analysis/words"
)

func TestDbg(t *testing.T) {
	f, err := os.Open(os.Getenv("DBG"))
	if err != nil {
		t.Skip()
	}
	fd := moments.New()
	sc := bufio.NewScanner(f)
	sc.Buffer(nil, 1<<20)
	ref := time.Date(2026, 6, 15, 10, 0, 0, 0, time.UTC)
	n := 0
	for sc.Scan() {
		s := sc.Text()
		for _, m := range fd.Find(nil, s, words.Split(nil, s), ref, 0) {
			n++
			fmt.Printf("%s [%s] %s %s%s~%s %.2f | …%s…\n", s[m.Start:m.End], m.Type, "", m.Value, m.From, m.To, m.Score, s[max(0, m.Start-25):min(len(s), m.End+20)])
		}
	}
	fmt.Println(n)
}
