package graphsim

import "encoding/json"

// condition is one entry of a filtering parameter.
type condition struct {
	Field    string          `json:"field"`
	Operator string          `json:"operator"`
	Value    json.RawMessage `json:"value"`
}

// parseFiltering reads a filtering parameter: the text of a JSON list of conditions.
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

// text returns the value of a condition that is a string or a number.
func (f condition) text() string {
	s, _ := scalarText(f.Value)
	return s
}
