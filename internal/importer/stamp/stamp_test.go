package stamp

import (
	"testing"
	"time"
)

func TestScan(t *testing.T) {
	t.Parallel()

	tests := []struct {
		line, want, rest string // want is empty if there is no header
	}{
		{"18/03/2022, 14:56 - Ana: x", "2022-03-18 14:56:00", "Ana: x"},
		{"[3/18/22, 2:56:01\u202fPM] Ana: x", "", ""}, // in another order
		{"\u200e[18/3/22, 2:56:01\u202fPM] Ana: x", "2022-03-18 14:56:01", "Ana: x"},
		{"18/3/22, 12:05 a. m. - Ana: x", "2022-03-18 00:05:00", "Ana: x"},
		{"18/3/22, 12:05 p.\u00a0m. - Ana: x", "2022-03-18 12:05:00", "Ana: x"},
		{"13.06.18 21.25.15: a: m", "2018-06-13 21:25:15", "a: m"},
		{"13. 6. 2018. 21:25:15 a: m", "2018-06-13 21:25:15", "a: m"},
		{"13.6.2018 klo 21.25 - a: m", "2018-06-13 21:25:00", "a: m"},
		{"18/3/2565 BE, 14:56 - Ana: x", "2022-03-18 14:56:00", "Ana: x"},
		{"[18/3/R4, 14:56:01] Ana: x", "2022-03-18 14:56:01", "Ana: x"},
		{"\u200f[\u200f١٨\u200f/٣\u200f/٢٠٢٢، ٢:٥٦:٠١ م] Ana: x", "2022-03-18 14:56:01", "Ana: x"},
		{"[3/6, 9:01 PM] Ben: hi", "", ""},
		{"18/03/2022", "", ""},
		{"18/03/2022, 25:00 - Ana: x", "", ""},
		{"18/03/2022, 13:00 PM - Ana: x", "", ""},
		{"32/03/2022, 13:00 - Ana: x", "", ""},
		{"30/02/2022, 13:00 - Ana: x", "", ""},
		{"18/03-2022, 13:00 - Ana: x", "", ""},
		{"1 of 3 is done", "", ""},
		{"", "", ""},
	}
	for _, tt := range tests {
		raw, rest, ok := Scan(tt.line)
		got := ""
		if at, err := raw.Time(DMY, time.UTC); ok && err == nil {
			got = at.Format(time.DateTime)
		}
		if got != tt.want || tt.want != "" && rest != tt.rest {
			t.Errorf("Scan(%q) = %q and %q, want %q and %q", tt.line, got, rest, tt.want, tt.rest)
		}
	}
}

func TestDecider(t *testing.T) {
	t.Parallel()

	tests := []struct {
		name  string
		dates []string
		want  Order
		wrong bool
	}{
		{"nothing", nil, Undecided, false},
		{"no date tells", []string{"3/4/18", "3/5/18"}, Undecided, false},
		{"a day above 12", []string{"3/4/18", "13/4/18"}, DMY, false},
		{"a day above 12 behind", []string{"3/4/18", "3/13/18"}, MDY, false},
		{"days that rise", []string{"1/2/18", "2/2/18", "1/3/18"}, DMY, false},
		{"months that rise", []string{"1/11/18", "1/12/18", "2/10/18"}, MDY, false},
		{"points", []string{"3.4.18"}, DMY, false},
		{"year first", []string{"2018/03/04"}, YMD, false},
		{"short year first", []string{"18/12/31", "19/01/14"}, YMD, false},
		{"contradiction", []string{"13/4/18", "4/13/18"}, Undecided, true},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()

			var d Decider
			for _, date := range tt.dates {
				raw, _, ok := Scan(date + ", 10:00 - x")
				if !ok {
					t.Fatalf("Scan(%q) finds no date", date)
				}
				d.See(raw)
			}
			if got, err := d.Order(); got != tt.want && !tt.wrong || (err != nil) != tt.wrong {
				t.Errorf("Order = %q, %v; want %q, wrong %t", got, err, tt.want, tt.wrong)
			}
		})
	}
}

func TestReadValue(t *testing.T) {
	t.Parallel()

	zone := time.FixedZone("", 2*60*60)
	tests := []struct{ value, want string }{
		{"2024-01-01T10:00:00Z", "2024-01-01T10:00:00Z"},
		{"2024-01-01T10:00:00.5+01:00", "2024-01-01T10:00:00.5+01:00"},
		{"2016-04-19 17:24:11", "2016-04-19T17:24:11+02:00"},
		{"19/04/2016 17:24", "2016-04-19T17:24:00+02:00"},
		{"1700000000", "2023-11-14T22:13:20Z"},
		{"1700000000.25", "2023-11-14T22:13:20.25Z"},
		{"1700000000123", "2023-11-14T22:13:20.123Z"},
		{"Mon, 02 Jan 2006 15:04:05 -0700", "2006-01-02T15:04:05-07:00"},
		{"Jan 2, 2006 3:04 PM", "2006-01-02T15:04:00+02:00"},
		{"12", ""},
		{"yesterday", ""},
		{"", ""},
	}
	for _, tt := range tests {
		got := ""
		if v, ok := ReadValue(tt.value); ok {
			at, err := v.Time(DMY, zone)
			if err != nil {
				t.Errorf("the time of %q: %v", tt.value, err)
			}
			got = at.Format(time.RFC3339Nano)
		}
		if got != tt.want {
			t.Errorf("ReadValue(%q) = %q, want %q", tt.value, got, tt.want)
		}
	}
}
