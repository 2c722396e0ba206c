package graphsim

import "encoding/json"

// condition is one object of a filtering parameter.
type condition struct {
	Field    string          `json:"field"`
	Operator string          `json:"operator"`
	Value    json.RawMessage `json:"value"`
}

// parseFiltering reads a filtering parameter: a JSON list, as text, of conditions.
func parseFiltering(text string) ([]condition, *apiError) {
	if text == "" {
		return nil, nil
	}
	var list []condition
	if err := json.Unmarshal([]byte(text), &list); err != nil {
		return nil, errParam("Param filtering must be an array of {field, operator, value}")
	}
	for _, f := range list {
		if f.Field == "" || f.Operator == "" || f.Value == nil {
			return nil, errParam("Param filtering[0] must have field, operator and value")
		}
	}
	return list, nil
}

// text reads a condition's value as a string, number or single-element list.
func (f condition) text() string {
	s, _ := scalarText(f.Value)
	return s
}
