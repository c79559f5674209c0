package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"maps"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// screenshots writes what the browser shows of each view into a directory, as in
// go test ./cmd/worker -run Browser -screenshots ../../docs/console.
var screenshots = flag.String("screenshots", "", "directory for pictures of the console")

const axeCore = "axe-core@4.14.1"

// lacks skips the test, or fails it where everything has to be there.
func lacks(t *testing.T, format string, args ...any) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatalf(format, args...)
	}
	t.Skipf(format, args...)
}

// A tab is a page of a real browser, which has written down what went wrong in it.
type tab struct {
	t   *testing.T
	ctx context.Context //nolint:containedctx // of the browser: it ends with the test
	axe string          // the script of axe-core

	mu       sync.Mutex
	troubles []string // messages of the console, and requests to other hosts
	host     string   // that requests may go to
	statuses map[string]int64
}

// newTab starts a browser without a window.
func newTab(t *testing.T, base string) *tab {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		lacks(t, "there is no Chromium; Debian has it as chromium")
	}
	address, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("disable-dev-shm-usage", true), chromedp.WSURLReadTimeout(waitLimit))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 8*waitLimit)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx, axe: axeScript(t), host: address.Host, statuses: map[string]int64{}}
	if err := chromedp.Listen(ctx, b.listen); err != nil {
		t.Fatalf("start the browser: %v", err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatalf("listen to the network of the browser: %v", err)
	}
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatalf("listen to the log of the browser: %v", err)
	}
	return b
}

// listen writes down what no page may do.
func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	note := func(format string, args ...any) { b.troubles = append(b.troubles, fmt.Sprintf(format, args...)) }
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		note("exception: %+v", *e.ExceptionDetails)
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "warning" {
			note("console: %s %s", e.Type, arguments(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == "error" || e.Entry.Level == "warning" {
			note("log: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err == nil && u.Host != b.host && u.Scheme != "data" {
			note("a request to another host: %s", e.Request.URL)
		}
	case *network.EventResponseReceived:
		b.statuses[e.Response.URL] = e.Response.Status
	}
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		words = append(words, string(a.Value)+a.Description)
	}
	return strings.Join(words, " ")
}

// do has the browser do something that it must be able to.
func (b *tab) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, waitLimit)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.dump(what)
		b.t.Fatalf("%s: %v", what, err)
	}
}

// dump logs what the page says.
func (b *tab) dump(what string) {
	ctx, cancel := context.WithTimeout(b.ctx, 2*time.Second)
	defer cancel()
	at, _ := chromedp.Run(ctx, chromedp.Location())
	text, _ := chromedp.Run(ctx, chromedp.Text("body"))
	b.mu.Lock()
	defer b.mu.Unlock()
	b.t.Logf("%s at %s, where it says\n%s\n%q", what, at, text, b.troubles)
}

// say waits until the page shows a text in a place, whichever page that is by then.
func (b *tab) say(place, text string) {
	b.t.Helper()
	look := chromedp.Evaluate[bool](fmt.Sprintf(`[...document.querySelectorAll(%q)].some(e => e.textContent.includes(%q))`, place, text))
	tick := time.NewTicker(25 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(waitLimit); ; <-tick.C {
		ctx, cancel := context.WithTimeout(b.ctx, waitLimit)
		found, err := chromedp.Run(ctx, look) // fails while a page gives way to another
		cancel()
		if err == nil && found {
			return
		}
		if time.Now().After(deadline) || b.ctx.Err() != nil {
			b.dump("wait for " + text + " in " + place)
			b.t.Fatalf("waited %v in vain for %q in %s (%v)", waitLimit, text, place, err)
		}
	}
}

// click clicks what a selector finds, and waits for the page that follows if there is one.
func (b *tab) click(selector string) {
	b.t.Helper()
	b.do("click "+selector, chromedp.Click(selector))
}

// get has the browser tell something that it must be able to tell.
func get[T any](b *tab, what string, action chromedp.Action[T]) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, waitLimit)
	defer cancel()
	v, err := chromedp.Run(ctx, action)
	if err != nil {
		b.dump(what)
		b.t.Fatalf("%s: %v", what, err)
	}
	return v
}

// mark marks the page, and marked reports whether it was not loaded anew since.
func (b *tab) mark() { get(b, "mark the page", chromedp.Evaluate[bool](`window.marked = true`)) }

func (b *tab) marked() bool {
	return get(b, "look for the mark", chromedp.Evaluate[bool](`window.marked === true`))
}

// A measure is what a page took to load.
type measure struct {
	Bytes  float64 `json:"bytes"`  // of all that was loaded, expanded
	Render float64 `json:"render"` // milliseconds until something was shown
	Width  float64 `json:"width"`  // of what is shown
}

// open goes to a page, and measures it.
func (b *tab) open(address string) measure {
	b.t.Helper()
	b.do("open "+address, chromedp.Navigate(address))
	return get(b, "measure "+address, chromedp.Evaluate[measure](`new Promise(done => new PerformanceObserver(painted => {
		const paint = painted.getEntriesByName("first-contentful-paint")[0];
		if (!paint) return;
		setTimeout(() => {
			const all = performance.getEntries().filter(e => e.entryType === "navigation" || e.entryType === "resource");
			done({bytes: all.reduce((sum, e) => sum + (e.decodedBodySize || 0), 0), render: paint.startTime, width: document.documentElement.scrollWidth});
		}, 50);
	}).observe({type: "paint", buffered: true}))`, chromedp.EvalAwaitPromise))
}

// look sets what the browser shows pages on.
func (b *tab) look(width, height int64, scheme string) {
	b.t.Helper()
	b.do("set the window", chromedp.EmulateViewport(width, height))
	features := emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if _, err := chromedp.Call(b.ctx, emulation.SetEmulatedMedia, features); err != nil {
		b.t.Fatalf("set the colours: %v", err)
	}
}

// checkAccess has axe-core look for what keeps people out: everything, or what some of
// its rules are about.
func (b *tab) checkAccess(view string, rules ...string) {
	b.t.Helper()
	type finding struct {
		ID     string `json:"id"`
		Impact string `json:"impact"`
		Help   string `json:"help"`
		Nodes  []struct {
			HTML    string `json:"html"`
			Summary string `json:"failureSummary"`
		} `json:"nodes"`
	}
	options := `{resultTypes: ["violations"]`
	if len(rules) > 0 {
		options += fmt.Sprintf(`, runOnly: {type: "rule", values: ["%s"]}`, strings.Join(rules, `", "`))
	}
	found := get(b, "check "+view, chromedp.Evaluate[[]finding](b.axe+`;axe.run(`+options+`}).then(r => r.violations)`, chromedp.EvalAwaitPromise))
	for _, v := range found {
		if v.Impact == "serious" || v.Impact == "critical" {
			b.t.Errorf("%s: %s finding %s, %s: %+v", view, v.Impact, v.ID, v.Help, v.Nodes)
		}
	}
}

// picture keeps what is shown, if that is wanted.
func (b *tab) picture(name string) {
	b.t.Helper()
	if *screenshots == "" {
		return
	}
	shot, err := png.Decode(bytes.NewReader(get(b, "take a picture", chromedp.CaptureScreenshot())))
	if err != nil {
		b.t.Fatal(err)
	}
	var small bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	if err := encoder.Encode(&small, fewColours(shot)); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, name+".png"), small.Bytes(), 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// fewColours returns a picture in the 128 colours of it that are seen most, which is
// enough for pages, and a fraction of the size.
func fewColours(whole image.Image) *image.Paletted {
	seen := map[color.Color]int{}
	bounds := whole.Bounds()
	for y := bounds.Min.Y; y < bounds.Max.Y; y++ {
		for x := bounds.Min.X; x < bounds.Max.X; x++ {
			seen[whole.At(x, y)]++
		}
	}
	all := slices.SortedFunc(maps.Keys(seen), func(a, b color.Color) int { return seen[b] - seen[a] })
	small := image.NewPaletted(bounds, all[:min(len(all), 128)])
	draw.Draw(small, bounds, whole, bounds.Min, draw.Src)
	return small
}

// forget drops the troubles so far, which the test has made itself, and checks what they
// are.
func (b *tab) forget(want string) {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, trouble := range b.troubles {
		if !strings.Contains(trouble, want) {
			b.t.Error(trouble)
		}
	}
	b.troubles = nil
}

// checkTroubles reports what no page may do.
func (b *tab) checkTroubles() {
	b.t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, trouble := range b.troubles {
		b.t.Error(trouble)
	}
}

// axeScript returns axe-core, from the npm registry or the cache of npm.
func axeScript(t *testing.T) string {
	t.Helper()
	npm, err := exec.LookPath("npm")
	if err != nil {
		lacks(t, "npm is not installed, which brings axe-core")
	}
	dir := t.TempDir()
	install := exec.CommandContext(t.Context(), npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", "--prefer-offline", "--prefix", dir, axeCore)
	if out, err := install.CombinedOutput(); err != nil {
		lacks(t, "axe-core could not be installed: %v\n%s", err, out)
	}
	script, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}
