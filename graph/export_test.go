package graph

// CodeRow is a row of the table of codes, for its test.
type CodeRow struct {
	Code, Sub      int
	Kind           Kind
	Advice, Source string
}

// Codes returns the table.
func Codes() []CodeRow {
	rows := make([]CodeRow, 0, len(codes))
	for _, r := range &codes {
		rows = append(rows, CodeRow{r.code, r.sub, r.kind, r.advice, r.source})
	}
	return rows
}

// ParseUsage reads the two usage headers.
var ParseUsage = parseUsage

// EncodeQuery writes parameters in the form of a URL.
var EncodeQuery = encodeQuery
