using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Segmentation;

/// <summary>Answers for N customers over K segments; matrices are flat, row after row.</summary>
/// <param name="Opinion">Of the classifier; empty when it was not requested.</param>
public sealed record Answers(
    string[] Segment, long[] Id, float[] Probabilities, bool[] Complete, double[] Distances, double[] Novelty,
    float[] Opinion);

/// <summary>The answer for one customer.</summary>
/// <param name="Enough">Whether what is known is enough for one label.</param>
/// <param name="Novelty">Null when no clustering column is known.</param>
public sealed record Answer(Segment Segment, float Probability, bool Complete, bool Enough, double? Novelty);

/// <summary>Answers for one model file; safe to share between threads.</summary>
public sealed class Segmenter : IDisposable
{
    internal const string OpinionOutput = "classifier_probabilities";
    private static readonly string[] Outputs =
        ["segment", "segment_id", "probabilities", "complete", "distances", "novelty"];
    private static readonly string[] OutputsAndOpinion = [.. Outputs, OpinionOutput];

    private readonly InferenceSession _session;

    public Contract Contract { get; }

    /// <summary>Opens a model file and reads its contract.</summary>
    public Segmenter(string model)
    {
        var isSealed = Seal.Check(model);
        using var options = new SessionOptions
        {
            IntraOpNumThreads = 1, // more threads spin and cost ten times the CPU for models this small
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        };
        _session = new InferenceSession(model, options);
        Contract = ReadContract();
        if (Contract.Sealed && !isSealed)
        {
            throw new InvalidDataException(
                $"the file '{model}' must end with its seal, but it does not: it was cut or changed after training");
        }
    }

    /// <summary>Answers for one customer; null, or a column left out, is unknown.</summary>
    /// <exception cref="InputException">For an unknown column or a value that is refused.</exception>
    public Answer Predict(IReadOnlyDictionary<string, object?> values)
    {
        object[][] rows = [Contract.Check(values)];
        return At(Ask(rows), 0, rows[0]);
    }

    /// <summary>Runs the graph for validated rows, in one call.</summary>
    public Answers Ask(IReadOnlyList<object[]> rows, bool opinion = false)
    {
        var inputs = Contract.Columns.Select((column, i) => Input(column.Name, column.IsCategory, rows, i)).ToArray();
        using var found = _session.Run(inputs, opinion ? OutputsAndOpinion : Outputs);
        var values = found.ToDictionary(value => value.Name);
        return new Answers(
            values["segment"].AsTensor<string>().ToArray(),
            values["segment_id"].AsTensor<long>().ToArray(),
            values["probabilities"].AsTensor<float>().ToArray(),
            values["complete"].AsTensor<bool>().ToArray(),
            values["distances"].AsTensor<double>().ToArray(),
            values["novelty"].AsTensor<double>().ToArray(),
            opinion ? values[OpinionOutput].AsTensor<float>().ToArray() : []);
    }

    /// <summary>The answer for the customer in a row, with the given cells.</summary>
    internal Answer At(Answers answers, int row, object[] cells)
    {
        var id = (int)answers.Id[row];
        var probability = answers.Probabilities[row * Contract.Segments.Count + id];
        var complete = answers.Complete[row];
        var known = cells.Any(cell => cell is not ("" or double.NaN));
        var novelty = answers.Novelty[row]; // NaN where no clustering column is known
        var likely = probability >= (float)Contract.Thresholds.AnswerProbability && !(novelty > 1);
        var enough = complete || (known && likely);
        return new Answer(Contract.Segments[id], probability, complete, enough, double.IsNaN(novelty) ? null : novelty);
    }

    public void Dispose() => _session.Dispose();

    /// <summary>Requests only the output "contract", for one customer with no known column.</summary>
    private Contract ReadContract()
    {
        var inputs = _session.InputMetadata.Select(input =>
        {
            var category = input.Value.ElementType == typeof(string);
            object[][] rows = [[category ? "" : double.NaN]];
            return Input(input.Key, category, rows, 0);
        });
        using var found = _session.Run(inputs.ToArray(), new[] { "contract" });
        return Contract.Parse(found.Single().AsTensor<string>().First());
    }

    private static NamedOnnxValue Input(string name, bool category, IReadOnlyList<object[]> rows, int column)
    {
        int[] shape = [rows.Count, 1];
        return category
            ? NamedOnnxValue.CreateFromTensor(
                name, new DenseTensor<string>(rows.Select(row => (string)row[column]).ToArray(), shape))
            : NamedOnnxValue.CreateFromTensor(
                name, new DenseTensor<double>(rows.Select(row => (double)row[column]).ToArray(), shape));
    }
}
