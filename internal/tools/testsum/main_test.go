package main

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSummary_Counts(t *testing.T) {
	const input = `
{"Action":"start","Package":"a"}
{"Action":"run","Package":"a","Test":"TestOne"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"=== RUN   TestOne\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"    a_test.go:7: 5590 combinations\n"}
{"Action":"output","Package":"a","Test":"TestOne","Output":"    a_test.go:8: a detail\n"}
{"Action":"pass","Package":"a","Test":"TestOne/part","Elapsed":0.1}
{"Action":"pass","Package":"a","Test":"TestOne","Elapsed":0.1}
{"Action":"output","Package":"a","Test":"TestTwo/sql","Output":"    a_test.go:9: no database\n"}
{"Action":"skip","Package":"a","Test":"TestTwo/sql","Elapsed":0}
{"Action":"pass","Package":"a","Test":"TestTwo","Elapsed":0}
{"Action":"pass","Package":"a","Elapsed":1.5}
{"Action":"output","Package":"b","Test":"TestThree","Output":"    b_test.go:3: got 2, want 1\n"}
{"Action":"fail","Package":"b","Test":"TestThree","Elapsed":0}
{"Action":"output","Package":"b","Output":"FAIL\n"}
{"Action":"fail","Package":"b","Elapsed":0.2}
{"ImportPath":"c","Action":"build-output","Output":"c.go:1: undefined: x\n"}
{"Action":"fail","Package":"c","Elapsed":0}
{"Action":"skip","Package":"d","Elapsed":0}
`
	var out bytes.Buffer
	s := summary{out: &out, show: regexp.MustCompile(`\d+ combinations`)}
	require.NoError(t, s.read(strings.NewReader(input)))
	require.Equal(t, []int{2, 1, 1, 2}, []int{s.passed, s.failed, s.skipped, s.broken})
	require.Equal(t, `      TestOne: a_test.go:7: 5590 combinations
SKIP  a TestTwo/sql
    a_test.go:9: no database
ok    a: 2 passed, 1.5 s
FAIL  b TestThree
    b_test.go:3: got 2, want 1
FAIL  b
FAIL
c.go:1: undefined: x
FAIL  c
      d: no test files
`, out.String())
}

func TestSummary_RefusesOtherInput(t *testing.T) {
	s := summary{out: &bytes.Buffer{}}
	require.ErrorContains(t, s.read(strings.NewReader("ok  \ta\t0.1s\n")), "not the output of go test -json")
}
