package webhooks_test

import (
	"testing"

	"github.com/turnwise/turnwise/internal/cli/clitest"
)

// TestCommands checks what each command sends and prints.
func TestCommands(t *testing.T) {
	t.Parallel()

	const (
		delivery = "delivery  j_1_5d41402a\nstatus    scheduled\nstate     dead, halted\nurl       https://a.example/\nwhen      2026-03-01T10:00:00.000Z\n" +
			"ATTEMPT  AT                        OUTCOME  CODE  DNS     CONNECT  TLS     FIRST BYTE  TOTAL   ERROR\n" +
			"1        2026-03-01T10:00:00.000Z  dead     410   0.5 ms  1.0 ms   2.0 ms  3.0 ms      4.2 ms  gone\n"
		deliveries = "ID            STATUS     STATE                WHEN                      WHY\n" +
			"j_1_5d41402a  scheduled  pending, sent again  2026-03-01T10:00:00.000Z  -\nmore: --cursor c\n"
		endpoint = "ID   ORIGIN                 STATE                                 WAITING  IN FLIGHT  DEAD  RATE  OLDEST DUE\n" +
			"e-1  https://a.example:443  open, asked 2026-03-01T10:00:00.000Z  7        1          3     50/s  -\n"
		resend = "resend r-1 is running: 5 sent again, 6 left, 20 a second\n"
	)
	clitest.Check(t, []clitest.Case{
		{Name: "deliveries", Args: []string{"webhooks", "deliveries", "--dead", "--endpoint", "e-1", "--limit", "3"}, Stdout: deliveries},
		{Name: "delivery", Args: []string{"webhooks", "delivery", "j_1"}, Stdout: delivery},
		{Name: "endpoints", Args: []string{"webhooks", "endpoints"}, Stdout: endpoint},
		{Name: "pause", Args: []string{"webhooks", "pause", "e-1"}, Stdout: endpoint},
		{Name: "resume", Args: []string{"webhooks", "resume", "e-1"}, Stdout: endpoint},
		{Name: "one", Args: []string{"webhooks", "resend", "j_1"}, Stdout: delivery},
		{
			Name: "many", Args: []string{"webhooks", "resend", "--endpoint", "e-1", "--since", "2026-05-01T00:00:00Z", "--rate", "20"},
			Bodies: []string{`{"endpointId":"e-1","since":"2026-05-01T00:00:00Z","rate":20}`}, Stdout: resend,
		},
		{Name: "all", Args: []string{"webhooks", "resend", "--all"}, Bodies: []string{`{}`}, Stdout: resend},
		{
			Name: "resends", Args: []string{"webhooks", "resends"},
			Stdout: "ID   STATE    ENDPOINT  RATE  SENT  SINCE WHEN\nr-1  running  e-1       20    5     2026-03-01T10:00:00.000Z\n",
		},
		{Name: "resend", Args: []string{"webhooks", "resends", "r-1"}, Stdout: resend},
		{Name: "cancel", Args: []string{"webhooks", "cancel", "r-1"}, Stdout: resend},
		{Name: "purge", Args: []string{"webhooks", "purge", "e-1", "--before", "2026-05-01T00:00:00Z"}, Stdout: "dropped 3, others are left: repeat the command\n"},
		{Name: "test", Args: []string{"webhooks", "test", "https://a.example/"}, Bodies: []string{`{"url":"https://a.example/"}`}, Stdout: delivery},
	})
}
