package main

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// row is one figure of a work, for both sides.
type row struct {
	work, figure, raw, sdk, ratio, limit, mark string
}

// table holds the results, and prints them as Markdown.
type table struct{ rows []row }

// ratio adds a figure whose limit is a multiple of the other side's figure. A limit
// of 0 means no limit.
func (t *table) ratio(work, figure string, sdk, raw, limit float64, format func(float64) string) {
	r := row{work: work, figure: figure, raw: format(raw), sdk: format(sdk), ratio: fmt.Sprintf("%.2fx", sdk/raw)}
	if limit > 0 {
		r.limit, r.mark = fmt.Sprintf("%.2fx", limit), mark(sdk <= limit*raw)
	}
	t.rows = append(t.rows, r)
}

// atMost adds a figure with an absolute limit.
func (t *table) atMost(work, figure string, sdk, raw, limit float64, format func(float64) string) {
	t.rows = append(t.rows, row{
		work: work, figure: figure, raw: format(raw), sdk: format(sdk),
		limit: format(limit), mark: mark(sdk <= limit),
	})
}

// note adds a figure without a limit, for one side only.
func (t *table) note(work, figure, sdk string) {
	t.rows = append(t.rows, row{work: work, figure: figure, sdk: sdk})
}

func mark(within bool) string {
	if within {
		return "pass"
	}
	return "OVER"
}

func (t *table) print(w io.Writer) {
	columns := [][]string{{"work"}, {"figure"}, {"net/http"}, {"wagraph"}, {"ratio"}, {"limit"}, {""}}
	last := ""
	for _, r := range t.rows {
		work := r.work
		if work == last {
			work = ""
		}
		last = r.work
		for i, text := range []string{work, r.figure, r.raw, r.sdk, r.ratio, r.limit, r.mark} {
			columns[i] = append(columns[i], text)
		}
	}
	for line := range columns[0] {
		for _, column := range columns {
			fmt.Fprintf(w, "| %-*s ", width(column), column[line])
		}
		fmt.Fprintln(w, "|")
		if line == 0 {
			for _, column := range columns {
				fmt.Fprintf(w, "|%s", strings.Repeat("-", width(column)+2))
			}
			fmt.Fprintln(w, "|")
		}
	}
}

func width(column []string) int {
	most := 0
	for _, text := range column {
		most = max(most, len(text))
	}
	return most
}

// The units of figures.
func count(v float64) string { return fmt.Sprintf("%.0f", v) }

func perAccount(v float64) string { return fmt.Sprintf("%.3f", v) }

func kib(v float64) string { return fmt.Sprintf("%.1f KiB", v/1024) }

func mib(v float64) string { return fmt.Sprintf("%.1f MiB", v/(1<<20)) }

func duration(v float64) string {
	switch d := time.Duration(v); {
	case d >= 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d >= time.Second:
		return fmt.Sprintf("%.2f s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.0f ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.1f us", float64(d)/float64(time.Microsecond))
	}
}
