// Command testsum reads the output of go test -json and prints what a reader of
// a log needs: a line for each package, the whole output of tests that failed,
// the names of tests that were skipped, and the log lines that match -show.
//
//	go test -json ./... | testsum -name root -totals totals.txt -show '[0-9]+ calls'
//
// It counts test functions, examples and fuzz targets; a subtest belongs to its
// test. Only skips are counted at every level, because a test whose only subtest
// was skipped counts as passed for the go command. With -totals it appends the
// counts to a file, one line a run: passed, failed, skipped and the name, separated
// by tabs. It exits with 1 if a test or a package failed.
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"regexp"
	"strings"
)

// event is one line of go test -json; see "go doc test2json".
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64
	Output  string
}

func main() {
	name := flag.String("name", "tests", "name of the run in the totals")
	totals := flag.String("totals", "", "file that the counts are appended to")
	show := flag.String("show", "", "regular expression of log lines that are printed although their test passed")
	flag.Parse()
	if err := run(*name, *totals, *show); err != nil {
		fmt.Fprintln(os.Stderr, "testsum:", err)
		os.Exit(1)
	}
}

func run(name, totals, show string) error {
	s := summary{out: os.Stdout}
	if show != "" {
		pattern, err := regexp.Compile(show)
		if err != nil {
			return err
		}
		s.show = pattern
	}
	if err := s.read(os.Stdin); err != nil {
		return err
	}
	if totals != "" {
		file, err := os.OpenFile(totals, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(file, "%d\t%d\t%d\t%s\n", s.passed, s.failed, s.skipped, name)
		if closeErr := file.Close(); err == nil {
			err = closeErr
		}
		if err != nil {
			return err
		}
	}
	if s.failed > 0 || s.broken > 0 {
		return fmt.Errorf("%d tests and %d packages failed", s.failed, s.broken)
	}
	return nil
}

// summary is what was read so far. A package that does not build, or that ends
// outside of a test, is broken.
type summary struct {
	out                             io.Writer
	show                            *regexp.Regexp
	passed, failed, skipped, broken int
	output                          map[string][]string // of tests that run, by package and test
	count                           map[string]int      // tests that passed, by package
}

func (s *summary) read(r io.Reader) error {
	s.output, s.count = map[string][]string{}, map[string]int{}
	decoder := json.NewDecoder(r)
	for {
		var e event
		switch err := decoder.Decode(&e); {
		case err == io.EOF:
			return nil
		case err != nil:
			return fmt.Errorf("the input is not the output of go test -json: %w", err)
		}
		s.event(e)
	}
}

func (s *summary) event(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output":
		s.output[key] = append(s.output[key], e.Output)
	case "build-output": // of a package that does not compile: always an error
		fmt.Fprint(s.out, e.Output)
	case "pass", "fail", "skip":
		if e.Test == "" {
			s.packageEnded(e, s.output[key])
		} else {
			s.testEnded(e, s.output[key])
		}
		delete(s.output, key)
	}
}

func (s *summary) testEnded(e event, output []string) {
	top := !strings.Contains(e.Test, "/")
	switch e.Action {
	case "pass":
		if top {
			s.passed++
			s.count[e.Package]++
		}
		s.logs(e, output)
	case "skip":
		s.skipped++
		fmt.Fprintf(s.out, "SKIP  %s %s\n%s", e.Package, e.Test, strings.Join(output, ""))
	case "fail":
		if top {
			s.failed++
		}
		fmt.Fprintf(s.out, "FAIL  %s %s\n%s", e.Package, e.Test, strings.Join(output, ""))
	}
}

// logs prints the log lines of a test that match s.show.
func (s *summary) logs(e event, output []string) {
	if s.show == nil {
		return
	}
	for _, line := range output {
		text := strings.TrimSpace(line)
		if !strings.HasPrefix(text, "=== ") && !strings.HasPrefix(text, "--- ") && s.show.MatchString(text) {
			fmt.Fprintf(s.out, "      %s: %s\n", e.Test, text)
		}
	}
}

func (s *summary) packageEnded(e event, output []string) {
	switch e.Action {
	case "pass":
		cached := ""
		if strings.Contains(strings.Join(output, ""), "(cached)") {
			cached = ", cached"
		}
		fmt.Fprintf(s.out, "ok    %s: %d passed, %.1f s%s\n", e.Package, s.count[e.Package], e.Elapsed, cached)
	case "skip":
		fmt.Fprintf(s.out, "      %s: no test files\n", e.Package)
	case "fail":
		s.broken++
		fmt.Fprintf(s.out, "FAIL  %s\n%s", e.Package, strings.Join(output, ""))
	}
}
