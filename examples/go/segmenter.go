package main

import (
	"fmt"
	"slices"

	ort "github.com/yalue/onnxruntime_go"
)

var outputs = []string{
	"segment", "segment_id", "probabilities", "complete", "distances", "novelty", "classifier_probabilities",
}

// Segmenter answers for one model file; it is safe to share between goroutines.
type Segmenter struct {
	Contract *Contract
	session  *ort.DynamicAdvancedSession
	oneRow   *oneRow // nil in a file without it
}

// Answers for N customers over K segments; matrices are flat, row after row. NaN: see the contract's outputs.
type Answers struct {
	Segment                                []string
	ID                                     []int64
	Probabilities, ClassifierProbabilities []float32
	Complete                               []bool
	Distances, Novelty                     []float64
}

// Answer about one customer. Enough: whether the answer is certain enough for one segment.
type Answer struct {
	Segment
	Probability      float32
	Complete, Enough bool
	Novelty          float64
	Distances        []float64 // NaN where a clustering column is unknown
}

// Load opens the model in library, the path of libonnxruntime.so, compares it with its seal and reads its contract.
func Load(library, model string) (*Segmenter, error) {
	sealed, err := checkSeal(model)
	if err != nil {
		return nil, err
	}
	if !ort.IsInitialized() {
		ort.SetSharedLibraryPath(library)
		if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
			return nil, err
		}
	}
	inputs, _, err := ort.GetInputOutputInfo(model)
	if err != nil {
		return nil, fmt.Errorf("the file '%s' must be an ONNX model: %w", model, err)
	}
	contract, err := readContract(model, inputs)
	if err != nil {
		return nil, err
	}
	if contract.Sealed && !sealed {
		return nil, fmt.Errorf("the file '%s' must end with its seal, but it does not: it was cut or changed after training", model)
	}
	session, err := open(model, inputs, outputs)
	if err != nil {
		return nil, err
	}
	oneRow, err := openOneRow(session, contract)
	return &Segmenter{Contract: contract, session: session, oneRow: oneRow}, err
}

func open(model string, inputs []ort.InputOutputInfo, outputs []string) (*ort.DynamicAdvancedSession, error) {
	options, err := sessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	names := make([]string, len(inputs))
	for i, input := range inputs {
		names[i] = input.Name
	}
	return ort.NewDynamicAdvancedSession(model, names, outputs, options)
}

func sessionOptions() (*ort.SessionOptions, error) {
	options, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	options.SetIntraOpNumThreads(1) // more threads spin and cost ten times the CPU for models this small
	options.SetInterOpNumThreads(1)
	return options, options.SetExecutionMode(ort.ExecutionModeSequential)
}

// readContract requests only the output "contract", for one customer with no known column.
func readContract(model string, inputs []ort.InputOutputInfo) (*Contract, error) {
	session, err := open(model, inputs, []string{"contract"})
	if err != nil {
		return nil, err
	}
	defer session.Destroy()
	unknown := &Contract{Columns: make([]Column, len(inputs))}
	for i, input := range inputs {
		if input.DataType == ort.TensorElementDataTypeString {
			unknown.Columns[i].Kind = "category"
		}
	}
	row := make([]Cell, len(inputs))
	for i := range row {
		row[i] = missing
	}
	values, err := run(session, unknown, [][]Cell{row}, 1)
	defer destroy(values)
	if err != nil {
		return nil, err
	}
	text, err := values[0].(*ort.StringTensor).GetElement(0)
	if err != nil {
		return nil, err
	}
	return parseContract(text)
}

// Predict answers for one customer; a column left out is unknown.
func (s *Segmenter) Predict(record Record) (*Answer, error) {
	row, err := s.Contract.Check(record)
	if err != nil {
		return nil, err
	}
	answers, err := s.answerOneRow(row)
	if answers == nil && err == nil {
		answers, err = s.Answer([][]Cell{row})
	}
	if err != nil {
		return nil, err
	}
	return answers.at(0, s.Contract, row), nil
}

// answerOneRow is the answer of the graph for one complete customer; nil where the whole graph must answer.
func (s *Segmenter) answerOneRow(row []Cell) (*Answers, error) {
	if s.oneRow == nil {
		return nil, nil
	}
	found, err := s.oneRow.answer(row)
	if found == nil || err != nil {
		return nil, err
	}
	k := len(s.Contract.Segments)
	probabilities := make([]float32, k)
	for i := range probabilities {
		probabilities[i] = float32(found[2+i])
	}
	id := int64(found[0])
	return &Answers{
		Segment: []string{s.Contract.Segments[id].Name}, ID: []int64{id}, Novelty: found[1:2],
		Probabilities: probabilities, Distances: found[2+k:], Complete: []bool{true},
	}, nil
}

// Answer runs the graph for rows that Check has validated, in one call.
func (s *Segmenter) Answer(rows [][]Cell) (*Answers, error) {
	values, err := run(s.session, s.Contract, rows, len(outputs))
	defer destroy(values)
	if err != nil {
		return nil, err
	}
	segments, err := values[0].(*ort.StringTensor).GetContents()
	return &Answers{
		Segment:                 segments,
		ID:                      values[1].(*ort.Tensor[int64]).GetData(),
		Probabilities:           values[2].(*ort.Tensor[float32]).GetData(),
		Complete:                values[3].(*ort.Tensor[bool]).GetData(),
		Distances:               values[4].(*ort.Tensor[float64]).GetData(),
		Novelty:                 values[5].(*ort.Tensor[float64]).GetData(),
		ClassifierProbabilities: values[6].(*ort.Tensor[float32]).GetData(),
	}, err
}

func (a *Answers) at(row int, contract *Contract, cells []Cell) *Answer {
	answer := &Answer{Segment: contract.Segments[a.ID[row]], Complete: a.Complete[row], Novelty: a.Novelty[row]}
	answer.Distances = a.Distances[row*len(contract.Segments) : (row+1)*len(contract.Segments)]
	answer.Probability = a.Probabilities[row*len(contract.Segments)+int(a.ID[row])]
	likely := answer.Probability >= float32(contract.Thresholds.AnswerProbability)
	alike := !(answer.Novelty > 1) // NaN where no clustering column is known
	answer.Enough = answer.Complete || likely && alike && slices.ContainsFunc(cells, Cell.known)
	return answer
}

func run(session *ort.DynamicAdvancedSession, contract *Contract, rows [][]Cell, outputs int) ([]ort.Value, error) {
	inputs := make([]ort.Value, len(contract.Columns))
	defer func() { destroy(inputs) }()
	for i, column := range contract.Columns {
		var err error
		if inputs[i], err = tensor(column.Kind, rows, i); err != nil {
			return nil, err
		}
	}
	values := make([]ort.Value, outputs) // nil: onnxruntime makes them
	return values, session.Run(inputs, values)
}

func tensor(kind string, rows [][]Cell, column int) (ort.Value, error) {
	shape := ort.NewShape(int64(len(rows)), 1)
	if kind != "category" {
		numbers := make([]float64, len(rows))
		for i, row := range rows {
			numbers[i] = row[column].Number
		}
		return ort.NewTensor(shape, numbers)
	}
	texts := make([]string, len(rows))
	for i, row := range rows {
		texts[i] = row[column].Text
	}
	tensor, err := ort.NewStringTensor(shape)
	if err == nil {
		err = tensor.SetContents(texts)
	}
	return tensor, err
}

func destroy(values []ort.Value) {
	for _, value := range values {
		if value != nil {
			value.Destroy()
		}
	}
}
