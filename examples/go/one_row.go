package main

import (
	"encoding/base64"
	"fmt"
	"math"
	"runtime"

	ort "github.com/yalue/onnxruntime_go"
)

const oneRowKey = "one_complete_row"

// oneRow is the file's graph for one customer of whom every clustering column is known: a third of the whole graph's
// time. It is safe to share between goroutines: each call takes memory of its own for input and output.
type oneRow struct {
	session *ort.DynamicAdvancedSession
	columns []Column
	width   int
	idle    chan *oneCall
}

type oneCall struct {
	values, answer *ort.Tensor[float64]
	binding        *ort.IoBinding
}

// openOneRow opens the graph in a file's metadata; nil in a file without it.
func openOneRow(whole *ort.DynamicAdvancedSession, contract *Contract) (*oneRow, error) {
	metadata, err := whole.GetModelMetadata()
	if err != nil {
		return nil, err
	}
	defer metadata.Destroy()
	text, present, err := metadata.LookupCustomMetadataMap(oneRowKey)
	if err != nil || !present {
		return nil, err
	}
	content, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, fmt.Errorf("the graph '%s' in the model file must be base64: %w", oneRowKey, err)
	}
	options, err := sessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	session, err := ort.NewDynamicAdvancedSessionWithONNXData(content, []string{"values"}, []string{"answer"}, options)
	width, idle := 2+2*len(contract.Segments), make(chan *oneCall, runtime.GOMAXPROCS(0))
	return &oneRow{session, contract.Columns, width, idle}, err
}

// answer gives id, novelty, K probabilities and K distances of a validated row; nil where the whole graph must answer.
func (o *oneRow) answer(row []Cell) ([]float64, error) {
	call, err := o.take()
	if err != nil {
		return nil, err
	}
	defer o.giveBack(call)
	values := call.values.GetData()
	for i := range o.columns {
		number, known := o.columns[i].number(row[i])
		if !known && o.columns[i].Role == "clustering" {
			return nil, nil
		}
		values[i] = number
	}
	if err := o.session.RunWithBinding(call.binding); err != nil {
		return nil, err
	}
	if math.IsNaN(call.answer.GetData()[1]) { // of a formula
		return nil, nil
	}
	return append([]float64(nil), call.answer.GetData()...), nil
}

func (o *oneRow) take() (*oneCall, error) {
	select {
	case call := <-o.idle:
		return call, nil
	default:
		return o.newCall()
	}
}

func (o *oneRow) giveBack(call *oneCall) {
	select {
	case o.idle <- call:
	default:
		call.destroy()
	}
}

func (o *oneRow) newCall() (*oneCall, error) {
	var call oneCall
	var err error
	if call.values, err = ort.NewTensor(ort.NewShape(int64(len(o.columns)), 1), make([]float64, len(o.columns))); err != nil {
		return nil, err
	}
	if call.answer, err = ort.NewTensor(ort.NewShape(1, int64(o.width)), make([]float64, o.width)); err != nil {
		return nil, err
	}
	if call.binding, err = o.session.CreateIoBinding(); err != nil {
		return nil, err
	}
	if err = call.binding.BindInput("values", call.values); err != nil {
		return nil, err
	}
	return &call, call.binding.BindOutput("answer", call.answer)
}

func (c *oneCall) destroy() {
	c.binding.Destroy()
	c.values.Destroy()
	c.answer.Destroy()
}
