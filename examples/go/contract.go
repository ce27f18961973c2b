package main

import (
	"encoding/json"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Column is one input of the model, as the contract in the file describes it.
type Column struct {
	Name           string      `json:"name"`
	Label          string      `json:"label"`
	Aliases        []string    `json:"aliases"`
	Kind           string      `json:"kind"`
	Role           string      `json:"role"` // "clustering" decides the segment
	Unit           string      `json:"unit"`
	Range          *[2]float64 `json:"range"`
	HardRange      *bool       `json:"hard_range"` // nil is true
	MissingAllowed bool        `json:"missing_allowed"`
	Categories     []struct {
		Value   string   `json:"value"`
		Aliases []string `json:"aliases"`
	} `json:"categories"`
}

// Segment is one answer of the model.
type Segment struct {
	ID                 int
	Name, Tier, Action string
}

// Contract is the description of the model in its file.
type Contract struct {
	Format     int
	Name       string
	Sealed     bool // the file ends with its own SHA-256
	Columns    []Column
	Segments   []Segment
	Thresholds struct {
		AnswerProbability float64 `json:"answer_probability"`
	}
}

// Record holds one customer by column name: numbers, texts, nil for unknown.
type Record map[string]any

// Cell is a validated value. Missing is NaN in a number column, "" in a category.
type Cell struct {
	Number float64
	Text   string
}

var missing = Cell{Number: math.NaN()}

func (c Cell) known() bool { return c.Text != "" || !math.IsNaN(c.Number) }

func parseContract(text string) (*Contract, error) {
	var contract Contract
	if err := json.Unmarshal([]byte(text), &contract); err != nil {
		return nil, fmt.Errorf("the contract in the model file must be JSON: %w", err)
	}
	if contract.Format != 2 {
		return nil, fmt.Errorf("the contract must have format 2, but it has %d; train the model again", contract.Format)
	}
	return &contract, nil
}

// Check turns a record into a row in the order of the graph's inputs, or says what is wrong with it.
func (c *Contract) Check(record Record) ([]Cell, error) {
	row, given := make([]Cell, len(c.Columns)), 0
	for i := range c.Columns {
		value, present := record[c.Columns[i].Name]
		if present {
			given++
		}
		cell, refusal := c.Columns[i].check(value)
		if refusal != "" {
			return nil, fmt.Errorf("column '%s' %s", c.Columns[i].Name, refusal)
		}
		row[i] = cell
	}
	if given < len(record) {
		return nil, c.unknownColumn(record)
	}
	return row, nil
}

func (c *Contract) unknownColumn(record Record) error {
	names, known := make([]string, len(c.Columns)), map[string]bool{}
	for i, column := range c.Columns {
		names[i], known[column.Name] = column.Name, true
	}
	for name := range record {
		if !known[name] {
			return fmt.Errorf("unknown column '%s'; known: %s.", name, listed(names))
		}
	}
	return nil
}

func (c *Column) check(value any) (Cell, string) {
	text, isText := value.(string)
	number, isNumber := asNumber(value)
	switch {
	case value == nil || isNumber && math.IsNaN(number) || isText && c.Kind == "category" && strings.TrimSpace(text) == "":
		if !c.MissingAllowed {
			return missing, "must be given, but it is missing; fill it in"
		}
		return missing, ""
	case c.Kind == "category":
		return c.checkCategory(value, text, isText)
	case !isNumber:
		return missing, fmt.Sprintf("must be a number, but it is %s; give it without quotes, or leave it unknown", shown(value))
	case math.Abs(number) > math.MaxFloat32:
		return missing, fmt.Sprintf("must be a finite number in single precision, but it is %s; correct it", shown(value))
	case c.Range != nil && (c.HardRange == nil || *c.HardRange) && (number < c.Range[0] || number > c.Range[1]):
		limits := strings.TrimSpace(fmt.Sprintf("from %.6g to %.6g %s", c.Range[0], c.Range[1], c.Unit))
		return missing, fmt.Sprintf("must be %s, but it is %s; correct it or leave it unknown", limits, shown(value))
	}
	return Cell{Number: number}, ""
}

func (c *Column) checkCategory(value any, text string, isText bool) (Cell, string) {
	for i := range c.Categories {
		if isText && c.Categories[i].Value == text {
			return Cell{Number: math.NaN(), Text: text}, ""
		}
	}
	names := make([]string, len(c.Categories))
	for i, category := range c.Categories {
		names[i] = category.Value
		for _, spelling := range append([]string{category.Value}, category.Aliases...) {
			if isText && fold(spelling) == fold(text) {
				return Cell{Number: math.NaN(), Text: category.Value}, ""
			}
		}
	}
	return missing, fmt.Sprintf("must be one of %s, but it is %s; correct it or leave it unknown.", listed(names), shown(value))
}

// number is a validated cell as a number, a category as its position; 0 and false where it is unknown.
func (c *Column) number(cell Cell) (float64, bool) {
	if c.Kind != "category" {
		if math.IsNaN(cell.Number) {
			return 0, false
		}
		return cell.Number, true
	}
	for i := range c.Categories {
		if c.Categories[i].Value == cell.Text {
			return float64(i), true
		}
	}
	return 0, false
}

// FromText reads a value from a command line or a CSV cell, where everything is text.
func (c *Column) FromText(text string) any {
	trimmed := strings.TrimSpace(text)
	if trimmed == "" || strings.EqualFold(trimmed, "nan") {
		return nil
	}
	if c.Kind != "category" && strings.Trim(trimmed, "0123456789+-.eE") == "" {
		if number, err := strconv.ParseFloat(trimmed, 64); err == nil || math.IsInf(number, 0) {
			return number
		}
	}
	return text
}

func asNumber(value any) (float64, bool) {
	switch number := value.(type) {
	case float64:
		return number, true
	case float32:
		return float64(number), true
	case int:
		return float64(number), true
	case int64:
		return float64(number), true
	}
	return 0, false
}

// fold trims and takes the case away; Go's cases leave the sharp s of GRÖSSE and Größe as it is.
func fold(text string) string {
	return strings.ReplaceAll(strings.ToLower(strings.ToUpper(strings.TrimSpace(text))), "ß", "ss")
}

func listed(names []string) string {
	marked := make([]string, len(names))
	for i, name := range names {
		marked[i] = quoted(name)
	}
	return strings.Join(marked, ", ")
}

func quoted(text string) string {
	if strings.Contains(text, "'") && !strings.Contains(text, `"`) {
		return `"` + text + `"`
	}
	return "'" + text + "'"
}

func shown(value any) string {
	text := fmt.Sprint(value)
	switch given := value.(type) {
	case string:
		text = quoted(given)
	case float64:
		format := byte('f')
		if math.Abs(given) >= 1e16 {
			format = 'e'
		}
		text = strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(given, format, -1, 64), "+"))
	}
	if letters := []rune(text); len(letters) > 60 {
		return string(letters[:57]) + "..."
	}
	return text
}
